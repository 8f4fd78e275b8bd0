// One upload over tus 1.0 (docs/formats/tus.md), several bodies in flight: each begins behind the one before, and the
// server counts it once there is no gap in front of it ("Ahead"). How many there are follows the line: one that is
// slow gets one small body at a time, so that progress is honest and a cut costs little.
import { ApiClient } from '../api/client.ts';
import { SealiftError } from '../api/error.ts';
import { Patience } from './patience.ts';

const version = { 'Tus-Resumable': '1.0.0' };
const requestSizeMin = 512 * 1024;
const requestSizeMax = 16 * 1024 * 1024;
const requestMs = 4000;
/** As many as the server takes, and leave a browser's connections for the rest of the page. */
export const bodiesMax = 3;
// A body that overtakes the one before it, when no other is under way, is refused. Where that goes on, one at a time.
const overtakingsMax = 8;

export interface NewUpload {
  readonly parcel: string;
  readonly part: string;
  readonly header: string;
  readonly payloadBytes: number;
}

export async function createUpload(api: ApiClient, wish: NewUpload): Promise<{ readonly id: string; readonly key: string }> {
  return api.call('upload.create', {
    path: { parcel: wish.parcel, part: wish.part },
    body: { header: wish.header, payload_bytes: wish.payloadBytes },
    headers: { ...version, 'Upload-Length': String(wish.payloadBytes) },
  });
}

interface Part {
  readonly begin: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** How many of them left in a body that was answered, or is under way. */
  asked: number;
  readonly done: () => void;
}

export class Upload {
  readonly #api: ApiClient;
  readonly #id: string;
  readonly #signal: AbortSignal;
  readonly #patience: Patience;
  #requestSize = 8 * 1024 * 1024;
  #bodies = 1;
  #bodiesMax = bodiesMax;
  #overtakings = 0;
  /** What the server has for certain, without a gap. */
  #offset = 0;
  // What was put and is not certain yet, in order.
  readonly #parts: Part[] = [];
  readonly #inFlight = new Set<Promise<void>>();
  #trouble: unknown;
  #wake: () => void = () => undefined;
  #pump: Promise<void> | undefined;
  #onSent: (offset: number) => void = () => undefined;

  /** `api` holds the upload's key. `onWaiting`: as of Patience. */
  constructor(api: ApiClient, id: string, signal: AbortSignal, onWaiting?: (isWaiting: boolean) => void) {
    this.#patience = new Patience(onWaiting);
    this.#api = api;
    this.#id = id;
    this.#signal = signal;
  }

  /** How many bytes the server has for certain. Throws not_found when it has forgotten the upload. */
  async offset(): Promise<number> {
    for (;;) {
      try {
        const asked = { path: { upload: this.#id }, headers: version, signal: this.#signal };
        const response = await this.#api.exchange('upload.read', asked);
        this.#offset = offsetOf(response);
        return this.#offset;
      } catch (error) {
        await this.#patience.afterFailure(error, this.#signal);
      }
    }
  }

  /**
   * Sends what of `bytes`, which begin at `begin` in the payload, the server lacks; resolves when it has them. May be
   * called again before that, for the bytes that follow. `onSent` is told how far the payload is. Throws conflict
   * when the server has less than the first part's `begin`.
   */
  send(begin: number, bytes: Uint8Array<ArrayBuffer>, onSent: (offset: number) => void): Promise<void> {
    this.#onSent = onSent;
    const end = begin + bytes.length;
    if (end <= this.#offset) {
      onSent(this.#offset);
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      this.#parts.push({ begin, bytes, asked: 0, done: resolve });
      this.#wake();
      this.#pump ??= this.#work().finally(() => {
        this.#pump = undefined;
      });
      this.#pump.catch(reject);
    });
  }

