// What a recovery officer does for somebody who lost every way in (docs/decisions/0083-getting-back-in.md;
// src/cli/verbs/recovery.cc): ask, approve with one's own share of the keys, and once others approved and the delay is
// over take the keys, for that person to get back in with.
import { fromBase64, toBase64 } from '../api/encoding.ts';
import { SealiftError } from '../api/error.ts';
import type { Recovery } from '../api/generated/types.ts';
import type { AccountKeys } from '../crypto/core.ts';
import type { Account } from './account.ts';
import { identitiesOf } from './generations.ts';
import { fingerprintText } from './key_finder.ts';

/** The shares are for this officer's key. Throws not_found (no such account), conflict (one waits already). */
export async function askRecovery(account: Account, typedAddress: string): Promise<Recovery> {
  const found = await account.findKeys(typedAddress);
  return account.act('recovery.ask', { body: { account: found.account, recipient: account.keys.recipient } });
}

/** What give() does, for a person to judge first. */
export interface Approval {
  /** Whose keys the share is of; "" where the recovery was not dealt in shares. */
  readonly address: string;
  /** Of the key that the share is for; "" for this officer's own. */
  readonly fingerprint: string;
  give(): Promise<void>;
}

/**
 * Throws not_found (no share was dealt to this officer), damaged (it isn't the account's owner's, or the recovery is of
 * another account).
 */
export async function prepareApproval(account: Account, recovery: Recovery): Promise<Approval> {
  const path = { recovery: recovery.id };
  if (recovery.in_shares !== true)
    return {
      address: '',
      fingerprint: '',
      give: async () => {
        await account.act('recovery.approve', { path });
      },
    };
  const to = recovery.recipient;
  if (recovery.share === undefined || to === undefined)
    throw new SealiftError('not_found', 'the owner dealt no share to this officer');
  const { core, keys } = account;
  const share = fromBase64(recovery.share);
  const { identity, opened: address } = await openWithAny(keys, (each) => core.ownerOfShare(share, each));
  const owner = await account.findKeys(address, 'verify');
  if (owner.account !== recovery.account) throw new SealiftError('damaged', 'the recovery is of another account than the share');
  const signingKeys = owner.keys.map((each) => fromBase64(each.signing_key));
  const sealed = await core.resealShare(share, identity, recovery.account, signingKeys, to);
  return {
    address,
    fingerprint: to === keys.recipient ? '' : await fingerprintText(core, to),
    give: async () => {
      await account.act('recovery.give_share', { path, body: { share: toBase64(sealed) } });
    },
  };
}

export interface ReleasedKeys {
  /** The keys file; or what was given out, sealed. */
  readonly file: Uint8Array<ArrayBuffer>;
  readonly isOpened: boolean;
}

/**
 * The server gives it out once: what cannot be opened here is given back sealed, not lost. Throws conflict (approvals
 * or time are missing), malformed (no address).
 */
export async function releaseRecovery(account: Account, recovery: string, typedAddress: string): Promise<ReleasedKeys> {
  const { core, keys } = account;
  const address = await core.parseAddress(typedAddress);
  const released = await account.act('recovery.release', { path: { recovery } });
  const { slot, half } = released;
  const sealed = fromBase64(slot.file);
  try {
    const shares = (released.shares ?? []).map((each) => fromBase64(each));
    const { opened } = await openWithAny<Pick<AccountKeys, 'keysFile'>>(keys, (identity) =>
      half === undefined
        ? core.openSlot(sealed, identity, address)
        : core.openRecovery(sealed, fromBase64(half), identity, address, shares),
    );
    return { file: Uint8Array.from(opened.keysFile), isOpened: true };
  } catch {
    const file = half === undefined ? sealed : new TextEncoder().encode(JSON.stringify(released));
    return { file: Uint8Array.from(file), isOpened: false };
  }
}

// A share lies with the server for years: it may be sealed to keys that this officer has replaced since.
async function openWithAny<T>(
  keys: AccountKeys,
  open: (identity: string) => Promise<T>,
): Promise<{ readonly identity: string; readonly opened: T }> {
  let failure: unknown;
  for (const identity of identitiesOf(keys)) {
    try {
      return { identity, opened: await open(identity) };
    } catch (error) {
      if (!(error instanceof SealiftError) || error.code !== 'no_match') throw error;
      failure ??= error;
    }
  }
  throw failure;
}
