// What a worker does with a run of content: fill, seal, open, compare, hash. Runs beside one
// CoreModule; knows no document, no network and no other worker.
//
// Leaves of the content hash are computed by WebCrypto, which has the processor's SHA instructions and
// another thread. A leaf that a run's edge cuts goes back as fragments, whose bytes the owner of the
// transfer puts together.
import { directReader } from '../api/byte_stream.ts';
import { SealiftError } from '../api/error.ts';
import { entryFields } from './core_calls.ts';
import type { CoreModule } from './core_module.ts';
import type { Leaf, LeafFragment, OpenedRun, OpenRun, Piece, SealedRun, SealRun } from './seal_pool.ts';

export const chunkSize = 64 * 1024;
export const sealedChunkSize = chunkSize + 16;
export const batchChunks = 16;
export const batchTextSize = batchChunks * chunkSize;
export const runBatches = 8;
export const runTextSize = runBatches * batchTextSize;
export const runSealedSize = runBatches * batchChunks * sealedChunkSize;
export const hashPieceSize = 1024 * 1024;
const smallSize = 128 * 1024;

/** `into`: where the sealed bytes go, if it is large enough for them. */
export async function sealRun(module: CoreModule, run: SealRun, into?: ArrayBuffer): Promise<SealedRun> {
  module.call('run.set_key', [run.fileKey, run.nonce]);
  const size = await fill(module, run.pieces);
  const hashing = hashContents(module, run.pieces);
  const sealedSize = module.run.run_seal(run.firstBatch, size, run.isLast ? 1 : 0);
  const sealed = new Uint8Array(roomFor(sealedSize, into), 0, sealedSize);
  sealed.set(module.view(module.run.run_sealed(), sealedSize));
  const batches = Math.max(1, Math.ceil(size / batchTextSize));
  const records = module.view(module.run.run_records(), 16 * batches).slice();
  return { sealed, records, ...(await hashing) };
}

// Of a whole run's size, when it is worth being used again.
function roomFor(size: number, into: ArrayBuffer | undefined): ArrayBuffer {
  if (into !== undefined && into.byteLength >= size) return into;
  return new ArrayBuffer(size > runSealedSize / 2 ? runSealedSize : size);
}

/** The text takes the place of what was sealed. Throws damaged. */
export async function openRun(module: CoreModule, run: OpenRun): Promise<OpenedRun> {
  module.call('run.set_key', [run.fileKey, run.nonce]);
  module.view(module.run.run_sealed(), run.sealed.length).set(run.sealed);
  const size = module.run.run_open(run.firstBatch, run.sealed.length, run.isLast ? 1 : 0);
  if (size < 0) throw new SealiftError('damaged', 'a chunk is not authentic');
  compare(module, run.pieces, size);
  const hashing = hashContents(module, run.pieces);
  const text = new Uint8Array(run.sealed.buffer, run.sealed.byteOffset, size);
  text.set(module.view(module.run.run_text(), size));
  return { text, ...(await hashing) };
}

async function fill(module: CoreModule, pieces: readonly Piece[]): Promise<number> {
  // All small reads are under way at once, and one large one; the core's memory does not move meanwhile.
  let to = 0;
  const small: Promise<void>[] = [];
  let large = Promise.resolve();
  for (const piece of pieces) {
    const at = to;
    to += piece.size;
    if (piece.size > smallSize) large = large.then(() => fillPiece(module, piece, at));
    else small.push(fillPiece(module, piece, at));
  }
  await Promise.all([...small, large]);
  return to;
}

async function fillPiece(module: CoreModule, piece: Piece, to: number): Promise<void> {
  if (piece.kind === 'content') {
    await readBlob(piece.blob, piece.at, piece.size, (bytes, done) => {
      module.view(module.run.run_text() + to + done, bytes.length).set(bytes);
    });
  } else if (piece.kind === 'header') {
    module.call('run.set_header', entryFields(piece.header));
    module.run.run_put_header(piece.at, to, piece.size);
  } else {
    module.view(module.run.run_text() + to, piece.size).fill(0);
  }
}

