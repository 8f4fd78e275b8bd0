// One archive of several files, that Finder, Explorer and Android open: stored, not compressed; names in UTF-8; sizes
// beyond 4 GiB by ZIP64 (APPNOTE 6.3.10). The files' bytes are not copied: the archive is their blobs with headers between.
//
//   archive := (local-header file)* central-header* [zip64-end zip64-locator] end
//
// Pure but for reading blobs.
import { numberedPaths, savableName } from './file_names.ts';
import type { ReceivedFile, SavedAs } from './types.ts';

const limit32 = 0xffffffff;
const limit16 = 0xffff;
const utf8Names = 0x0800;
const versionStored = 20;
const versionZip64 = 45;

/** What a header says of a file. */
export interface ZipEntry {
  readonly path: string;
  readonly size: number;
  readonly crc: number;
  /** Seconds since 1970. */
  readonly modified: number;
}

class Writer {
  readonly #bytes: number[] = [];
  u16(value: number): this {
    this.#bytes.push(value & 255, (value >>> 8) & 255);
    return this;
  }
  u32(value: number): this {
    return this.u16(value & limit16).u16(Math.floor(value / 65536) & limit16);
  }
  u64(value: number): this {
    return this.u32(value % 2 ** 32).u32(Math.floor(value / 2 ** 32));
  }
  bytes(more: Uint8Array): this {
    for (const byte of more) this.#bytes.push(byte);
    return this;
  }
  get size(): number {
    return this.#bytes.length;
  }
  take(): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(this.#bytes);
  }
}

// MS-DOS has no time before 1980 and none after 2107; a second field has the time as it is.
function dosTime(seconds: number): { readonly time: number; readonly date: number } {
  const at = new Date(Math.min(Math.max(seconds, 315_619_200), 4_354_819_199) * 1000);
  return {
    time: (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1),
    date: ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate(),
  };
}

function timeField(modified: number): Uint8Array {
  if (modified < -(2 ** 31) || modified >= 2 ** 31) return new Uint8Array();
  return new Writer().u16(0x5455).u16(5).bytes(Uint8Array.of(1)).u32(modified >>> 0).take();
}

/** The header before a file's bytes. */
export function localHeader(entry: ZipEntry): Uint8Array<ArrayBuffer> {
  const name = new TextEncoder().encode(entry.path);
  const isLarge = entry.size >= limit32;
  const extra = new Writer();
  if (isLarge) extra.u16(1).u16(16).u64(entry.size).u64(entry.size);
  extra.bytes(timeField(entry.modified));
  const { time, date } = dosTime(entry.modified);
  const size = isLarge ? limit32 : entry.size;
  return new Writer()
    .u32(0x04034b50)
    .u16(isLarge ? versionZip64 : versionStored)
    .u16(utf8Names)
    .u16(0)
    .u16(time)
    .u16(date)
    .u32(entry.crc)
    .u32(size)
    .u32(size)
    .u16(name.length)
    .u16(extra.size)
    .bytes(name)
    .bytes(extra.take())
    .take();
}

function centralHeader(entry: ZipEntry, offset: number): Uint8Array<ArrayBuffer> {
  const name = new TextEncoder().encode(entry.path);
  const isLarge = entry.size >= limit32;
  const isFar = offset >= limit32;
  const extra = new Writer();
  if (isLarge || isFar) {
    extra.u16(1).u16((isLarge ? 16 : 0) + (isFar ? 8 : 0));
    if (isLarge) extra.u64(entry.size).u64(entry.size);
    if (isFar) extra.u64(offset);
  }
  extra.bytes(timeField(entry.modified));
  const { time, date } = dosTime(entry.modified);
  const size = isLarge ? limit32 : entry.size;
  const version = isLarge || isFar ? versionZip64 : versionStored;
  const isFolder = entry.path.endsWith('/');
  return new Writer()
    .u32(0x02014b50)
    .u16((3 << 8) | version)
    .u16(version)
    .u16(utf8Names)
    .u16(0)
    .u16(time)
    .u16(date)
    .u32(entry.crc)
    .u32(size)
    .u32(size)
    .u16(name.length)
    .u16(extra.size)
    .u16(0)
    .u16(0)
    .u16(0)
    .u32(isFolder ? 0o040755 * 65536 + 16 : 0o100644 * 65536)
    .u32(isFar ? limit32 : offset)
    .bytes(name)
    .bytes(extra.take())
    .take();
}

