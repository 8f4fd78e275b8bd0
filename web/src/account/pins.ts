// Pins: what this browser saw of one server, and will not see taken back (docs/formats/account.md):
// the log's key and newest checkpoint, correspondents' keys, how passwords become keys. Values;
// a PinStore keeps them from one visit to the next.
import type { DirectoryEntry } from '../api/generated/types.ts';
import type { Core, DirectoryKey, SeenOrganisation } from '../crypto/core.ts';
import { fromBase64, fromHex, fromUtf8, toBase64 } from '../api/encoding.ts';
import { SealiftError } from '../api/error.ts';

export interface LogPin {
  readonly key: string;
  readonly origin: string;
  readonly size: number;
  /** base64 */
  readonly root: string;
  /** The checkpoint that says so: evidence, should another one contradict it. */
  readonly note: string;
  /** What may sign that the server's log goes back (restores.ts): as the server first named them. */
  readonly reopenKeys?: readonly string[];
  /** When the last restore that was accepted, or was known from the start, took place; milliseconds since 1970. */
  readonly restored?: number;
}

export interface KeyPin {
  readonly account: string;
  readonly generation: number;
  readonly recipient: string;
  /** base64 */
  readonly signingKey: string;
  /** base64: what has to countersign the next generation. Absent: there is none, or it wasn't seen yet. */
  readonly endorsingKey?: string;
}

export interface Pins {
  log?: LogPin;
  /** Of the directory's log. */
  directory?: LogPin;
  /** Of that log's entry 0, base64. */
  vrfKey?: string;
  /** By address. */
  keys: Record<string, KeyPin>;
  /** By address, base64. */
  loginParameters: Record<string, string>;
  /** By parcel: what the receipts of sent parcels are compared with (docs/formats/sending.md). */
  sent: Record<string, SentPin>;
  /** By account: the newest parcel that was sent to them from here. */
  lastSent: Record<string, string>;
  /** Parcels that were received here. */
  received: Record<string, true>;
  /** Addresses that were sealed to since the directory was last asked about them again. */
  toCheckAgain: Record<string, true>;
  /** By address: the newest act of one's own account. */
  acts: Record<string, ActPin>;
  /** By address: the newest keys that were followed. */
  newKeys: Record<string, NewKeys>;
  /** Whose key says who the recovery officers are. */
  organisation?: SeenOrganisation;
}

export interface ActPin {
  readonly revision: number;
  /** base64 */
  readonly digest: string;
}

/** Keys of somebody that were followed, for the reader to hear of. */
export interface NewKeys {
  /** By the old keys and a paper key; or by the old ones alone, which a thief of them could do too. */
  readonly endorsedBy: 'paper_key' | 'old_keys';
  readonly fingerprint: string;
  readonly generation: number;
  /** The reader has. */
  readonly isRead: boolean;
}

export interface SentPin {
  /** SHA-256 of the signed manifest, hexadecimal: only who opened the parcel knows it. */
  readonly manifest: string;
  /** The public key that proves the link, base64; "" for none. */
  readonly linkKey: string;
  /** The same of links that were made later, by link. */
  readonly laterLinkKeys?: Readonly<Record<string, string>>;
}

/** Merges what is saved with what is there: two tabs may have learnt at once. */
export interface PinStore {
  load(): Promise<Pins>;
  save(pins: Pins): Promise<void>;
}

export function emptyPins(): Pins {
  return {
    keys: Object.create(null) as Pins['keys'],
    loginParameters: Object.create(null) as Pins['loginParameters'],
    sent: Object.create(null) as Pins['sent'],
    lastSent: Object.create(null) as Pins['lastSent'],
    received: Object.create(null) as Pins['received'],
    toCheckAgain: Object.create(null) as Pins['toCheckAgain'],
    acts: Object.create(null) as Pins['acts'],
    newKeys: Object.create(null) as Pins['newKeys'],
  };
}

/**
 * Takes what `newer` knows beyond `pins`. Throws damaged, and takes nothing: both can't be true, so the server told
 * two tabs something else.
 */