type TakePart = (bytes: Uint8Array, done: number) => void;

// Large pieces come through one buffer that is used again (measured in Chromium: 3 to 10 times the speed of
// slice().arrayBuffer()).
const readBufferSize = 1024 * 1024;
let readBuffer = new ArrayBuffer(readBufferSize);

async function readBlob(blob: Blob | undefined, at: number, size: number, take: TakePart): Promise<void> {
  if (blob === undefined) throw new SealiftError('internal', 'content to seal comes from somewhere');
  const part = blob.slice(at, at + size);
  const reader = size <= smallSize ? undefined : directReader(part.stream());
  let read: number;
  try {
    read = reader === undefined ? await readAtOnce(part, take) : await readInParts(reader, take);
  } catch {
    throw new SealiftError('conflict', 'a file was changed or moved while it was sent');
  }
  if (read !== size) throw new SealiftError('conflict', 'a file became shorter while it was sent');
}

async function readAtOnce(part: Blob, take: TakePart): Promise<number> {
  const bytes = new Uint8Array(await part.arrayBuffer());
  take(bytes, 0);
  return bytes.length;
}

async function readInParts(reader: ReadableStreamBYOBReader, take: TakePart): Promise<number> {
  // A read that failed has kept it.
  if (readBuffer.byteLength === 0) readBuffer = new ArrayBuffer(readBufferSize);
  for (let read = 0; ; ) {
    const { value, done } = await reader.read(new Uint8Array(readBuffer));
    if (value !== undefined) {
      take(value, read);
      read += value.length;
      readBuffer = value.buffer;
    }
    if (done) return read;
  }
}

function compare(module: CoreModule, pieces: readonly Piece[], size: number): void {
  let at = 0;
  for (const piece of pieces) {
    if (piece.kind === 'header') {
      module.call('run.set_header', entryFields(piece.header));
      if (module.run.run_has_header(piece.at, at, piece.size) !== 1)
        throw new SealiftError('damaged', 'the content is not what the manifest says');
    } else if (piece.kind === 'zeros') {
      if (module.view(module.run.run_text() + at, piece.size).some((byte) => byte !== 0))
        throw new SealiftError('damaged', 'the content is not what the manifest says');
    }
    at += piece.size;
  }
  if (at !== size) throw new SealiftError('damaged', 'the content has another size than the manifest says');
}

interface Hashes {
  readonly leaves: readonly Leaf[];
  readonly fragments: readonly LeafFragment[];
}

// The bytes are taken before the first await, so that the core may be used again meanwhile.
function hashContents(module: CoreModule, pieces: readonly Piece[]): Promise<Hashes> {
  const leaves: Promise<Leaf>[] = [];
  const fragments: LeafFragment[] = [];
  let begin = 0;
  for (const piece of pieces) {
    if (piece.kind === 'content') {
      for (let done = 0; done < piece.size; ) {
        const at = piece.at + done;
        const number = Math.floor(at / hashPieceSize);
        const size = Math.min(piece.size - done, (number + 1) * hashPieceSize - at);
        const isWhole = at === number * hashPieceSize && (size === hashPieceSize || at + size === piece.total);
        const place = module.run.run_text() + begin + done;
        if (isWhole) leaves.push(hashLeaf(module, place, size, piece.entry, number));
        else fragments.push({ entry: piece.entry, piece: number, at, bytes: module.view(place, size).slice() });
        done += size;
      }
    }
    begin += piece.size;
  }
  return Promise.all(leaves).then((hashed) => ({ leaves: hashed, fragments }));
}

// SHA-256(0x00 || piece), in place: the byte before the piece is 0 for as long as WebCrypto copies.
async function hashLeaf(module: CoreModule, place: number, size: number, entry: number, piece: number): Promise<Leaf> {
  const prefixed = module.view(place - 1, size + 1);
  const before = prefixed[0] ?? 0;
  prefixed[0] = 0;
  const hashing = crypto.subtle.digest('SHA-256', prefixed);
  prefixed[0] = before;
  return { entry, piece, digest: new Uint8Array(await hashing) };
}