/** What follows the last file. */
export function* centralDirectory(entries: readonly ZipEntry[]): Generator<Uint8Array<ArrayBuffer>, void> {
  let offset = 0;
  let size = 0;
  for (const entry of entries) {
    const header = centralHeader(entry, offset);
    size += header.length;
    offset += localHeader(entry).length + entry.size;
    yield header;
  }
  const isZip64 = entries.length >= limit16 || offset >= limit32 || size >= limit32;
  if (isZip64) {
    yield new Writer()
      .u32(0x06064b50)
      .u64(44)
      .u16((3 << 8) | versionZip64)
      .u16(versionZip64)
      .u32(0)
      .u32(0)
      .u64(entries.length)
      .u64(entries.length)
      .u64(size)
      .u64(offset)
      .take();
    yield new Writer().u32(0x07064b50).u32(0).u64(offset + size).u32(1).take();
  }
  const count = Math.min(entries.length, limit16);
  yield new Writer()
    .u32(0x06054b50)
    .u16(0)
    .u16(0)
    .u16(count)
    .u16(count)
    .u32(Math.min(size, limit32))
    .u32(Math.min(offset, limit32))
    .u16(0)
    .take();
}

export interface Archive {
  readonly blob: Blob;
  /** Names that a system would refuse, changed. */
  readonly renamed: readonly SavedAs[];
}

/** Reads every file once, for its checksum. `onRead`: bytes so far. Throws aborted, and what reading throws. */
export async function zipOf(
  files: readonly ReceivedFile[],
  onRead: (bytes: number) => void,
  signal: AbortSignal,
): Promise<Archive> {
  const parts: BlobPart[] = [];
  const entries: ZipEntry[] = [];
  const renamed: SavedAs[] = [];
  const taken = new Set<string>();
  let readBytes = 0;
  for (const file of files) {
    const path = freeIn(taken, file.path.split('/').map(savableName).join('/'));
    if (path !== file.path) renamed.push({ path: file.path, savedAs: path });
    const crc = await crcOf(file.blob, signal, (bytes) => {
      readBytes += bytes;
      onRead(readBytes);
    });
    const entry = { path, size: file.size, crc, modified: file.modified };
    entries.push(entry);
    parts.push(localHeader(entry), file.blob);
  }
  return { blob: new Blob([...parts, ...centralDirectory(entries)], { type: 'application/zip' }), renamed };
}

// Explorer and Finder take "A" and "a" for one name.
function freeIn(taken: Set<string>, wanted: string): string {
  for (const path of numberedPaths(wanted)) {
    const name = path.normalize('NFC').toLowerCase();
    if (taken.has(name)) continue;
    taken.add(name);
    return path;
  }
  return wanted;
}

async function crcOf(blob: Blob, signal: AbortSignal, onRead: (bytes: number) => void): Promise<number> {
  const reader = blob.stream().getReader();
  let crc = 0;
  for (;;) {
    signal.throwIfAborted();
    const { value, done } = await reader.read();
    if (done) return crc;
    crc = crc32(value, crc);
    onRead(value.length);
  }
}

// Eight bytes at a time ("slicing by 8"): the tables say what each of them does to the remainder.
const tables = makeTables();

function makeTables(): readonly Uint32Array[] {
  const all = Array.from({ length: 8 }, () => new Uint32Array(256));
  const [first] = all;
  if (first === undefined) return all;
  for (let byte = 0; byte < 256; byte += 1) {
    let value = byte;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    first[byte] = value >>> 0;
  }
  for (let table = 1; table < 8; table += 1)
    for (let byte = 0; byte < 256; byte += 1) {
      const before = all[table - 1]?.[byte] ?? 0;
      (all[table] as Uint32Array)[byte] = ((before >>> 8) ^ (first[before & 255] ?? 0)) >>> 0;
    }
  return all;
}

/** `before`: of what came before, 0 at the beginning. */
export function crc32(bytes: Uint8Array, before = 0): number {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as [Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array];
  let crc = ~before;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = bytes.length - (bytes.length % 8);
  const of = (table: Uint32Array, index: number): number => table[index & 255] ?? 0;
  for (let at = 0; at < whole; at += 8) {
    const low = view.getUint32(at, true) ^ crc;
    const high = view.getUint32(at + 4, true);
    crc =
      of(t7, low) ^ of(t6, low >>> 8) ^ of(t5, low >>> 16) ^ of(t4, low >>> 24) ^
      of(t3, high) ^ of(t2, high >>> 8) ^ of(t1, high >>> 16) ^ of(t0, high >>> 24);
  }
  for (let at = whole; at < bytes.length; at += 1) crc = of(t0, crc ^ (bytes[at] ?? 0)) ^ (crc >>> 8);
  return ~crc >>> 0;
}
