// SealPool: the workers that seal, open and hash content, one instance of the core each.
//
// A run is up to 8 batches of 1 MiB of the content stream. The pool takes runs in order and works on
// several at once; every run's result comes back whole. Buffers of a run's size go round: whoever is done
// with one gives it back.

import type { Entry } from './core.ts';

/** Where bytes of the stream come from. */
export type Piece =
  | { readonly kind: 'header'; readonly entry: number; readonly at: number; readonly size: number; readonly header: Entry }
  | ContentPiece
  | { readonly kind: 'zeros'; readonly size: number };

export interface ContentPiece {
  readonly kind: 'content';
  readonly entry: number;
  readonly at: number;
  readonly size: number;
  /** Of the whole entry. */
  readonly total: number;
  /** Where the bytes are read from when sealing; absent when opening. */
  readonly blob?: Blob;
}

export interface SealRun {
  readonly fileKey: Uint8Array;
  readonly nonce: Uint8Array;
  readonly firstBatch: number;
  readonly isLast: boolean;
  readonly pieces: readonly Piece[];
}

/** A leaf of an entry's content hash, or a part of one that the run's edge cuts. */
export interface Leaf {
  readonly entry: number;
  readonly piece: number;
  readonly digest: Uint8Array;
}
export interface LeafFragment {
  readonly entry: number;
  readonly piece: number;
  readonly at: number;
  readonly bytes: Uint8Array;
}

export interface SealedRun {
  /** Chunks with their tags. Give it back with recycle(). */
  readonly sealed: Uint8Array<ArrayBuffer>;
  /** 16 bytes a batch, for the journal. */
  readonly records: Uint8Array;
  readonly leaves: readonly Leaf[];
  readonly fragments: readonly LeafFragment[];
}

export interface OpenRun {
  readonly fileKey: Uint8Array;
  readonly nonce: Uint8Array;
  readonly firstBatch: number;
  readonly isLast: boolean;
  readonly sealed: Uint8Array<ArrayBuffer>;
  /** What the text has to be: headers and zeros are compared, content is hashed. */
  readonly pieces: readonly Piece[];
}

export interface OpenedRun {
  /** In the place of what was sealed. Give it back with recycle(). */
  readonly text: Uint8Array<ArrayBuffer>;
  readonly leaves: readonly Leaf[];
  readonly fragments: readonly LeafFragment[];
}

export interface SealPool {
  readonly workers: number;
  /** Throws io when a file cannot be read any more (it was changed or moved). */
  seal(run: SealRun): Promise<SealedRun>;
  /** Throws damaged when a chunk is not authentic, or a header or padding is not the manifest's. */
  open(run: OpenRun): Promise<OpenedRun>;
  /** A buffer for what a run is as sealed. It is the caller's. */
  room(): ArrayBuffer;
  recycle(buffer: ArrayBuffer): void;
  close(): void;
}
