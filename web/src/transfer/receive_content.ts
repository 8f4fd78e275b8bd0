// Receiving the content of a parcel: runs of its payload become the entries that are wanted
// (src/client/transfer/receive_content.h). What is wanted decides what is fetched: the runs that it lies
// in, and the last one, which proves the size. A sink gets bytes of authentic chunks only, in order; it is
// closed, and the entry has its name, after the whole content was compared with the signed hash.
import { fillFrom, type Filled } from '../api/byte_stream.ts';
import type { ApiClient } from '../api/client.ts';
import { SealiftError } from '../api/error.ts';
import type { Core, ManifestEntry } from '../crypto/core.ts';
import type { OpenedRun, SealPool } from '../crypto/seal_pool.ts';
import { ContentHashes, sameBytes } from './content_hashes.ts';
import { Patience } from './patience.ts';
import type { StreamMap } from './stream_map.ts';
import type { Destination, EntrySink, OnProgress } from './types.ts';

export interface ReceiveContentJob {
  readonly core: Core;
  readonly pool: SealPool;
  /** Holds the ticket. */
  readonly api: ApiClient;
  readonly opening: string;
  readonly map: StreamMap;
  readonly entries: readonly ManifestEntry[];
  readonly wanted: readonly boolean[];
  readonly fileKey: Uint8Array;
  readonly nonce: Uint8Array;
  readonly destination: Destination;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
}

export interface ContentSummary {
  readonly verifiedBytes: number;
  readonly entries: number;
}

export function receiveContent(job: ReceiveContentJob): Promise<ContentSummary> {
  return new ContentReceiver(job).run();
}

class ContentReceiver {
  readonly #job: ReceiveContentJob;
  readonly #hashes: ContentHashes;
  readonly #sinks = new Map<number, EntrySink>();
  readonly #patience = new Patience();
  readonly #totalBytes: number;
  #verifiedBytes = 0;
  #doneBytes = 0;
  #done = 0;

  constructor(job: ReceiveContentJob) {
    this.#job = job;
    this.#hashes = new ContentHashes(job.core, job.entries);
    this.#totalBytes = job.entries.reduce((total, entry, place) => total + (job.wanted[place] ? entry.size : 0), 0);
  }

  async run(): Promise<ContentSummary> {
    await this.#takeEmpty();
    const runs = this.#runs();
    const ahead: Promise<OpenedRun>[] = [];
    let next = 0;
    try {
      for (const run of runs) {
        for (; next < runs.length && ahead.length < this.#job.pool.workers + 1; next += 1) {
          const opening = this.#fetchAndOpen(runs[next] ?? 0);
          opening.catch(() => undefined);
          ahead.push(opening);
        }
        const opened = await ahead.shift();
        if (opened === undefined) throw new SealiftError('internal', 'a run was not begun');
        await this.#take(run, opened);
        this.#job.pool.recycle(opened.text.buffer);
      }
    } finally {
      await Promise.allSettled(ahead);
    }
    return { verifiedBytes: this.#verifiedBytes, entries: this.#done };
  }

  // Folders and empty files: nothing of the stream is theirs but the header.
  async #takeEmpty(): Promise<void> {
    for (const [place, entry] of this.#job.entries.entries()) {
      if (this.#job.wanted[place] !== true || entry.size > 0) continue;
      if (!sameBytes(await this.#hashes.root(place), entry.hash)) throw mismatch();
      await (await this.#job.destination.begin(entry, place)).close();
      this.#done += 1;
    }
  }

  #runs(): readonly number[] {
    const { map, wanted } = this.#job;
    const runs: number[] = [];
    let entry = 0;
    for (let run = 0; run < map.runs; run += 1) {
      while (entry < wanted.length && (wanted[entry] !== true || map.contentEnd(entry) <= run * map.runTextSize)) entry += 1;
      if (entry < wanted.length && map.touches(run, entry)) runs.push(run);
      else if (map.isLast(run)) runs.push(run);
    }
    return runs;
  }

  async #fetchAndOpen(run: number): Promise<OpenedRun> {
    const { map, pool, fileKey, nonce } = this.#job;
    const sealed = await this.#fetch(run);
    return pool.open({
      fileKey,
      nonce,
      firstBatch: map.firstBatch(run),
      isLast: map.isLast(run),
      pieces: map.pieces(run),
      sealed,
    });
  }

  async #fetch(run: number): Promise<Uint8Array<ArrayBuffer>> {
    const { map, pool, api, opening, signal } = this.#job;
    const begin = map.payloadBegin(run);
    const size = map.sealedSize(run);
    for (;;) {
      try {
        const response = await api.exchange('opening.read_payload', {
          path: { opening, part: 'content' },
          headers: { Range: `bytes=${String(begin)}-${String(begin + size - 1)}` },
          signal,
        });
        const sealed = await readWhole(response, pool.room(), size);
        this.#patience.gotThrough();
        return sealed;
      } catch (error) {
        await this.#patience.afterFailure(error, signal);
      }
    }
  }

  async #take(run: number, opened: OpenedRun): Promise<void> {
    const { map, wanted } = this.#job;
    if (this.#job.signal.aborted) throw new SealiftError('aborted', 'stopped by the person');
    let at = 0;
    for (const piece of map.pieces(run)) {
      if (piece.kind === 'content' && wanted[piece.entry] === true) {
        const sink = await this.#sink(piece.entry);
        await sink.write(opened.text.subarray(at, at + piece.size));
        this.#doneBytes += piece.size;
      }
      at += piece.size;
    }
    const isOurs = (part: { readonly entry: number }): boolean => wanted[part.entry] === true;
    const complete = await this.#hashes.add(opened.leaves.filter(isOurs), opened.fragments.filter(isOurs));
    for (const entry of complete) await this.#finish(entry);
    this.#job.onProgress({ doneBytes: this.#doneBytes, totalBytes: this.#totalBytes });
  }

  async #sink(place: number): Promise<EntrySink> {
    const known = this.#sinks.get(place);
    if (known !== undefined) return known;
    const entry = this.#job.entries[place];
    if (entry === undefined) throw new SealiftError('internal', 'no such entry');
    const sink = await this.#job.destination.begin(entry, place);
    this.#sinks.set(place, sink);
    return sink;
  }

  async #finish(place: number): Promise<void> {
    const entry = this.#job.entries[place];
    if (entry === undefined || !sameBytes(await this.#hashes.root(place), entry.hash)) throw mismatch();
    await (await this.#sink(place)).close();
    this.#sinks.delete(place);
    this.#verifiedBytes += entry.size;
    this.#done += 1;
  }
}

// Whoever sends more than was asked sends it in vain.
async function readWhole(response: Response, room: ArrayBuffer, size: number): Promise<Uint8Array<ArrayBuffer>> {
  if (response.body === null) throw new SealiftError('io', 'the content broke off');
  let filled: Filled;
  try {
    filled = await fillFrom(response.body, room);
  } catch {
    throw new SealiftError('io', 'the content broke off');
  }
  if (filled.size < size) throw new SealiftError('io', 'the content broke off');
  return new Uint8Array(filled.buffer, 0, size);
}

function mismatch(): SealiftError {
  return new SealiftError('damaged', 'the content is not what the manifest says');
}
