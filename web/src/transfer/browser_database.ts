// BrowserDatabase: the page's IndexedDB as promises. A write that resolves is on the disk, as far as the
// browser says so (durability "strict").
import { SealiftError } from '../api/error.ts';

const name = 'sealift';
// 2: sendings are sealed; what version 1 kept of them was not, and goes. 4: notes, which version 3 had of one kind.
const version = 4;
export type StoreName = 'sendings' | 'records' | 'pins' | 'notes';
const stores: readonly StoreName[] = ['sendings', 'records', 'pins', 'notes'];

export type RangeKey = readonly [string, number];

export class BrowserDatabase {
  readonly #database: IDBDatabase;

  private constructor(database: IDBDatabase) {
    this.#database = database;
  }

  /** Throws unsupported where the browser keeps nothing. */
  static async open(): Promise<BrowserDatabase> {
    try {
      const request = indexedDB.open(name, version);
      request.onupgradeneeded = ({ oldVersion }): void => {
        const stale: readonly string[] = oldVersion === 1 ? ['sendings', 'records'] : oldVersion === 3 ? ['summaries'] : [];
        for (const store of stale) request.result.deleteObjectStore(store);
        for (const store of stores)
          if (!request.result.objectStoreNames.contains(store)) request.result.createObjectStore(store);
      };
      return new BrowserDatabase(await settled(request));
    } catch {
      throw new SealiftError('unsupported', 'this browser keeps nothing');
    }
  }

  async get<Value>(store: StoreName, key: string): Promise<Value | undefined> {
    return (await settled(this.#store(store, 'readonly').get(key))) as Value | undefined;
  }

  keys(store: StoreName): Promise<IDBValidKey[]> {
    return settled(this.#store(store, 'readonly').getAllKeys());
  }

  put(store: StoreName, key: string | RangeKey, value: unknown): Promise<void> {
    return this.#write(store, (objects) => objects.put(value, key as IDBValidKey));
  }

  remove(store: StoreName, key: string): Promise<void> {
    return this.#write(store, (objects) => objects.delete(key));
  }

  removeRange(store: StoreName, range: IDBKeyRange): Promise<void> {
    return this.#write(store, (objects) => objects.delete(range));
  }

  /** In the order of their keys. */
  async range<Name extends string | RangeKey, Value>(store: StoreName, range: IDBKeyRange): Promise<readonly (readonly [Name, Value])[]> {
    const objects = this.#store(store, 'readonly');
    const [keys, values] = await Promise.all([settled(objects.getAllKeys(range)), settled(objects.getAll(range))]);
    return keys.map((key, place) => [key as unknown as Name, values[place] as Value]);
  }

  close(): void {
    this.#database.close();
  }

  #store(store: StoreName, mode: IDBTransactionMode): IDBObjectStore {
    return this.#database.transaction(store, mode, { durability: 'strict' }).objectStore(store);
  }

  #write(store: StoreName, change: (objects: IDBObjectStore) => IDBRequest): Promise<void> {
    return new Promise((resolve, reject) => {
      const objects = this.#store(store, 'readwrite');
      change(objects);
      const { transaction } = objects;
      transaction.oncomplete = (): void => resolve();
      transaction.onabort = (): void => {
        const isFull = transaction.error?.name === 'QuotaExceededError';
        reject(new SealiftError(isFull ? 'no_space' : 'io', 'the browser did not keep it'));
      };
    });
  }
}

function settled<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.onsuccess = (): void => resolve(request.result);
    request.onerror = (): void => reject(new SealiftError('io', 'the browser did not read it'));
  });
}
