// Sending the content of a parcel: seal in runs, journal, upload, in one stream that can be cut anywhere
// (src/client/transfer/send_content.h).
//
// The files are always read from their beginning and sealed under the same key. What the journal has a
// record of must come out as it did then, or nothing more leaves; what it has none of gets one, durable,
// before it leaves; what the server holds is not sent again. So no two texts ever leave as the same
// chunk under one key (docs/decisions/0010-resumable-sealing.md).
import { SealiftError } from '../api/error.ts';
import type { Core } from '../crypto/core.ts';
import type { SealedRun, SealPool } from '../crypto/seal_pool.ts';
import { ContentHashes } from './content_hashes.ts';
import { batchSealedSize, type StreamMap } from './stream_map.ts';
import { bodiesMax } from './upload.ts';

const recordSize = 16;

/** The seal journal of one sending. */
export interface Journal {
  /** All records, in order; read once. */
  readonly known: Uint8Array;
  /** Durable when it resolves. `from`: the number of the first. */
  append(from: number, records: Uint8Array): Promise<void>;
}

/** Where a payload goes. */
export interface UploadTarget {
  offset(): Promise<number>;
  /** Resolves when the bytes are there; the next may be sent before. */
  send(begin: number, bytes: Uint8Array<ArrayBuffer>, onSent: (offset: number) => void): Promise<void>;
}

export interface SendContentJob {
  readonly core: Core;
  readonly pool: SealPool;
  readonly map: StreamMap;
  readonly fileKey: Uint8Array;
  readonly nonce: Uint8Array;
  readonly journal: Journal;
  /** Absent: the server has the whole content; only the hashes are wanted, and the proof that the files are still those. */
  readonly target: UploadTarget | undefined;
  /** Bytes of the payload that the server has. */
  readonly onSent: (payloadBytes: number) => void;
  readonly signal: AbortSignal;
}

/** The content hash of each entry; undefined: the files are others than those whose sending began. */
export async function sendContent(job: SendContentJob): Promise<readonly Uint8Array[] | undefined> {
  const { map, target } = job;
  const knownBatches = Math.floor(job.journal.known.length / recordSize);
  const offset = target === undefined ? map.payloadSize : await target.offset();
  if (offset > 16 + knownBatches * batchSealedSize && target !== undefined) return undefined;
  if (offset < 16) await target?.send(0, Uint8Array.from(job.nonce), job.onSent);
  const hashes = new ContentHashes(job.core, map.entries);
  const ahead = new DurableRuns(job, knownBatches);
  const leaving: Promise<void>[] = [];
  try {
    for (let run = 0; run < map.runs; run += 1) {
      const sealed = await ahead.take(run);
      if (job.signal.aborted) throw new SealiftError('aborted', 'stopped by the person');
      if (sealed === undefined) return undefined;
      const hashed = hashes.add(sealed.leaves, sealed.fragments);
      const left = Promise.all([target?.send(map.payloadBegin(run), sealed.sealed, job.onSent), hashed]).then(() =>
        job.pool.recycle(sealed.sealed.buffer),
      );
      left.catch(() => undefined);
      leaving.push(left);
      if (leaving.length > bodiesMax) await leaving.shift();
    }
    await Promise.all(leaving);
  } finally {
    await ahead.end();
    await Promise.allSettled(leaving);
  }
  return Promise.all(map.entries.map((_, entry) => hashes.root(entry)));
}

// Runs that are sealed, judged and in the journal before their turn to leave comes: the disk works while
// the network does.
class DurableRuns {
  readonly #job: SendContentJob;
  readonly #known: number;
  readonly #runs: Promise<SealedRun | undefined>[] = [];
  #next = 0;
  // Journal records are appended in order, and none after a run that came out otherwise than before.
  #last: Promise<SealedRun | undefined> | undefined;
  #hasEnded = false;

  constructor(job: SendContentJob, known: number) {
    this.#job = job;
    this.#known = known;
  }

  /** Undefined: what comes out is not what was sealed before. */
  take(run: number): Promise<SealedRun | undefined> {
    const { map, pool } = this.#job;
    for (; this.#next < map.runs && this.#next < run + pool.workers + 1; this.#next += 1) {
      const durable = this.#prepare(this.#next, this.#last);
      // Judged when its turn comes.
      durable.catch(() => undefined);
      this.#last = durable;
      this.#runs.push(durable);
    }
    return this.#runs.shift() ?? Promise.resolve(undefined);
  }

  /** Nothing touches the journal after this, so that another attempt may. */
  async end(): Promise<void> {
    this.#hasEnded = true;
    await this.#last?.catch(() => undefined);
  }

  async #prepare(run: number, before: Promise<SealedRun | undefined> | undefined): Promise<SealedRun | undefined> {
    const { map, fileKey, nonce, journal, signal } = this.#job;
    const sealing = this.#job.pool.seal({
      fileKey,
      nonce,
      firstBatch: map.firstBatch(run),
      isLast: map.isLast(run),
      pieces: map.pieces(run),
    });
    sealing.catch(() => undefined);
    if (before !== undefined && (await before) === undefined) return undefined;
    const sealed = await sealing;
    if (signal.aborted || this.#hasEnded) throw new SealiftError('aborted', 'stopped');
    if (!isAsBefore(journal.known, map.firstBatch(run), sealed.records)) return undefined;
    await appendNew(journal, map.firstBatch(run), sealed.records, this.#known);
    return sealed;
  }
}

function isAsBefore(known: Uint8Array, firstBatch: number, records: Uint8Array): boolean {
  const before = known.subarray(firstBatch * recordSize, firstBatch * recordSize + records.length);
  const whole = before.length - (before.length % recordSize);
  return before.subarray(0, whole).every((byte, at) => byte === records[at]);
}

async function appendNew(journal: Journal, firstBatch: number, records: Uint8Array, known: number): Promise<void> {
  const from = Math.max(firstBatch, known);
  const fresh = records.subarray((from - firstBatch) * recordSize);
  if (fresh.length > 0) await journal.append(from, fresh);
}
