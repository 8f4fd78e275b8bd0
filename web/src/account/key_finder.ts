// findKeys: whose key is whose, asked of a server that isn't believed (src/client/account/key_finder.h).
// A key counts when the log has the event that published it, the log is the one that this browser
// follows, the directory proves it to be the address's newest, and the key is the pinned one or follows from it by endorsements. What was found is pinned.
import { ApiClient, sleep } from '../api/client.ts';
import { fromBase64, fromUtf8, toHex } from '../api/encoding.ts';
import { SealiftError } from '../api/error.ts';
import type { DirectoryEntry, Key } from '../api/generated/types.ts';
import type { Core, TreeHead } from '../crypto/core.ts';
import { DirectoryWatch } from './directory_watch.ts';
import { LogWatch } from './log_watch.ts';
import { judgeKeys, type KeyPin, type Pins } from './pins.ts';
import { retirementOf } from './retired_keys.ts';

/** Somebody's keys, oldest generation first, all of them judged. */
export interface FoundKeys {
  readonly account: string;
  readonly keys: readonly Key[];
  /** By generation: the log at which the ones before it ended, as it says itself (retired_keys.ts). */
  readonly retirements: readonly (TreeHead | undefined)[];
  readonly newest: Key;
  /** Nothing was pinned before: compare fingerprints by telephone. */
  readonly isFirstSeen: boolean;
  /** Eight groups of four hexadecimal digits, for people. */
  readonly fingerprint: string;
}

// The log takes an event up within a fraction of a second.
const triesMax = 12;
const waitMs = 150;

/** What somebody signed has to stay verifiable when their account has ended; nothing is sealed to it. */
export type KeyUse = 'seal' | 'verify';

/**
 * Throws not_found (no such account, and none was ever seen), forbidden (to seal to: the account is suspended or
 * closed, its keys the ones that were pinned), damaged (the server contradicts itself or what was pinned), conflict.
 */
export async function findKeys(
  api: ApiClient,
  core: Core,
  pins: Pins,
  address: string,
  use: KeyUse = 'seal',
): Promise<FoundKeys> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await findOnce(api, core, pins, address, use);
    } catch (error) {
      const isTooEarly = error instanceof SealiftError && error.code === 'conflict';
      if (!isTooEarly || tried >= triesMax) throw error;
      await sleep(waitMs);
    }
  }
}

/** Looks again at those that were sealed to before: a key that was shown for one moment is found. Throws damaged. */
export async function checkAgain(api: ApiClient, core: Core, pins: Pins): Promise<void> {
  for (const address of Object.keys(pins.toCheckAgain)) {
    try {
      await findKeys(api, core, pins, address, 'verify');
      delete pins.toCheckAgain[address];
    } catch (error) {
      if (error instanceof SealiftError && error.code === 'damaged') throw error;
    }
  }
}

async function findOnce(api: ApiClient, core: Core, pins: Pins, address: string, use: KeyUse): Promise<FoundKeys> {
  const before = pins.keys[address];
  const { entries, lookup, isActive } = await history(api, address, before);
  const watch = new LogWatch(api, core, pins);
  for (const entry of entries) await checkLogged(core, watch, entry);
  const pin = await judgeKeys(core, before, entries);
  // Somebody who left or is suspended: their keys are still the ones that were seen.
  if (isActive) await new DirectoryWatch(api, core, pins).judge(lookup, address, entries);
  else if (use === 'seal')
    throw new SealiftError('forbidden', "this person's account is suspended or closed, and takes no parcels");
  pins.keys[address] = pin;
  if (use === 'seal') pins.toCheckAgain[address] = true;
  const newest = entries.at(-1)?.key;
  if (newest === undefined) throw new SealiftError('internal', 'judged keys are never none');
  const fingerprint = await fingerprintText(core, newest.recipient);
  if (before !== undefined && before.generation < pin.generation)
    pins.newKeys[address] = {
      endorsedBy: before.endorsingKey === undefined ? 'old_keys' : 'paper_key',
      fingerprint,
      generation: pin.generation,
      isRead: false,
    };
  return {
    account: pin.account,
    keys: entries.map((entry) => entry.key),
    retirements: await Promise.all(entries.map((entry) => retirementOf(core, entry))),
    newest,
    isFirstSeen: before === undefined,
    fingerprint,
  };
}

/** What people compare: SHA-256 of the recipient's text, its first 32 digits in groups of four. */
export async function fingerprintText(core: Core, recipient: string): Promise<string> {
  return inGroups(toHex(await core.fingerprint(recipient)).slice(0, 32));
}

/** As people compare it. */
export function inGroups(digits: string): string {
  return digits.replace(/(.{4})(?=.)/g, '$1 ');
}

interface History {
  readonly entries: readonly DirectoryEntry[];
  /** What proves them, of an active account. */
  readonly lookup: string | undefined;
  readonly isActive: boolean;
}

// Oldest first. The newest is asked for by address, the others by the account that it belongs to.
async function history(
  api: ApiClient,
  address: string,
  pin: KeyPin | undefined,
): Promise<History> {
  let newest: DirectoryEntry;
  try {
    newest = await api.call('directory.find', { body: { address } });
  } catch (error) {
    const isDenied = error instanceof SealiftError && error.code === 'not_found';
    if (!isDenied || pin === undefined) throw error;
    const { entries } = await api.call('directory.history', { path: { account: pin.account } });
    return { entries, lookup: undefined, isActive: false };
  }
  const { lookup } = newest;
  if (newest.key.generation === 1) return { entries: [newest], lookup, isActive: true };
  const { entries } = await api.call('directory.history', { path: { account: newest.account } });
  const last = entries.at(-1)?.key;
  const agrees =
    last?.generation === newest.key.generation &&
    last.recipient === newest.key.recipient &&
    last.signing_key === newest.key.signing_key;
  if (!agrees) throw new SealiftError('damaged', 'the directory contradicts itself');
  return { entries, lookup, isActive: true };
}

/** Throws conflict (the log does not say so yet), damaged: it has no event that published this entry. */
export async function checkLogged(core: Core, watch: LogWatch, entry: DirectoryEntry): Promise<void> {
  if (entry.proof === undefined || entry.salt === undefined || entry.statement === undefined)
    throw new SealiftError('conflict', "the log doesn't have the key yet");
  const statement = fromBase64(entry.statement);
  if (!(await publishes(core, statement, entry)))
    throw new SealiftError('damaged', "the log's event is of another key");
  await watch.acceptProof(entry.proof, fromBase64(entry.salt), statement);
}

/** Whether `statement`, a canonical event of the log, publishes just this entry. */
async function publishes(core: Core, statement: Uint8Array, entry: DirectoryEntry): Promise<boolean> {
  let event: unknown;
  try {
    event = JSON.parse(fromUtf8(statement));
  } catch {
    return false;
  }
  if (typeof event !== 'object' || event === null) return false;
  const digest = await core.directoryKeyDigest({
    account: entry.account,
    generation: entry.key.generation,
    recipient: entry.key.recipient,
    signingKey: fromBase64(entry.key.signing_key),
  });
  const has = (name: string, value: string): boolean => (event as Record<string, unknown>)[name] === value;
  return has('kind', 'key_published') && has('event', entry.event) && has('account', entry.account) && has('key', toHex(digest));
}
