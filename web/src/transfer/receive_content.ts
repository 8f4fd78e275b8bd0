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
}

/** One attempt: what a person sees and stops. */
export interface Attempt {
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
}

export interface ContentSummary {
  readonly verifiedBytes: number;
  readonly entries: number;
}

/** Keeps what it has from one run() to the next. */
export class ContentReceiver {
  readonly #job: ReceiveContentJob;
  #hashes: ContentHashes;
  readonly #sinks = new Map<number, EntrySink>();
  readonly #patience = new Patience((isWaiting) => this.#report(isWaiting));
  #onProgress: OnProgress = () => undefined;
  readonly #totalBytes: number;
  // Entries that have their name, or need none.
  readonly #isDone: boolean[];
  #runs: readonly number[];
  /** How many of the runs were taken. */
  #taken = 0;
  #hasTakenEmpty = false;
  #verifiedBytes = 0;
  #doneBytes = 0;
  #done = 0;

  constructor(job: ReceiveContentJob) {
    this.#job = job;
    this.#hashes = new ContentHashes(job.core, job.entries);
    this.#isDone = job.wanted.map((isWanted) => !isWanted);
    this.#totalBytes = job.entries.reduce((total, entry, place) => total + (job.wanted[place] ? entry.size : 0), 0);
    this.#runs = this.#runsLeft();
  }

  async run(attempt: Attempt): Promise<ContentSummary> {
    this.#onProgress = attempt.onProgress;
    if (!this.#hasTakenEmpty) await this.#takeEmpty();
    this.#report();
    const ahead: Promise<OpenedRun>[] = [];
    let next = this.#taken;
    try {
      while (this.#taken < this.#runs.length) {
        for (; next < this.#runs.length && ahead.length < this.#job.pool.workers + 1; next += 1) {
          const opening = this.#fetchAndOpen(this.#runs[next] ?? 0, attempt.signal);
          opening.catch(() => undefined);
          ahead.push(opening);
        }
        const opened = await ahead.shift();
        if (opened === undefined) throw new SealiftError('internal', 'a run was not begun');
        if (attempt.signal.aborted) throw new SealiftError('aborted', 'stopped by the person');
        await this.#takeWhole(this.#runs[this.#taken] ?? 0, opened);
        this.#taken += 1;
        this.#report();
        this.#job.pool.recycle(opened.text.buffer);
      }
    } finally {
      await Promise.allSettled(ahead);
    }
    return { verifiedBytes: this.#verifiedBytes, entries: this.#done };
  }

  #report(isWaiting = false): void {
    this.#onProgress({ doneBytes: this.#doneBytes, totalBytes: this.#totalBytes, isWaiting });
  }

  // A run that was taken by halves (a full disk, a wrong hash) leaves entries that no later run can finish: those
  // begin again. What has its name is verified, and stays.
  async #takeWhole(run: number, opened: OpenedRun): Promise<void> {
    try {
      await this.#take(run, opened);
    } catch (error) {
      this.#sinks.clear();
      await this.#job.destination.abandon();
      this.#hashes = new ContentHashes(this.#job.core, this.#job.entries);
      this.#runs = this.#runsLeft();
      this.#taken = 0;
      this.#doneBytes = this.#verifiedBytes;
      throw error;
    }
  }

  // Folders and empty files: nothing of the stream is theirs but the header.
  async #takeEmpty(): Promise<void> {
    for (const [place, entry] of this.#job.entries.entries()) {
      if (this.#isDone[place] === true || entry.size > 0) continue;
      if (!sameBytes(await this.#hashes.root(place), entry.hash)) throw mismatch();
      await (await this.#job.destination.begin(entry, place)).close();
      this.#isDone[place] = true;
      this.#done += 1;
    }
    this.#hasTakenEmpty = true;
  }

  #runsLeft(): readonly number[] {
    const { map } = this.#job;
    const isDone = this.#isDone;
    const runs: number[] = [];
    let entry = 0;
    for (let run = 0; run < map.runs; run += 1) {
      while (entry < isDone.length && (isDone[entry] === true || map.contentEnd(entry) <= run * map.runTextSize)) entry += 1;
      if (entry < isDone.length && map.touches(run, entry)) runs.push(run);
      else if (map.isLast(run)) runs.push(run);
    }
    return runs;
  }

  async #fetchAndOpen(run: number, signal: AbortSignal): Promise<OpenedRun> {
    const { map, pool, fileKey, nonce } = this.#job;
    const sealed = await this.#fetch(run, signal);
    return pool.open({
      fileKey,
      nonce,
      firstBatch: map.firstBatch(run),
      isLast: map.isLast(run),
      pieces: map.pieces(run),
      sealed,
    });
  }

  async #fetch(run: number, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const { map, pool, api, opening } = this.#job;
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
    const { map } = this.#job;
    let at = 0;
    for (const piece of map.pieces(run)) {
      if (piece.kind === 'content' && this.#isDone[piece.entry] !== true) {
        const sink = await this.#sink(piece.entry);
        await sink.write(opened.text.subarray(at, at + piece.size));
        this.#doneBytes += piece.size;
      }
      at += piece.size;
    }
    const isOurs = (part: { readonly entry: number }): boolean => this.#isDone[part.entry] !== true;
    const complete = await this.#hashes.add(opened.leaves.filter(isOurs), opened.fragments.filter(isOurs));
    for (const entry of complete) await this.#finish(entry);
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
    this.#isDone[place] = true;
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