  async #work(): Promise<void> {
    try {
      while (this.#parts.length > 0) {
        this.#fill();
        // All were answered, and some bytes came behind a gap that nobody closes any more.
        if (this.#inFlight.size === 0) this.#trouble ??= new SealiftError('conflict', 'a gap');
        else await Promise.race([...this.#inFlight, this.#nextPart()]);
        if (this.#trouble !== undefined) await this.#recover();
      }
    } finally {
      await Promise.allSettled(this.#inFlight);
    }
  }

  #nextPart(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  // Begins bodies up to as many as the line takes.
  #fill(): void {
    const first = this.#parts[0];
    if (first !== undefined && this.#offset < first.begin)
      throw new SealiftError('conflict', 'the server has less than it said');
    for (const part of this.#parts) {
      part.asked = Math.max(part.asked, Math.min(part.bytes.length, this.#offset - part.begin));
      while (part.asked < part.bytes.length) {
        if (this.#inFlight.size >= this.#bodies) return;
        const body = part.bytes.subarray(part.asked, part.asked + this.#requestSize);
        const at = part.begin + part.asked;
        part.asked += body.length;
        const sending = this.#append(at, body).finally(() => this.#inFlight.delete(sending));
        this.#inFlight.add(sending);
      }
    }
  }

  async #append(at: number, body: Uint8Array<ArrayBuffer>): Promise<void> {
    const begun = performance.now();
    try {
      const response = await this.#api.exchange('upload.append', {
        path: { upload: this.#id },
        body,
        headers: { ...version, 'Upload-Offset': String(at), 'Content-Type': 'application/offset+octet-stream' },
        signal: this.#signal,
      });
      const reached = offsetOf(response);
      this.#patience.gotThrough();
      this.#follow(performance.now() - begun);
      this.#reach(reached);
    } catch (error) {
      this.#trouble ??= error;
    }
  }

  #reach(offset: number): void {
    this.#offset = Math.max(this.#offset, offset);
    while (this.#parts[0] !== undefined && this.#parts[0].begin + this.#parts[0].bytes.length <= this.#offset)
      this.#parts.shift()?.done();
    this.#onSent(this.#offset);
  }

  // Larger and more at once while it is quick; smaller, and one, when it is slow.
  #follow(tookMs: number): void {
    if (tookMs < requestMs / 2) {
      this.#requestSize = Math.min(requestSizeMax, this.#requestSize * 2);
      this.#bodies = Math.min(this.#bodiesMax, this.#bodies + 1);
    } else if (tookMs > requestMs * 2) {
      this.#requestSize = Math.max(requestSizeMin, this.#requestSize / 2);
      this.#bodies = Math.max(1, this.#bodies - 1);
    }
  }

  // After a body that broke off or was refused: those behind it are over, too, and the server is asked.
  async #recover(): Promise<void> {
    await Promise.allSettled(this.#inFlight);
    const error = this.#trouble;
    this.#trouble = undefined;
    const before = this.#offset;
    const wasOvertaken = error instanceof SealiftError && error.code === 'conflict' && this.#bodies > 1;
    if (wasOvertaken) {
      this.#overtakings += 1;
      if (this.#overtakings > overtakingsMax) this.#bodiesMax = this.#bodies = 1;
    } else {
      this.#requestSize = Math.max(requestSizeMin, this.#requestSize / 2);
      this.#bodies = 1;
      await this.#waitAfter(error);
    }
    this.#reach(await this.offset());
    if (this.#offset > before) this.#patience.gotThrough();
    for (const part of this.#parts) part.asked = 0;
  }

  // A writer that the server has not given up yet goes away by itself.
  async #waitAfter(error: unknown): Promise<void> {
    const isHeld = error instanceof SealiftError && error.code === 'conflict';
    await this.#patience.afterFailure(isHeld ? new SealiftError('io', 'another writes') : error, this.#signal);
  }
}

function offsetOf(response: Response): number {
  const offset = Number(response.headers.get('Upload-Offset') ?? NaN);
  if (!Number.isSafeInteger(offset)) throw new SealiftError('malformed', 'an upload without an offset');
  return offset;
}

/** The server forgets it by itself, too. */
export async function terminateUpload(api: ApiClient, id: string): Promise<void> {
  await api.call('upload.terminate', { path: { upload: id }, headers: version });
}
