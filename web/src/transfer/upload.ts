// One upload over tus 1.0 (docs/formats/tus.md): where it stands, and more of it. Requests are as large as
// goes through in some seconds, so that progress is honest on a slow line and a cut costs little.
import { ApiClient } from '../api/client.ts';
import { SealiftError } from '../api/error.ts';
import { Patience } from './patience.ts';

const version = { 'Tus-Resumable': '1.0.0' };
const requestSizeMin = 512 * 1024;
const requestSizeMax = 16 * 1024 * 1024;
const requestMs = 4000;

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

export class Upload {
  readonly #api: ApiClient;
  readonly #id: string;
  readonly #signal: AbortSignal;
  readonly #patience = new Patience();
  #requestSize = 8 * 1024 * 1024;
  #offset = 0;

  /** `api` holds the upload's key. */
  constructor(api: ApiClient, id: string, signal: AbortSignal) {
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
        this.#offset = Number(response.headers.get('Upload-Offset') ?? NaN);
        if (!Number.isSafeInteger(this.#offset)) throw new SealiftError('malformed', 'an upload without an offset');
        return this.#offset;
      } catch (error) {
        await this.#patience.afterFailure(error, this.#signal);
      }
    }
  }

  /**
   * Sends what of `bytes`, which begin at `begin` in the payload, the server lacks. `onSent` is told how
   * far the payload is. Throws conflict when the server has less than `begin`.
   */
  async send(begin: number, bytes: Uint8Array<ArrayBuffer>, onSent: (offset: number) => void): Promise<void> {
    const end = begin + bytes.length;
    while (this.#offset < end) {
      if (this.#offset < begin) throw new SealiftError('conflict', 'the server has less than it said');
      const from = this.#offset - begin;
      try {
        await this.#append(bytes.subarray(from, from + this.#requestSize));
        this.#patience.gotThrough();
      } catch (error) {
        const isElsewhere = error instanceof SealiftError && error.code === 'conflict';
        if (!isElsewhere) await this.#patience.afterFailure(error, this.#signal);
        this.#requestSize = Math.max(requestSizeMin, this.#requestSize / 2);
        const before = this.#offset;
        // A request that was cut may have brought something.
        if ((await this.offset()) > before) this.#patience.gotThrough();
        else if (isElsewhere) throw error;
      }
      onSent(this.#offset);
    }
  }

  async #append(bytes: Uint8Array): Promise<void> {
    const begun = performance.now();
    const response = await this.#api.exchange('upload.append', {
      path: { upload: this.#id },
      body: bytes,
      headers: {
        ...version,
        'Upload-Offset': String(this.#offset),
        'Content-Type': 'application/offset+octet-stream',
      },
      signal: this.#signal,
    });
    const reached = Number(response.headers.get('Upload-Offset') ?? NaN);
    if (reached !== this.#offset + bytes.length) throw new SealiftError('malformed', 'the upload is somewhere else');
    this.#offset = reached;
    const took = performance.now() - begun;
    if (took < requestMs / 2) this.#requestSize = Math.min(requestSizeMax, this.#requestSize * 2);
    if (took > requestMs * 2) this.#requestSize = Math.max(requestSizeMin, this.#requestSize / 2);
  }
}

/** The server forgets it by itself, too. */
export async function terminateUpload(api: ApiClient, id: string): Promise<void> {
  await api.call('upload.terminate', { path: { upload: id }, headers: version });
}
