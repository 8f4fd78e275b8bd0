// What is in parcels, as lists say it, kept in this browser so that each manifest is read once, and so that a received
// parcel still says what was in it (docs/decisions/0165-what-lists-say.md).
//
// File names are personal data on a disk that others may read: what is kept is sealed under a key that follows from the
// account's, nobody else finds it listed, and it goes when the parcel's time is over.
//
//   kept under   tag "-" parcel                tag: 32 hexadecimal digits of HKDF-SHA256(secret), by its own label
//   summary      iv(12) AES-256-GCM(JSON)      under HKDF-SHA256(secret); what it is kept under is authenticated
import { fromUtf8, toHex, toUtf8 } from '../api/encoding.ts';
import type { BrowserDatabase } from './browser_database.ts';
import type { ParcelSummary } from './sent_summary.ts';

const ivSize = 12;

/** Sealed summaries by what they are kept under. */
export interface KeptSummaries {
  all(prefix: string): Promise<readonly (readonly [string, Uint8Array])[]>;
  put(name: string, sealed: Uint8Array): Promise<void>;
  remove(name: string): Promise<void>;
}

export interface SummaryStore {
  /** All that still count at `now`; those whose time is over are removed. By parcel. */
  load(now: number): Promise<ReadonlyMap<string, ParcelSummary>>;
  /** Until the parcel expires. */
  keep(parcel: string, summary: ParcelSummary, expires: number): Promise<void>;
  /** All that still counts at `now` goes to the store of the same person's newer keys; none of it stays under these. */
  moveTo(newer: SummaryStore, now: number): Promise<void>;
}

interface Kept {
  readonly summary: ParcelSummary;
  readonly expires: number;
}

/** Of the person who has this secret: an account's signing seed. */
export async function summariesOf(kept: KeptSummaries, secret: Uint8Array): Promise<SummaryStore> {
  const material = await crypto.subtle.importKey('raw', Uint8Array.from(secret), 'HKDF', false, ['deriveBits', 'deriveKey']);
  const labelled = (label: string): HkdfParams => {
    return { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: Uint8Array.from(toUtf8(label)) };
  };
  const key = await crypto.subtle.deriveKey(labelled('sealift/v1/browser-summaries'), material, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  const tag = toHex(new Uint8Array(await crypto.subtle.deriveBits(labelled('sealift/v1/browser-summaries-tag'), material, 128)));
  return new SealedSummaryStore(kept, key, `${tag}-`);
}

class SealedSummaryStore implements SummaryStore {
  readonly #kept: KeptSummaries;
  readonly #key: CryptoKey;
  readonly #prefix: string;

  constructor(kept: KeptSummaries, key: CryptoKey, prefix: string) {
    this.#kept = kept;
    this.#key = key;
    this.#prefix = prefix;
  }

  async load(now: number): Promise<ReadonlyMap<string, ParcelSummary>> {
    const opened = new Map<string, ParcelSummary>();
    for (const [name, sealed] of await this.#kept.all(this.#prefix)) {
      const found = await this.#open(name, sealed);
      if (found !== undefined && found.expires > now) opened.set(name.slice(this.#prefix.length), found.summary);
      else await this.#kept.remove(name);
    }
    return opened;
  }

  async keep(parcel: string, summary: ParcelSummary, expires: number): Promise<void> {
    const name = this.#prefix + parcel;
    const iv = crypto.getRandomValues(new Uint8Array(ivSize));
    const text = toUtf8(JSON.stringify({ summary, expires } satisfies Kept));
    const sealed = await crypto.subtle.encrypt(this.#form(name, iv), this.#key, Uint8Array.from(text));
    await this.#kept.put(name, new Uint8Array([...iv, ...new Uint8Array(sealed)]));
  }

  async moveTo(newer: SummaryStore, now: number): Promise<void> {
    for (const [name, sealed] of await this.#kept.all(this.#prefix)) {
      const found = await this.#open(name, sealed);
      if (found !== undefined && found.expires > now) await newer.keep(name.slice(this.#prefix.length), found.summary, found.expires);
      await this.#kept.remove(name);
    }
  }

  #form(name: string, iv: Uint8Array): AesGcmParams {
    return { name: 'AES-GCM', iv: Uint8Array.from(iv), additionalData: Uint8Array.from(toUtf8(name)) };
  }

  // What doesn't open was changed, or is of another version: it is read again.
  async #open(name: string, sealed: Uint8Array): Promise<Kept | undefined> {
    try {
      const form = this.#form(name, sealed.subarray(0, ivSize));
      const text = await crypto.subtle.decrypt(form, this.#key, Uint8Array.from(sealed.subarray(ivSize)));
      return JSON.parse(fromUtf8(new Uint8Array(text))) as Kept;
    } catch {
      return undefined;
    }
  }
}

export class MemorySummaries implements KeptSummaries {
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

export class BrowserSummaries implements KeptSummaries {
  readonly #database: BrowserDatabase;

  constructor(database: BrowserDatabase) {
    this.#database = database;
  }

  all(prefix: string): Promise<readonly (readonly [string, Uint8Array])[]> {
    return this.#database.range<string, Uint8Array>('summaries', IDBKeyRange.bound(prefix, `${prefix}~`));
  }
  put(name: string, sealed: Uint8Array): Promise<void> {
    return this.#database.put('summaries', name, sealed);
  }
  remove(name: string): Promise<void> {
    return this.#database.remove('summaries', name);
  }
}
