// Where unfinished sendings are kept: in the browser's database, for later visits; in memory for tests and
// for browsers that give no database (docs/formats/sending.md).
//
// What is kept holds a parcel's file key and a link's secret, on a disk that others may read: it is sealed under a
// key that follows from the account's (an outsider's: from the request's link), and nobody else finds it listed.
//
//   kept under   tag "-" key                   tag: 32 hexadecimal digits of HKDF-SHA256(secret), by its own label
//   state        iv(12) AES-256-GCM(JSON)      under HKDF-SHA256(secret); what it is kept under is authenticated
//   records      of the seal journal, as they are: without the file key they say nothing
import { fromBase64, fromUtf8, toBase64, toHex, toUtf8 } from '../api/encoding.ts';
import { SealiftError } from '../api/error.ts';
import type { BrowserDatabase, RangeKey } from './browser_database.ts';
import type { SendingStore, SendingStores, StoredSending, UnfinishedSending } from './types.ts';

const recordSize = 16;
const batchTextSize = 1024 * 1024;
const ivSize = 12;

/** Sealed states and records by what they are kept under. Durable when a method returns. */
interface KeptSendings {
  names(): Promise<readonly string[]>;
  get(name: string): Promise<Uint8Array | undefined>;
  put(name: string, sealed: Uint8Array): Promise<void>;
  remove(name: string): Promise<void>;
  appendRecords(name: string, from: number, records: Uint8Array): Promise<void>;
  readRecords(name: string): Promise<Uint8Array>;
  removeRecords(name: string): Promise<void>;
  exclusively<T>(name: string, work: () => Promise<T>): Promise<T>;
}

class KeptSendingStores implements SendingStores {
  readonly #kept: KeptSendings;

  constructor(kept: KeptSendings) {
    this.#kept = kept;
  }

  async openedWith(secret: Uint8Array): Promise<SendingStore> {
    const material = await crypto.subtle.importKey('raw', Uint8Array.from(secret), 'HKDF', false, ['deriveBits', 'deriveKey']);
    const labelled = (label: string): HkdfParams => {
      return { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: Uint8Array.from(toUtf8(label)) };
    };
    const form = { name: 'AES-GCM', length: 256 };
    const key = await crypto.subtle.deriveKey(labelled('sealift/v1/browser-sendings'), material, form, false, ['encrypt', 'decrypt']);
    const tag = await crypto.subtle.deriveBits(labelled('sealift/v1/browser-sendings-tag'), material, 128);
    return new SealedSendingStore(this.#kept, key, toHex(new Uint8Array(tag)));
  }
}

class SealedSendingStore implements SendingStore {
  readonly #kept: KeptSendings;
  readonly #key: CryptoKey;
  readonly #tag: string;

  constructor(kept: KeptSendings, key: CryptoKey, tag: string) {
    this.#kept = kept;
    this.#key = key;
    this.#tag = tag;
  }

