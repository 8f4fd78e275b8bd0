// What a recovery officer does for somebody who lost every way in (docs/decisions/0083-getting-back-in.md;
// src/cli/verbs/recovery.cc): ask, and once others approved and the delay is over take the person's keys, for them to
// enter anew with.
import { fromBase64 } from '../api/encoding.ts';
import type { Recovery } from '../api/generated/types.ts';
import type { Account } from './account.ts';

/** Its owner is told. Throws not_found (no such account), conflict (one waits already). */
export async function askRecovery(account: Account, typedAddress: string): Promise<Recovery> {
  const found = await account.findKeys(typedAddress);
  return account.act('recovery.ask', { body: { account: found.account } });
}

export interface ReleasedKeys {
  /** The keys file; or the slot as it was given out, sealed. */
  readonly file: Uint8Array<ArrayBuffer>;
  readonly isOpened: boolean;
}

/**
 * The server gives the slot out once: what cannot be opened here is given back sealed, not lost. Throws
 * conflict (approvals or time are missing), malformed (no address).
 */
export async function releaseRecovery(account: Account, recovery: string, typedAddress: string): Promise<ReleasedKeys> {
  const address = await account.core.parseAddress(typedAddress);
  const { slot } = await account.act('recovery.release', { path: { recovery } });
  const sealed = fromBase64(slot.file);
  try {
    const keys = await account.core.openSlot(sealed, account.keys.identity, address);
    return { file: Uint8Array.from(keys.keysFile), isOpened: true };
  } catch {
    return { file: sealed, isOpened: false };
  }
}
