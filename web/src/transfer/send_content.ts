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
  const ahead: Promise<SealedRun>[] = [];
  let next = 0;
  try {
    for (let run = 0; run < map.runs; run += 1) {
      for (; next < map.runs && next < run + job.pool.workers + 1; next += 1) ahead.push(sealAhead(job, next));
      const sealed = await (ahead.shift() ?? sealAhead(job, run));
      if (job.signal.aborted) throw new SealiftError('aborted', 'stopped by the person');
      if (!isAsBefore(job.journal.known, map.firstBatch(run), sealed.records)) return undefined;
      await appendNew(job.journal, map.firstBatch(run), sealed.records, knownBatches);
      const hashed = hashes.add(sealed.leaves, sealed.fragments);
      await target?.send(map.payloadBegin(run), sealed.sealed, job.onSent);
      await hashed;
      job.pool.recycle(sealed.sealed.buffer);
    }
  } finally {
    for (const sealed of ahead) sealed.catch(() => undefined);
  }
  return Promise.all(map.entries.map((_, entry) => hashes.root(entry)));
}

function sealAhead(job: SendContentJob, run: number): Promise<SealedRun> {
  const { map, fileKey, nonce } = job;
  const sealed = job.pool.seal({
    fileKey,
    nonce,
    firstBatch: map.firstBatch(run),
    isLast: map.isLast(run),
    pieces: map.pieces(run),
  });
  // Judged when its turn comes.
  sealed.catch(() => undefined);
  return sealed;
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
