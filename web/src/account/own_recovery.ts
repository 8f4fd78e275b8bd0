// One's own recovery: dealt in shares when the account is made, and dealt again when what is there is weaker than it
// could be (src/client/account/own_recovery.h; docs/formats/account.md, Recovery).
import { toBase64 } from '../api/encoding.ts';
import type { NewSlot, OwnRecovery } from '../api/generated/types.ts';
import { SealiftError } from '../api/error.ts';
import type { AccountKeys, Core, Endorser } from '../crypto/core.ts';
import type { Account } from './account.ts';
import type { Officer } from './officers.ts';

const thresholdMin = 2;

/** How many officers have to agree, whatever the server says: two at least. */
export function recoveryThreshold(told: number | undefined): number {
  return Math.max(thresholdMin, told ?? 0);
}

/** each: every officer opens it alone, as clients of 0.1.0 made it; outdated: of older keys or officers. */
export type RecoveryNeed = 'nothing' | 'missing' | 'each' | 'outdated' | 'too_few';

export function recoveryNeed(own: OwnRecovery, generation: number): RecoveryNeed {
  const officers = new Set(own.officers.map((each) => each.account));
  const isCurrent = own.generation === generation && own.shared_with.every((each) => officers.has(each));
  if (own.has_slot && (own.shares_needed ?? 0) >= recoveryThreshold(own.threshold) && isCurrent) return 'nothing';
  if (officers.size < recoveryThreshold(own.threshold)) return 'too_few';
  if (!own.has_slot) return 'missing';
  return own.shares_needed === undefined ? 'each' : 'outdated';
}

/** Throws usage: there are fewer officers than `threshold`. */
export async function recoverySlot(
  core: Core,
  keys: AccountKeys,
  account: string,
  officers: readonly Officer[],
  threshold: number,
): Promise<NewSlot> {
  const recipients = officers.map((each) => each.recipient);
  const { slot, half, shares } = await core.dealRecovery(keys.keysFile, account, threshold, recipients);
  return {
    kind: 'recovery',
    generation: keys.generation,
    file: toBase64(slot),
    recovery: {
      half: toBase64(half),
      threshold,
      shares: shares.map((share, index) => ({ officer: officers[index]?.account ?? '', file: toBase64(share) })),
    },
  };
}

/**
 * In the place of the one that is there; their owner was shown the officers' keys. With `endorser`, what they bring back
 * can make the account's next keys, too; "" for without. Throws no_match: it doesn't endorse these keys.
 */
export async function renewRecovery(account: Account, officers: readonly Officer[], told: number, endorser: Endorser): Promise<void> {
  const { core, keys, record } = account;
  if (endorser !== '' && !(await account.isEndorsedBy(endorser))) throw new SealiftError('no_match', 'another paper key endorses');
  const keysFile = endorser === '' ? keys.keysFile : await core.withEndorsing(keys.keysFile, endorser, keys.address);
  const slot = await recoverySlot(core, { ...keys, keysFile }, record.id, officers, recoveryThreshold(told));
  await account.act('slot.add', { body: slot });
}
