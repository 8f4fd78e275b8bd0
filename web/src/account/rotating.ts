// rotateKeys: a new generation of an account's keys, published with the endorsement that correspondents ask for, and every
// way in sealed again, in one step of the server's (docs/decisions/0118; src/client/account/rotating.h).
import type { ApiClient } from '../api/client.ts';
import { fromBase64, toBase64 } from '../api/encoding.ts';
import { SealiftError } from '../api/error.ts';
import type { Key, NewSlot, Slot } from '../api/generated/types.ts';
import type { AccountKeys, Core, Endorser, TreeHead, Unlocking } from '../crypto/core.ts';
import type { Acting } from './acting.ts';
import type { Officer } from './officers.ts';

export interface RotationTools {
  readonly api: ApiClient;
  readonly core: Core;
  readonly keys: AccountKeys;
  readonly account: string;
  readonly acting: Acting;
  /** Of the login, in base64, judged. */
  readonly parameters: () => Promise<string>;
  /** Follows the log, to its newest state. */
  readonly followLog: () => Promise<TreeHead>;
  /** What has to countersign, base64, as the pins have it. */
  readonly endorsingKey: string | undefined;
}

export interface RotationWish {
  /** One that logs in. */
  readonly paperKey: string;
  readonly password: string;
  /** What endorses the present keys, where that one doesn't; "" for the same. */
  readonly endorser: Endorser;
  /** Who gets shares of the next keys, shown to their owner before; fewer than it takes get none. */
  readonly officers: readonly Officer[];
  /** How many of them it takes. */
  readonly threshold: number;
}

export interface Rotated {
  /** As published. */
  readonly key: Key;
  readonly next: AccountKeys;
}

/**
 * The keys in use stay those of this page: log in again. Throws no_match (password or paper key open no way in, or
 * something else endorses), malformed (a mistyped paper key), usage (a keys file that endorses nothing), conflict.
 */
export async function rotateKeys(tools: RotationTools, wish: RotationWish): Promise<Rotated> {
  const { core, keys, acting } = tools;
  const endorsedBy = wish.endorser === '' ? wish.paperKey : wish.endorser;
  const endorsing = toBase64(await core.endorsingKey(endorsedBy, keys.address));
  if (tools.endorsingKey !== undefined && tools.endorsingKey !== endorsing)
    throw new SealiftError('no_match', 'another paper key endorses the keys of this account');
  const password = await core.unlockWithPassword(wish.password, fromBase64(await tools.parameters()), keys.address);
  const paper = await core.unlockWithPaperKey(wish.paperKey, keys.address);
  await acting.follow();
  const ofPassword = await slotOpenedBy(tools, 'password', password);
  const ofPaper = await slotOpenedBy(tools, 'paper_key', paper);
  const next = await core.nextKeys(keys.keysFile);
  const key = await endorsedKey(tools, next, wish, endorsedBy);
  const slots = [await sealedAgain(core, ofPassword, next, password), await sealedAgain(core, ofPaper, next, paper)];
  await acting.call('account.rotate', { body: { key, slots } }, slots.map((each) => each.replacement));
  return { key, next };
}

async function slotOpenedBy(tools: RotationTools, kind: Slot['kind'], unlocking: Unlocking): Promise<Slot> {
  const { core, keys, acting } = tools;
  for (const slot of acting.slots) {
    if (slot.kind !== kind) continue;
    try {
      await core.openSlot(fromBase64(slot.file), unlocking.slotIdentity, keys.address);
      return slot;
    } catch (error) {
      if (!(error instanceof SealiftError) || error.code !== 'no_match') throw error;
    }
  }
  throw new SealiftError('no_match', 'the password or paper key is wrong');
}

async function endorsedKey(tools: RotationTools, next: AccountKeys, wish: RotationWish, endorsedBy: Endorser): Promise<Key> {
  const { core, keys, account } = tools;
  const { generation, recipient, signingKey } = next;
  const text = { account, generation, recipient, signingKey };
  const endorsing = await core.endorsingKey(wish.paperKey, keys.address);
  // Nothing that the old keys sign from here on counts.
  const end = await tools.followLog();
  const key: Key = {
    generation,
    recipient,
    signing_key: toBase64(signingKey),
    endorsement: toBase64(await core.endorse(text, keys.signingSeed)),
    endorsing_key: toBase64(endorsing),
    retirement: toBase64(await core.retire(text, end, next.signingSeed)),
  };
  if (tools.endorsingKey === undefined) return key;
  return { ...key, countersignature: toBase64(await core.countersign(text, endorsing, endorsedBy, keys.address)) };
}

async function sealedAgain(
  core: Core,
  slot: Slot,
  next: AccountKeys,
  unlocking: Unlocking,
): Promise<{ readonly slot: string; readonly expected_revision: number; readonly replacement: NewSlot }> {
  const file = toBase64(await core.sealSlot(next.keysFile, [unlocking.slotRecipient]));
  return { slot: slot.id, expected_revision: slot.revision, replacement: { kind: slot.kind, generation: next.generation, file } };
}

/** Hand-ins for links of the old keys would be sealed to those. */
export async function closeRequests(api: ApiClient, generation: number): Promise<void> {
  let before: string | undefined;
  do {
    const page = await api.call('request.list', before === undefined ? {} : { query: { before } });
    for (const each of page.requests)
      if (each.closed === undefined && each.generation < generation) await api.call('request.close', { path: { request: each.id } });
    before = page.next;
  } while (before !== undefined);
}