  async list(): Promise<readonly UnfinishedSending[]> {
    const prefix = this.#name('');
    const names = (await this.#kept.names()).filter((name) => name.startsWith(prefix));
    const all = names.map(async (name) => {
      const state = await this.#open(name);
      return state === undefined ? [] : [summary(name.slice(prefix.length), state, (await this.#kept.readRecords(name)).length)];
    });
    return (await Promise.all(all)).flat();
  }
  load(key: string): Promise<StoredSending | undefined> {
    return this.#open(this.#name(key));
  }
  async begin(key: string, sending: StoredSending): Promise<void> {
    await this.#kept.removeRecords(this.#name(key));
    await this.save(key, sending);
  }
  async save(key: string, sending: StoredSending): Promise<void> {
    const name = this.#name(key);
    const iv = crypto.getRandomValues(new Uint8Array(ivSize));
    const sealed = await crypto.subtle.encrypt(this.#form(name, iv), this.#key, Uint8Array.from(toUtf8(encode(sending))));
    await this.#kept.put(name, new Uint8Array([...iv, ...new Uint8Array(sealed)]));
  }
  appendRecords(key: string, from: number, records: Uint8Array): Promise<void> {
    return this.#kept.appendRecords(this.#name(key), from, records);
  }
  readRecords(key: string): Promise<Uint8Array> {
    return this.#kept.readRecords(this.#name(key));
  }
  async remove(key: string): Promise<void> {
    await this.#kept.remove(this.#name(key));
    await this.#kept.removeRecords(this.#name(key));
  }
  exclusively<T>(key: string, work: () => Promise<T>): Promise<T> {
    return this.#kept.exclusively(this.#name(key), work);
  }

  #name(key: string): string {
    return `${this.#tag}-${key}`;
  }
  #form(name: string, iv: Uint8Array): AesGcmParams {
    return { name: 'AES-GCM', iv: Uint8Array.from(iv), additionalData: Uint8Array.from(toUtf8(name)) };
  }
  // What doesn't open is nothing to go on with: it was changed, or is of another version.
  async #open(name: string): Promise<StoredSending | undefined> {
    const kept = await this.#kept.get(name);
    if (kept === undefined) return undefined;
    try {
      const form = this.#form(name, kept.subarray(0, ivSize));
      const text = await crypto.subtle.decrypt(form, this.#key, Uint8Array.from(kept.subarray(ivSize)));
      return decode(fromUtf8(new Uint8Array(text)));
    } catch {
      return undefined;
    }
  }
}

// Bytes as base64; a link's halves are absent where there is none.
interface EncodedSending extends Omit<StoredSending, 'fileKey' | 'nonce' | 'linkSecret' | 'serverHalf'> {
  readonly fileKey: string;
  readonly nonce: string;
  readonly linkSecret?: string;
  readonly serverHalf?: string;
}

function encode(sending: StoredSending): string {
  const { fileKey, nonce, linkSecret, serverHalf, ...rest } = sending;
  const encoded: EncodedSending = {
    ...rest,
    fileKey: toBase64(fileKey),
    nonce: toBase64(nonce),
    ...(linkSecret === undefined ? {} : { linkSecret: toBase64(linkSecret) }),
    ...(serverHalf === undefined ? {} : { serverHalf: toBase64(serverHalf) }),
  };
  return JSON.stringify(encoded);
}

function decode(text: string): StoredSending {
  const { fileKey, nonce, linkSecret, serverHalf, ...rest } = JSON.parse(text) as EncodedSending;
  return {
    ...rest,
    fileKey: fromBase64(fileKey),
    nonce: fromBase64(nonce),
    ...(linkSecret === undefined ? {} : { linkSecret: fromBase64(linkSecret) }),
    ...(serverHalf === undefined ? {} : { serverHalf: fromBase64(serverHalf) }),
  };
}

function summary(key: string, state: StoredSending, recordBytes: number): UnfinishedSending {
  const { owner, purpose, order, created, names, to, totalBytes } = state;
  const sentBytes = Math.min(totalBytes, (recordBytes / recordSize) * batchTextSize);
  return { key, owner, purpose, order, created, names, to, totalBytes, sentBytes };
}

export class MemorySendings implements KeptSendings {
  readonly states = new Map<string, Uint8Array>();
  readonly #records = new Map<string, Uint8Array>();
  readonly #held = new Set<string>();

  names(): Promise<readonly string[]> {
    return Promise.resolve([...this.states.keys()]);
  }
  get(name: string): Promise<Uint8Array | undefined> {
    return Promise.resolve(this.states.get(name));
  }
  put(name: string, sealed: Uint8Array): Promise<void> {
    this.states.set(name, sealed);
    return Promise.resolve();
  }
  remove(name: string): Promise<void> {
    this.states.delete(name);
    return Promise.resolve();
  }
  appendRecords(name: string, from: number, records: Uint8Array): Promise<void> {
    const before = this.#records.get(name) ?? new Uint8Array();
    if (before.length !== from * recordSize) throw new SealiftError('internal', 'records come in order');
    const after = new Uint8Array(before.length + records.length);
    after.set(before);
    after.set(records, before.length);
    this.#records.set(name, after);
    return Promise.resolve();
  }
  readRecords(name: string): Promise<Uint8Array> {
    return Promise.resolve(this.#records.get(name)?.slice() ?? new Uint8Array());
  }
  removeRecords(name: string): Promise<void> {
    this.#records.delete(name);
    return Promise.resolve();
  }
  async exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
    if (this.#held.has(name)) throw new SealiftError('conflict', 'this is being sent already');
    this.#held.add(name);
    try {
      return await work();
    } finally {
      this.#held.delete(name);
    }
  }
}

/** A journal is kept in pieces as they were appended: [name, number of the first record] -> records. */
class BrowserSendings implements KeptSendings {
  readonly #database: BrowserDatabase;

  constructor(database: BrowserDatabase) {
    this.#database = database;
  }

  async names(): Promise<readonly string[]> {
    return (await this.#database.keys('sendings')).map(String);
  }
  get(name: string): Promise<Uint8Array | undefined> {
    return this.#database.get<Uint8Array>('sendings', name);
  }
  put(name: string, sealed: Uint8Array): Promise<void> {
    return this.#database.put('sendings', name, sealed);
  }
  remove(name: string): Promise<void> {
    return this.#database.remove('sendings', name);
  }
  appendRecords(name: string, from: number, records: Uint8Array): Promise<void> {
    return this.#database.put('records', [name, from], records.slice());
  }
  async readRecords(name: string): Promise<Uint8Array> {
    const pieces = await this.#database.range<RangeKey, Uint8Array>('records', journalRange(name));
    let size = 0;
    for (const [[, from], records] of pieces) {
      // A gap: what follows it was never in force.
      if (from * recordSize !== size) break;
      size += records.length;
    }
    const journal = new Uint8Array(size);
    for (const [[, from], records] of pieces) if (from * recordSize < size) journal.set(records, from * recordSize);
    return journal;
  }
  removeRecords(name: string): Promise<void> {
    return this.#database.removeRange('records', journalRange(name));
  }
  async exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
    // In a box: what the lock's callback gives is awaited once more.
    const { result } = await navigator.locks.request(
      `sealift-sending-${name}`,
      { ifAvailable: true },
      async (lock) => {
        if (lock === null) throw new SealiftError('conflict', 'another tab sends this');
        return { result: await work() };
      },
    );
    return result;
  }
}

export function sendingsInMemory(kept: MemorySendings = new MemorySendings()): SendingStores {
  return new KeptSendingStores(kept);
}

export function sendingsInBrowser(database: BrowserDatabase): SendingStores {
  return new KeptSendingStores(new BrowserSendings(database));
}

function journalRange(name: string): IDBKeyRange {
  return IDBKeyRange.bound([name, 0], [name, Number.MAX_SAFE_INTEGER]);
}