export function mergePins(pins: Pins, newer: Pins): void {
  judgeMerge(pins, newer);
  const restored = pins.log === undefined ? 0 : restoredAt(pins.log);
  const newerRestored = newer.log === undefined ? restored : restoredAt(newer.log);
  if (newer.log !== undefined) pins.log = newerOf(pins.log, newer.log);
  if (newer.directory !== undefined) {
    pins.directory = newerOf(pins.directory, newer.directory);
    if (pins.vrfKey === undefined && newer.vrfKey !== undefined) pins.vrfKey = newer.vrfKey;
  }
  for (const [address, key] of Object.entries(newer.keys)) {
    const kept = pins.keys[address];
    const isFuller = kept?.generation === key.generation && kept.endorsingKey === undefined;
    if (kept === undefined || key.generation > kept.generation || isFuller) pins.keys[address] = key;
  }
  Object.assign(pins.loginParameters, newer.loginParameters);
  // An older visit's pins have no such fields.
  Object.assign(pins.sent, newer.sent as Pins['sent'] | undefined);
  Object.assign(pins.lastSent, newer.lastSent as Pins['lastSent'] | undefined);
  Object.assign(pins.received, newer.received as Pins['received'] | undefined);
  pins.toCheckAgain = { ...(newer.toCheckAgain as Pins['toCheckAgain'] | undefined) };
  for (const [address, told] of Object.entries((newer.newKeys as Pins['newKeys'] | undefined) ?? {})) {
    const kept = pins.newKeys[address];
    const isNews = kept === undefined || told.generation > kept.generation;
    if (isNews || (told.isRead && told.generation === kept.generation)) pins.newKeys[address] = told;
  }
  // What a restore that was accepted took back, another tab of before doesn't bring again.
  if (newerRestored > restored) pins.acts = {};
  const acts = newerRestored < restored ? {} : ((newer.acts as Pins['acts'] | undefined) ?? {});
  for (const [address, act] of Object.entries(acts)) {
    const kept = pins.acts[address];
    if (kept === undefined || act.revision > kept.revision) pins.acts[address] = act;
  }
  const { organisation } = newer;
  if (organisation !== undefined && organisation.number >= (pins.organisation?.number ?? 0)) pins.organisation = organisation;
}

function judgeMerge(pins: Pins, newer: Pins): void {
  if (contradict(pins.log, newer.log)) throw changed('the server showed another log to another tab');
  if (nameOthers(pins.log, newer.log)) throw changed('the server named other reopen keys to another tab');
  const isOtherMap = pins.vrfKey !== undefined && newer.vrfKey !== undefined && pins.vrfKey !== newer.vrfKey;
  if (contradict(pins.directory, newer.directory) || isOtherMap)
    throw changed('the server showed another directory to another tab');
  if (organisationsContradict(pins.organisation, newer.organisation))
    throw changed('the server named other recovery officers to another tab');
  for (const [address, key] of Object.entries(newer.keys)) {
    const kept = pins.keys[address];
    if (kept === undefined) continue;
    const isOther = kept.account !== key.account || (kept.generation === key.generation && !samePin(kept, key));
    if (isOther) throw changed('the server showed another key of somebody to another tab');
  }
  for (const [address, parameters] of Object.entries(newer.loginParameters))
    if ((pins.loginParameters[address] ?? parameters) !== parameters)
      throw changed('the server had a password hashed in two ways by two tabs');
}

function organisationsContradict(one: SeenOrganisation | undefined, other: SeenOrganisation | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  return one.key !== other.key || (one.number === other.number && one.digest !== other.digest);
}

function restoredAt(pin: LogPin): number {
  return pin.restored ?? 0;
}

// A log that was restored goes on from less, and to another tree.
function contradict(one: LogPin | undefined, other: LogPin | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  const isSameSize = restoredAt(one) === restoredAt(other) && one.size === other.size;
  return one.key !== other.key || (isSameSize && one.root !== other.root);
}

function nameOthers(one: LogPin | undefined, other: LogPin | undefined): boolean {
  if (one?.reopenKeys === undefined || other?.reopenKeys === undefined) return false;
  return one.reopenKeys.join('\n') !== other.reopenKeys.join('\n');
}

function newerOf(kept: LogPin | undefined, other: LogPin): LogPin {
  if (kept === undefined) return other;
  const isRestored = restoredAt(other) > restoredAt(kept);
  const isNewer = isRestored || (restoredAt(other) === restoredAt(kept) && other.size > kept.size);
  const reopenKeys = kept.reopenKeys ?? other.reopenKeys;
  return { ...(isNewer ? other : kept), ...(reopenKeys === undefined ? {} : { reopenKeys }) };
}

