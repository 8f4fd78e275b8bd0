// StreamMap: which byte of a parcel's tar stream is what (src/client/transfer/stream_map.h). The stream
// follows from the entries and the core's layout; sender and receiver go over it in runs of 4 MiB.
import type { Entry, Layout } from '../crypto/core.ts';
import type { Piece } from '../crypto/seal_pool.ts';
import { runBatches, runSealedSize, runTextSize, sealedChunkSize, chunkSize } from '../crypto/content_worker.ts';

const tarBlockSize = 512;

export class StreamMap {
  readonly entries: readonly Entry[];
  readonly size: number;
  readonly runs: number;
  readonly runTextSize = runTextSize;
  readonly #offsets: Float64Array;
  readonly #blobs: readonly (Blob | undefined)[];

  /** `blobs`: where contents are read from, by entry; none when receiving. */
  constructor(entries: readonly Entry[], layout: Layout, blobs: readonly (Blob | undefined)[] = []) {
    this.entries = entries;
    this.size = layout.size;
    this.runs = Math.max(1, Math.ceil(layout.size / runTextSize));
    this.#offsets = layout.contentOffsets;
    this.#blobs = blobs;
  }

  contentBegin(entry: number): number {
    return this.#offsets[entry] ?? this.size;
  }

  contentEnd(entry: number): number {
    return this.contentBegin(entry) + (this.entries[entry]?.size ?? 0);
  }

  /** What one run is made of. */
  pieces(run: number): readonly Piece[] {
    const begin = run * runTextSize;
    const end = Math.min(this.size, begin + runTextSize);
    const pieces: Piece[] = [];
    let at = begin;
    for (let entry = this.#entryAt(begin); at < end && entry < this.entries.length; entry += 1) {
      at = this.#addHeader(pieces, entry, at, end);
      at = this.#addContent(pieces, entry, at, end);
      at = addZeros(pieces, at, Math.min(end, this.#headerBegin(entry + 1)));
    }
    addZeros(pieces, at, end);
    return pieces;
  }

  /** Whether any content of `entry` lies in the run. */
  touches(run: number, entry: number): boolean {
    const begin = run * runTextSize;
    return this.contentBegin(entry) < begin + runTextSize && this.contentEnd(entry) > begin;
  }

  firstBatch(run: number): number {
    return run * runBatches;
  }

  isLast(run: number): boolean {
    return run === this.runs - 1;
  }

  textSize(run: number): number {
    return Math.min(runTextSize, this.size - run * runTextSize);
  }

  /** Where the run's chunks begin in the payload, behind its nonce of 16 bytes. */
  payloadBegin(run: number): number {
    return 16 + run * runSealedSize;
  }

  sealedSize(run: number): number {
    const text = this.textSize(run);
    return text + 16 * Math.max(1, Math.ceil(text / chunkSize));
  }

  get payloadSize(): number {
    return this.payloadBegin(this.runs - 1) + this.sealedSize(this.runs - 1);
  }

  #headerBegin(entry: number): number {
    if (entry === 0) return 0;
    return Math.ceil(this.contentEnd(entry - 1) / tarBlockSize) * tarBlockSize;
  }

  // The last entry whose header begins at or before `offset`.
  #entryAt(offset: number): number {
    let low = 0;
    let high = this.entries.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.#headerBegin(middle) <= offset) low = middle;
      else high = middle;
    }
    return low;
  }

  #addHeader(pieces: Piece[], entry: number, at: number, end: number): number {
    const header = this.entries[entry];
    const begin = this.#headerBegin(entry);
    const size = Math.min(end, this.contentBegin(entry)) - at;
    if (header === undefined || size <= 0) return at;
    const { path, kind, permissions, modified, size: contentSize } = header;
    pieces.push({
      kind: 'header',
      entry,
      at: at - begin,
      size,
      header: { path, kind, permissions, modified, size: contentSize },
    });
    return at + size;
  }

  #addContent(pieces: Piece[], entry: number, at: number, end: number): number {
    const size = Math.min(end, this.contentEnd(entry)) - at;
    if (size <= 0) return at;
    const total = this.entries[entry]?.size ?? 0;
    const blob = this.#blobs[entry];
    const source = blob === undefined ? {} : { blob };
    pieces.push({ kind: 'content', entry, at: at - this.contentBegin(entry), size, total, ...source });
    return at + size;
  }
}

function addZeros(pieces: Piece[], at: number, end: number): number {
  if (end > at) pieces.push({ kind: 'zeros', size: end - at });
  return Math.max(at, end);
}

/** Sealed bytes of a full batch. */
export const batchSealedSize = 16 * sealedChunkSize;
