// Notes that this browser keeps for one account, each sealed and with an end: what is in parcels, so that each manifest is
// read once and a received parcel still says what was in it (docs/decisions/0165-what-lists-say.md); links that were made,
// groups of recipients, and whom file requests were made for (docs/decisions/0168-links-and-groups-stay-in-the-browser.md).
//
// File names, addresses and a link's secret are on a disk that others may read: what is kept is sealed under a key that
// follows from the account's, nobody else finds it listed, and it goes when its time is over.
//
//   kept under   tag "-" name                  tag: 32 hexadecimal digits of HKDF-SHA256(secret, label "-tag")
//   note         iv(12) AES-256-GCM(JSON)      under HKDF-SHA256(secret, label); what it is kept under is authenticated
import type { AccountKeys } from '../crypto/core.ts';
import { fromUtf8, toHex, toUtf8 } from '../api/encoding.ts';
import type { BrowserDatabase } from './browser_database.ts';

const ivSize = 12;
const labels = {
  summaries: 'sealift/v1/browser-summaries',
  links: 'sealift/v1/browser-links',
  groups: 'sealift/v1/browser-groups',
  asked: 'sealift/v1/browser-asked',
} as const;
export type NoteKind = keyof typeof labels;

/** Sealed notes by what they are kept under. */
export interface KeptNotes {
  all(prefix: string): Promise<readonly (readonly [string, Uint8Array])[]>;
  put(name: string, sealed: Uint8Array): Promise<void>;
  remove(name: string): Promise<void>;
}

export interface NoteStore<Value> {
  /** All that still count at `now`; those whose time is over are removed. By name. */
  load(now: number): Promise<ReadonlyMap<string, Value>>;
  /** Until `expires`; instead of what had this name before. */
  keep(name: string, value: Value, expires: number): Promise<void>;
  remove(name: string): Promise<void>;
  /** All that still counts at `now` goes to the store of the same person's newer keys; none of it stays under these. */
  moveTo(newer: NoteStore<Value>, now: number): Promise<void>;
}

interface Note<Value> {
  readonly value: Value;
  readonly expires: number;
}

/** An account's, with what its former keys had: a thief of those reads nothing of it. */
export async function notesOf<Value>(kept: KeptNotes, keys: AccountKeys, kind: NoteKind, now: number): Promise<NoteStore<Value>> {
  const store = await notesUnder<Value>(kept, keys.signingSeed, kind);
  for (const { signingSeed } of keys.former) await (await notesUnder<Value>(kept, signingSeed, kind)).moveTo(store, now);
  return store;
}

/** Of the person who has this secret: an account's signing seed. */
export async function notesUnder<Value>(kept: KeptNotes, secret: Uint8Array, kind: NoteKind): Promise<NoteStore<Value>> {
  const material = await crypto.subtle.importKey('raw', Uint8Array.from(secret), 'HKDF', false, ['deriveBits', 'deriveKey']);
  const labelled = (label: string): HkdfParams => {
    return { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: Uint8Array.from(toUtf8(label)) };
  };
  const key = await crypto.subtle.deriveKey(labelled(labels[kind]), material, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  const tag = toHex(new Uint8Array(await crypto.subtle.deriveBits(labelled(`${labels[kind]}-tag`), material, 128)));
  return new SealedNoteStore<Value>(kept, key, `${tag}-`);
}

class SealedNoteStore<Value> implements NoteStore<Value> {
  readonly #kept: KeptNotes;
  readonly #key: CryptoKey;
  readonly #prefix: string;

  constructor(kept: KeptNotes, key: CryptoKey, prefix: string) {
    this.#kept = kept;
    this.#key = key;
    this.#prefix = prefix;
  }

  async load(now: number): Promise<ReadonlyMap<string, Value>> {
    const opened = new Map<string, Value>();
    for (const [name, sealed] of await this.#kept.all(this.#prefix)) {
      const found = await this.#open(name, sealed);
      if (found !== undefined && found.expires > now) opened.set(name.slice(this.#prefix.length), found.value);
      else await this.#kept.remove(name);
    }
    return opened;
  }

  async keep(name: string, value: Value, expires: number): Promise<void> {
    const place = this.#prefix + name;
    const iv = crypto.getRandomValues(new Uint8Array(ivSize));
    const text = toUtf8(JSON.stringify({ value, expires } satisfies Note<Value>));
    const sealed = await crypto.subtle.encrypt(this.#form(place, iv), this.#key, Uint8Array.from(text));
    await this.#kept.put(place, new Uint8Array([...iv, ...new Uint8Array(sealed)]));
  }

  async remove(name: string): Promise<void> {
    await this.#kept.remove(this.#prefix + name);
  }

  async moveTo(newer: NoteStore<Value>, now: number): Promise<void> {
    for (const [name, sealed] of await this.#kept.all(this.#prefix)) {
      const found = await this.#open(name, sealed);
      if (found !== undefined && found.expires > now) await newer.keep(name.slice(this.#prefix.length), found.value, found.expires);
      await this.#kept.remove(name);
    }
  }

  #form(name: string, iv: Uint8Array): AesGcmParams {
    return { name: 'AES-GCM', iv: Uint8Array.from(iv), additionalData: Uint8Array.from(toUtf8(name)) };
  }

  // What doesn't open was changed, or is of another version: it is as if it had never been kept.
  async #open(name: string, sealed: Uint8Array): Promise<Note<Value> | undefined> {
    try {
      const form = this.#form(name, sealed.subarray(0, ivSize));
      const text = await crypto.subtle.decrypt(form, this.#key, Uint8Array.from(sealed.subarray(ivSize)));
      return JSON.parse(fromUtf8(new Uint8Array(text))) as Note<Value>;
    } catch {
      return undefined;
    }
  }
}

export class MemoryNotes implements KeptNotes {
  readonly kept = new Map<string, Uint8Array>();

  all(prefix: string): Promise<readonly (readonly [string, Uint8Array])[]> {
    return Promise.resolve([...this.kept].filter(([name]) => name.startsWith(prefix)));
  }
  put(name: string, sealed: Uint8Array): Promise<void> {
    this.kept.set(name, sealed);
    return Promise.resolve();
  }
  remove(name: string): Promise<void> {
    this.kept.delete(name);
    return Promise.resolve();
  }
}

export class BrowserNotes implements KeptNotes {
  readonly #database: BrowserDatabase;

  constructor(database: BrowserDatabase) {
    this.#database = database;
  }

  all(prefix: string): Promise<readonly (readonly [string, Uint8Array])[]> {
    return this.#database.range<string, Uint8Array>('notes', IDBKeyRange.bound(prefix, `${prefix}~`));
  }
  put(name: string, sealed: Uint8Array): Promise<void> {
    return this.#database.put('notes', name, sealed);
  }
  remove(name: string): Promise<void> {
    return this.#database.remove('notes', name);
  }
}