export function pinOf(entry: DirectoryEntry): KeyPin {
  const { generation, recipient, signing_key: signingKey } = entry.key;
  const endorsing = toldBy(entry, 'endorsing_key', 32);
  return { account: entry.account, generation, recipient, signingKey, ...(endorsing === undefined ? {} : { endorsingKey: toBase64(endorsing) }) };
}

// Out of the event that published the entry, which the log proves. Throws damaged.
export function toldBy(entry: DirectoryEntry, name: string, size: number): Uint8Array | undefined {
  if (entry.statement === undefined) return undefined;
  let event: unknown;
  try {
    event = JSON.parse(fromUtf8(fromBase64(entry.statement)));
  } catch {
    return undefined;
  }
  const told = typeof event === 'object' && event !== null ? (event as Record<string, unknown>)[name] : undefined;
  if (told === undefined) return undefined;
  if (typeof told !== 'string' || !/^[0-9a-f]+$/.test(told) || told.length !== 2 * size)
    throw changed("the log's event of a key is not in its form");
  return fromHex(told);
}

/** Whether both may be the same generation of the same keys. */
export function samePin(a: KeyPin, b: KeyPin): boolean {
  return (
    a.account === b.account &&
    a.generation === b.generation &&
    a.recipient === b.recipient &&
    a.signingKey === b.signingKey &&
    (a.endorsingKey === undefined || b.endorsingKey === undefined || a.endorsingKey === b.endorsingKey)
  );
}

/**
 * Whether `entries`, an account's keys oldest first, may follow what was pinned of it: the same
 * account, its pinned generation unchanged, each later one endorsed by the one before. Gives the
 * newest. Throws damaged.
 */
export async function judgeKeys(core: Core, pinned: KeyPin | undefined, entries: readonly DirectoryEntry[]): Promise<KeyPin> {
  const first = entries[0];
  const last = entries.at(-1);
  if (first === undefined || last === undefined) throw changed('the directory has no key any more');
  if (pinned !== undefined && first.account !== pinned.account)
    throw changed('the address belongs to another account than before');
  if (pinned !== undefined && last.key.generation < pinned.generation)
    throw changed('the directory went back to an older key');
  let before: KeyPin | undefined;
  for (const [place, entry] of entries.entries()) {
    if (entry.account !== first.account || entry.key.generation !== place + 1)
      throw changed('the directory leaves keys out');
    const here = pinOf(entry);
    if (pinned !== undefined && here.generation === pinned.generation) {
      if (!samePin(here, pinned)) throw changed('the key is not the one seen before');
      if (pinned.endorsingKey !== undefined && here.endorsingKey === undefined)
        throw changed('the event of the key is not the one seen before');
    }
    const isNew = pinned === undefined || here.generation > pinned.generation;
    if (before !== undefined && isNew && !(await isEndorsed(core, entry, before)))
      throw changed('the new key is not endorsed by the one before');
    if (before?.endorsingKey !== undefined && isNew && !(await isCountersigned(core, entry, before.endorsingKey)))
      throw changed("the new key is not countersigned by its owner's paper key");
    before = here;
  }
  return before ?? pinOf(last);
}

function directoryKeyOf(entry: DirectoryEntry): DirectoryKey {
  return {
    account: entry.account,
    generation: entry.key.generation,
    recipient: entry.key.recipient,
    signingKey: fromBase64(entry.key.signing_key),
  };
}

async function isEndorsed(core: Core, entry: DirectoryEntry, before: KeyPin): Promise<boolean> {
  if (entry.key.endorsement === undefined) return false;
  return core.isEndorsed(directoryKeyOf(entry), fromBase64(entry.key.endorsement), fromBase64(before.signingKey));
}

async function isCountersigned(core: Core, entry: DirectoryEntry, endorsingBefore: string): Promise<boolean> {
  const endorsing = toldBy(entry, 'endorsing_key', 32);
  const signature = toldBy(entry, 'countersignature', 64);
  if (endorsing === undefined || signature === undefined) return false;
  return core.isCountersigned(directoryKeyOf(entry), endorsing, signature, fromBase64(endorsingBefore));
}

function changed(text: string): SealiftError {
  return new SealiftError('damaged', text);
}
