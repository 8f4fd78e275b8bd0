// What pages and the transfer modules say to each other: orders, progress, results. Types alone.
import type { Account } from '../account/account.ts';
import type { ApiClient } from '../api/client.ts';
import type { Core, ManifestEntry } from '../crypto/core.ts';
import type { SealPool } from '../crypto/seal_pool.ts';

/** Bytes of the content, so that rate and time left can be told honestly. */
export interface Progress {
  readonly doneBytes: number;
  readonly totalBytes: number;
  /** The server can't be reached just now; it is tried again. */
  readonly isWaiting?: boolean;
}
export type OnProgress = (progress: Progress) => void;

/** One thing to send. A folder has no file. Paths are relative, parts joined by "/". */
export interface SourceEntry {
  readonly path: string;
  readonly file?: File;
}

export type LinkWish = 'none' | 'plain' | 'with_passphrase';

export interface SendOrder {
  readonly entries: readonly SourceEntry[];
  /** Addresses of people with accounts. The sender can always open, too. */
  readonly to: readonly string[];
  readonly link: LinkWish;
  readonly lifetimeMs: number;
  /** Of the link, and of each recipient. */
  readonly opensMax?: number;
  readonly note: string;
}

export interface SentParcel {
  readonly parcel: string;
  /** Absent: none, or the parcel was completed in an earlier visit. */
  readonly event?: string;
  /** "" for none; holds the secret. */
  readonly link: string;
  /** As the server has it; "" for none. */
  readonly linkId: string;
  /** "" for none; to be told on another way than the link. */
  readonly passphrase: string;
  readonly entries: number;
  readonly contentBytes: number;
  /** What an earlier visit had begun was finished. */
  readonly wasContinued: boolean;
}

/** Borrowed for a transfer. */
export interface TransferTools {
  readonly core: Core;
  readonly pool: SealPool;
  readonly sendings: SendingStores;
  readonly now: () => number;
}

/**
 * A sending that an earlier visit began. The browser does not keep files: who wants to go on chooses
 * the same ones again, and an order that is the same goes on by itself.
 */
export interface UnfinishedSending {
  readonly key: string;
  /** The sender's address; "" for an outsider who hands in. */
  readonly owner: string;
  /** Of a hand-in: the request. */
  readonly purpose: string;
  readonly order: StoredOrder;
  readonly created: number;
  readonly names: readonly string[];
  readonly to: readonly string[];
  readonly totalBytes: number;
  readonly sentBytes: number;
}

/** What is kept of sendings, by whose it is. */
export interface SendingStores {
  /** Those of whoever has this secret: an account's signing seed, or a request link's secret. */
  openedWith(secret: Uint8Array): Promise<SendingStore>;
}

/** What must be known to continue (docs/formats/sending.md), with the seal journal. Durable when a method returns. */
export interface SendingStore {
  list(): Promise<readonly UnfinishedSending[]>;
  load(key: string): Promise<StoredSending | undefined>;
  /** A new journal of no records, and the state beside it. */
  begin(key: string, sending: StoredSending): Promise<void>;
  save(key: string, sending: StoredSending): Promise<void>;
  /** Records of batches, 16 bytes each, in order. */
  appendRecords(key: string, from: number, records: Uint8Array): Promise<void>;
  readRecords(key: string): Promise<Uint8Array>;
  remove(key: string): Promise<void>;
  /** Keeps a second tab from the same sending while `work` runs. Throws conflict when another has it. */
  exclusively<T>(key: string, work: () => Promise<T>): Promise<T>;
}

/** What a person has to choose again to go on, and what the form takes over. */
export interface StoredOrder {
  readonly files: readonly { readonly path: string; readonly size: number; readonly modified: number }[];
  /** How many there are, when `files` doesn't hold all of them. */
  readonly filesCount: number;
  readonly link: LinkWish;
  readonly lifetimeMs: number;
  readonly opensMax: number;
  readonly note: string;
}

export interface StoredSending {
  readonly owner: string;
  /** Of a hand-in: the request. */
  readonly purpose: string;
  /** To whom it is sealed, in the order of the plan: their keys. */
  readonly recipients: readonly string[];
  readonly order: StoredOrder;
  readonly stage: 'begun' | 'content' | 'manifest';
  readonly parcel: string;
  readonly created: number;
  readonly tree: string;
  readonly fileKey: Uint8Array;
  readonly nonce: Uint8Array;
  readonly upload: string;
  readonly uploadKey: string;
  readonly handInKey: string;
  readonly linkSecret?: Uint8Array;
  readonly serverHalf?: Uint8Array;
  readonly passphrase: string;
  readonly names: readonly string[];
  readonly to: readonly string[];
  readonly totalBytes: number;
  readonly sentBytes: number;
}

// --- receiving ---

/** Who opens: somebody with an account, or the holder of a link. */
export type Opener =
  | { readonly kind: 'account'; readonly account: Account; readonly parcel: string }
  | { readonly kind: 'link'; readonly api: ApiClient; readonly link: ParsedLink; readonly passphrase: string };

export interface ParsedLink {
  readonly parcel: string;
  readonly secret: Uint8Array;
}

/** A manifest whose signature is good, whose parcel is the one asked for, and whose sender was judged. */
export interface OpenedParcel {
  readonly parcel: string;
  /** Empty: an outsider who answered a file request. Of a link: who made the link says so. */
  readonly senderAddress: string;
  readonly senderIs: 'verified' | 'outsider' | 'whoever made the link';
  /** Who added us, by an addendum that was judged; empty: the manifest names us. */
  readonly addedBy: string;
  /** The parcel that the sender sent us before this one, when it never came and the server doesn't offer it. */
  readonly missing: string;
  readonly created: number;
  readonly expires: number;
  readonly note: string;
  readonly entries: readonly ManifestEntry[];
  readonly contentBytes: number;
}

/** Where verified files go. */
export interface Destination {
  readonly kind: 'folder' | 'file' | 'private_disk' | 'memory';
  /** Begins an entry. Bytes come in order; close() is called once all of them were verified. `place`: in the manifest. */
  begin(entry: ManifestEntry, place: number): Promise<EntrySink>;
  /** What is left to save, once everything was closed. */
  files(): Promise<readonly ReceivedFile[]>;
  /** Takes back every entry that was begun and not closed: nothing that looks whole and isn't is left. */
  abandon(): Promise<void>;
  /** Entries that were saved under another name, because theirs was taken or the system refuses it. */
  renamed(): readonly SavedAs[];
}

export interface SavedAs {
  readonly path: string;
  readonly savedAs: string;
}

export interface EntrySink {
  /** `bytes` belongs to the caller again when the promise resolves. */
  write(bytes: Uint8Array): Promise<void>;
  /** The entry gets its name, or can be had as `received`. */
  close(): Promise<void>;
}

/** A file on the private disk or in memory, verified, that the page offers to save. */
export interface ReceivedFile {
  readonly path: string;
  readonly size: number;
  /** Seconds since 1970. */
  readonly modified: number;
  readonly blob: Blob;
  /** Once it was saved: takes it off the private disk. */
  discard(): Promise<void>;
}

export interface ReceivedParcel {
  readonly kind: Destination['kind'];
  /** All of them were compared with the sender's signed hashes. */
  readonly verifiedBytes: number;
  readonly entries: number;
  /** Of private_disk and memory: what is left to save. */
  readonly files: readonly ReceivedFile[];
  readonly renamed: readonly SavedAs[];
  /** Absent when not all entries were received: the receipt says that all were. */
  readonly receiptEvent?: string;
}
