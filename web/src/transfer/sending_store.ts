// Where unfinished sendings are kept: in the browser's database, for later visits; in memory for tests and
// for browsers that give no database. The browser's profile guards the secrets in it, as the home folder
// guards the command line's (docs/formats/sending.md).
import { SealiftError } from '../api/error.ts';
import type { BrowserDatabase } from './browser_database.ts';
import type { SendingStore, StoredSending, UnfinishedSending } from './types.ts';

const recordSize = 16;
const batchTextSize = 1024 * 1024;

function summary(key: string, state: StoredSending, recordBytes: number): UnfinishedSending {
  const { created, names, to, totalBytes } = state;
  const sentBytes = Math.min(totalBytes, (recordBytes / recordSize) * batchTextSize);
  return { key, created, names, to, totalBytes, sentBytes };
}

export class MemorySendingStore implements SendingStore {
  readonly #states = new Map<string, StoredSending>();
  readonly #records = new Map<string, Uint8Array>();
  readonly #held = new Set<string>();

  list(): Promise<readonly UnfinishedSending[]> {
    return Promise.resolve([...this.#states].map(([key, state]) => summary(key, state, this.#records.get(key)?.length ?? 0)));
  }
  load(key: string): Promise<StoredSending | undefined> {
    return Promise.resolve(this.#states.get(key));
  }
  begin(key: string, sending: StoredSending): Promise<void> {
    this.#states.set(key, sending);
    this.#records.set(key, new Uint8Array());
    return Promise.resolve();
  }
  save(key: string, sending: StoredSending): Promise<void> {
    this.#states.set(key, sending);
    return Promise.resolve();
  }
  appendRecords(key: string, from: number, records: Uint8Array): Promise<void> {
    const before = this.#records.get(key) ?? new Uint8Array();
    if (before.length !== from * recordSize) throw new SealiftError('internal', 'records come in order');
    const after = new Uint8Array(before.length + records.length);
    after.set(before);
    after.set(records, before.length);
    this.#records.set(key, after);
    return Promise.resolve();
  }
  readRecords(key: string): Promise<Uint8Array> {
    return Promise.resolve(this.#records.get(key)?.slice() ?? new Uint8Array());
  }
  remove(key: string): Promise<void> {
    this.#states.delete(key);
    this.#records.delete(key);
    return Promise.resolve();
  }
  async exclusively<T>(key: string, work: () => Promise<T>): Promise<T> {
    if (this.#held.has(key)) throw new SealiftError('conflict', 'this is being sent already');
    this.#held.add(key);
    try {
      return await work();
    } finally {
      this.#held.delete(key);
    }
  }
}

/** A journal is kept in pieces as they were appended: [key, number of the first record] -> records. */
export class BrowserSendingStore implements SendingStore {
  readonly #database: BrowserDatabase;

  constructor(database: BrowserDatabase) {
    this.#database = database;
  }

  async list(): Promise<readonly UnfinishedSending[]> {
    const keys = (await this.#database.keys('sendings')).map(String);
    const all = keys.map(async (key) => {
      const state = await this.load(key);
      return state === undefined ? [] : [summary(key, state, (await this.readRecords(key)).length)];
    });
    return (await Promise.all(all)).flat();
  }
  load(key: string): Promise<StoredSending | undefined> {
    return this.#database.get<StoredSending>('sendings', key);
  }
  async begin(key: string, sending: StoredSending): Promise<void> {
    await this.#database.removeRange('records', journalRange(key));
    await this.#database.put('sendings', key, sending);
  }
  save(key: string, sending: StoredSending): Promise<void> {
    return this.#database.put('sendings', key, sending);
  }
  appendRecords(key: string, from: number, records: Uint8Array): Promise<void> {
    return this.#database.put('records', [key, from], records.slice());
  }
  async readRecords(key: string): Promise<Uint8Array> {
    const pieces = await this.#database.range<Uint8Array>('records', journalRange(key));
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
  async remove(key: string): Promise<void> {
    await this.#database.remove('sendings', key);
    await this.#database.removeRange('records', journalRange(key));
  }
  async exclusively<T>(key: string, work: () => Promise<T>): Promise<T> {
    // In a box: what the lock's callback gives is awaited once more.
    const { result } = await navigator.locks.request(
      `sealift-sending-${key}`,
      { ifAvailable: true },
      async (lock) => {
        if (lock === null) throw new SealiftError('conflict', 'another tab sends this');
        return { result: await work() };
      },
    );
    return result;
  }
}

function journalRange(key: string): IDBKeyRange {
  return IDBKeyRange.bound([key, 0], [key, Number.MAX_SAFE_INTEGER]);
}
