// The download ladder: which of the ways in which a browser can keep a file is used. From the top:
//
//   folder         a folder that the person picks (Chromium)        any size, any number of entries
//   file           a file that the person names (Chromium)          any size, one entry
//   private_disk   the browser's own disk, saved afterwards         as much as the browser gives
//   memory         a Blob, saved afterwards                         small ones (memoryBytesMax)
//   none           the command line takes it
//
// Every step is tried out before an opening is taken (probeLadder): a browser that names a step and can't take it
// must not cost one.
//
// Never a service worker: Firefox ends it after half a minute and leaves a truncated file under its
// final name (measured; docs/decisions).
import type { ManifestEntry } from '../crypto/core.ts';
import type { DiskLane } from '../crypto/core_pool.ts';
import { SealiftError } from '../api/error.ts';
import { numberedPaths, savableName } from './file_names.ts';
import type { Destination, EntrySink, ReceivedFile, SavedAs } from './types.ts';

export type DestinationKind = Destination['kind'];

export const memoryBytesMax = 64 * 1024 * 1024;

// What TypeScript's library does not know yet, and not every browser has.
interface Pickers {
  showDirectoryPicker?(options: { mode: 'readwrite' }): Promise<FileSystemDirectoryHandle>;
  showSaveFilePicker?(options: { suggestedName: string }): Promise<FileSystemFileHandle>;
}
const pickers = globalThis as Pickers;

/** What this browser has, tried out before an opening is taken. */
export interface Ladder {
  readonly hasFolders: boolean;
  readonly hasFiles: boolean;
  /** 0: no private disk (old browsers, private windows). */
  readonly privateBytes: number;
}

export async function probeLadder(disk: DiskLane): Promise<Ladder> {
  const canStream = 'FileSystemFileHandle' in globalThis && 'createWritable' in FileSystemFileHandle.prototype;
  return {
    hasFolders: canStream && pickers.showDirectoryPicker !== undefined,
    hasFiles: canStream && pickers.showSaveFilePicker !== undefined,
    privateBytes: await privateBytesFree(disk),
  };
}

/** What it can take at most, whatever is in the parcel. */
export function bytesMaxOf(ladder: Ladder): number {
  if (ladder.hasFolders) return Number.POSITIVE_INFINITY;
  return Math.max(memoryBytesMax, privateRoom(ladder));
}

function privateRoom(ladder: Ladder): number {
  return Math.max(0, (ladder.privateBytes - 1024 * 1024) / 1.05);
}

/** Which steps of the ladder there are for these entries, best first. Empty: the command line. */
export function possibleDestinations(ladder: Ladder, entries: readonly ManifestEntry[]): readonly DestinationKind[] {
  const bytes = entries.reduce((total, entry) => total + entry.size, 0);
  const kinds: DestinationKind[] = [];
  const isOneFile = entries.length === 1 && entries[0]?.kind === 'file';
  if (isOneFile && ladder.hasFiles) kinds.push('file');
  if (ladder.hasFolders) kinds.push('folder');
  // Both end in a list to save from; the disk takes more.
  if (privateRoom(ladder) > bytes) kinds.push('private_disk');
  else if (bytes <= memoryBytesMax) kinds.push('memory');
  return kinds;
}

/** Asks the person where a step needs it; called from a click. Throws aborted when nothing was chosen. */
export async function makeDestination(
  kind: DestinationKind,
  entries: readonly ManifestEntry[],
  disk: DiskLane,
): Promise<Destination> {
  switch (kind) {
    case 'folder':
      return new FolderDestination(await asked(pickers.showDirectoryPicker?.({ mode: 'readwrite' })));
    case 'file': {
      const suggestedName = savableName(entries[0]?.path.split('/').at(-1) ?? 'file');
      return new FileDestination(await asked(pickers.showSaveFilePicker?.({ suggestedName })));
    }
    case 'private_disk':
      return PrivateDiskDestination.create(disk);
    case 'memory':
      return new MemoryDestination();
  }
}

async function asked<Handle>(picker: Promise<Handle> | undefined): Promise<Handle> {
  if (picker === undefined) throw new SealiftError('unsupported', 'this browser has no file picker');
  try {
    return await picker;
  } catch {
    throw new SealiftError('aborted', 'nothing was chosen');
  }
}

// By writing to it: that it is there says nothing of whether it takes a file.
async function privateBytesFree(disk: DiskLane): Promise<number> {
  try {
    const file = freshFile();
    const folder = `sealift-probe-${crypto.randomUUID()}`;
    await disk.ask({ act: 'open', file, folder, name: 'probe' });
    await disk.ask({ act: 'write', file, size: 1, buffer: new ArrayBuffer(1) });
    await disk.ask({ act: 'abandon', file });
    await disk.ask({ act: 'remove', folder });
    const { quota = 0, usage = 0 } = await navigator.storage.estimate();
    return quota - usage;
  } catch {
    return 0;
  }
}

/** Writes to a handle. The browser keeps the bytes apart until close(). */
class HandleSink implements EntrySink {
  readonly #stream: FileSystemWritableFileStream;

  private constructor(stream: FileSystemWritableFileStream) {
    this.#stream = stream;
  }

  static async open(handle: FileSystemFileHandle): Promise<HandleSink> {
    return new HandleSink(await onDisk(handle.createWritable()));
  }

  write(bytes: Uint8Array): Promise<void> {
    return onDisk(this.#stream.write(bytes as Uint8Array<ArrayBuffer>));
  }
  close(): Promise<void> {
    return onDisk(this.#stream.close());
  }
  async abort(): Promise<void> {
    await this.#stream.abort().catch(() => undefined);
  }
}

async function onDisk<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    const isFull = error instanceof DOMException && error.name === 'QuotaExceededError';
    throw new SealiftError(isFull ? 'no_space' : 'io', 'the disk did not take it');
  }
}

class FolderDestination implements Destination {
  readonly kind = 'folder';
  readonly #root: FileSystemDirectoryHandle;
  readonly #open = new Map<HandleSink, () => Promise<void>>();
  readonly #renamed: SavedAs[] = [];

  constructor(root: FileSystemDirectoryHandle) {
    this.#root = root;
  }

  async begin(entry: ManifestEntry): Promise<EntrySink> {
    const parts = entry.path.split('/');
    const name = parts.pop() ?? '';
    const saved: string[] = [];
    let folder = this.#root;
    for (const part of entry.kind === 'folder' ? [...parts, name] : parts) {
      const below = await folderIn(folder, part);
      saved.push(below.name);
      folder = below;
    }
    if (entry.kind === 'folder') {
      this.#note(entry.path, saved.join('/'));
      return { write: () => Promise.resolve(), close: () => Promise.resolve() };
    }
    const handle = await newFileIn(folder, name);
    const sink = await HandleSink.open(handle);
    this.#open.set(sink, () => folder.removeEntry(handle.name));
    return {
      write: (bytes) => sink.write(bytes),
      close: async () => {
        await sink.close();
        this.#open.delete(sink);
        this.#note(entry.path, [...saved, handle.name].join('/'));
      },
    };
  }

  #note(path: string, savedAs: string): void {
    if (savedAs !== path) this.#renamed.push({ path, savedAs });
  }

  files(): Promise<readonly ReceivedFile[]> {
    return Promise.resolve([]);
  }
  renamed(): readonly SavedAs[] {
    return this.#renamed;
  }

  async abandon(): Promise<void> {
    for (const [sink, remove] of this.#open) {
      await sink.abort();
      await remove().catch(() => undefined);
    }
    this.#open.clear();
  }
}

// The browser's own refusals of names are no table of ours: what it refuses gets a name that it takes.
async function named<Handle>(name: string, make: (name: string) => Promise<Handle>): Promise<Handle> {
  try {
    return await make(name);
  } catch (error) {
    const isRefused = error instanceof TypeError || (error instanceof DOMException && refusals.has(error.name));
    if (!isRefused) return onDisk(Promise.reject(error as Error));
    const plain = savableName(name);
    return onDisk(make(plain === name ? `${name}_` : plain));
  }
}
const refusals = new Set(['SecurityError', 'NotAllowedError', 'TypeMismatchError']);

function folderIn(folder: FileSystemDirectoryHandle, name: string): Promise<FileSystemDirectoryHandle> {
  return named(name, (each) => folder.getDirectoryHandle(each, { create: true }));
}

// What is there already stays: the new file gets a number.
function newFileIn(folder: FileSystemDirectoryHandle, name: string): Promise<FileSystemFileHandle> {
  return named(name, async (wanted) => {
    for (const free of numberedPaths(wanted))
      if (!(await exists(folder, free))) return folder.getFileHandle(free, { create: true });
    throw new SealiftError('internal', 'numbers have an end');
  });
}

async function exists(folder: FileSystemDirectoryHandle, name: string): Promise<boolean> {
  try {
    await folder.getFileHandle(name);
    return true;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return false;
    if (error instanceof DOMException && error.name === 'TypeMismatchError') return true;
    throw error;
  }
}

class FileDestination implements Destination {
  readonly kind = 'file';
  readonly #handle: FileSystemFileHandle;
  #sink: HandleSink | undefined;

  constructor(handle: FileSystemFileHandle) {
    this.#handle = handle;
  }

  async begin(): Promise<EntrySink> {
    this.#sink = await HandleSink.open(this.#handle);
    return this.#sink;
  }
  files(): Promise<readonly ReceivedFile[]> {
    return Promise.resolve([]);
  }
  renamed(): readonly SavedAs[] {
    return [];
  }
  async abandon(): Promise<void> {
    await this.#sink?.abort();
  }
}

export const privateFolder = 'sealift-received';
const writesAhead = 3;
const diskBufferSize = 4 * 1024 * 1024;
let files = 0;

function freshFile(): number {
  files += 1;
  return files;
}

/** Files of the browser's own, named by their place; the page offers them to be saved. */
class PrivateDiskDestination implements Destination {
  readonly kind = 'private_disk';
  readonly #disk: DiskLane;
  readonly #folder: string;
  readonly #files = new Map<string, ManifestEntry>();
  readonly #open = new Set<DiskSink>();

  private constructor(disk: DiskLane, folder: string) {
    this.#disk = disk;
    this.#folder = folder;
  }

  static async create(disk: DiskLane): Promise<PrivateDiskDestination> {
    const name = `${String(Date.now())}-${String(Math.floor(performance.now()))}`;
    await hold(name);
    return new PrivateDiskDestination(disk, `${privateFolder}/${name}`);
  }

  async begin(entry: ManifestEntry, place: number): Promise<EntrySink> {
    if (entry.kind === 'folder') return { write: () => Promise.resolve(), close: () => Promise.resolve() };
    const name = String(place);
    const sink = await DiskSink.open(this.#disk, this.#folder, name);
    this.#open.add(sink);
    return {
      write: (bytes) => sink.write(bytes),
      close: async () => {
        await sink.close();
        this.#open.delete(sink);
        this.#files.set(name, entry);
      },
    };
  }

  async files(): Promise<readonly ReceivedFile[]> {
    if (this.#files.size === 0) return [];
    let folder = await onDisk(navigator.storage.getDirectory());
    for (const part of this.#folder.split('/')) folder = await onDisk(folder.getDirectoryHandle(part));
    const all = [...this.#files].map(async ([name, entry]) => {
      const handle = await onDisk(folder.getFileHandle(name));
      const discard = (): Promise<void> => folder.removeEntry(name).catch(() => undefined);
      const { path, size, modified } = entry;
      return { path, size, modified, blob: await onDisk(handle.getFile()), discard };
    });
    return Promise.all(all);
  }
  renamed(): readonly SavedAs[] {
    return [];
  }

  async abandon(): Promise<void> {
    for (const sink of this.#open) await sink.abandon();
    this.#open.clear();
  }
}

/** Writes run behind: a few buffers are on their way to the worker while the next is filled. */
class DiskSink implements EntrySink {
  readonly #disk: DiskLane;
  readonly #file: number;
  readonly #spare: ArrayBuffer[] = [];
  readonly #writes: Promise<void>[] = [];
  #made = 0;
  #failure: unknown;

  private constructor(disk: DiskLane, file: number) {
    this.#disk = disk;
    this.#file = file;
  }

  static async open(disk: DiskLane, folder: string, name: string): Promise<DiskSink> {
    const file = freshFile();
    await disk.ask({ act: 'open', file, folder, name });
    return new DiskSink(disk, file);
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; at += diskBufferSize) {
      const buffer = await this.#room(Math.min(bytes.length, diskBufferSize));
      const part = bytes.subarray(at, at + buffer.byteLength);
      new Uint8Array(buffer).set(part);
      this.#writes.push(this.#send(buffer, part.length));
    }
  }

  // Small files get small buffers.
  async #room(size: number): Promise<ArrayBuffer> {
    while (this.#writes.length >= writesAhead) await this.#writes.shift();
    this.#judge();
    const spare = this.#spare.pop();
    if (spare !== undefined && spare.byteLength >= size) return spare;
    this.#made += 1;
    return new ArrayBuffer(this.#made === 1 ? size : diskBufferSize);
  }

  async #send(buffer: ArrayBuffer, size: number): Promise<void> {
    try {
      const back = await this.#disk.ask({ act: 'write', file: this.#file, size, buffer });
      if (back !== undefined) this.#spare.push(back);
    } catch (error) {
      this.#failure ??= error;
    }
  }

  #judge(): void {
    if (this.#failure !== undefined) throw this.#failure as Error;
  }

  async close(): Promise<void> {
    await Promise.all(this.#writes.splice(0));
    this.#judge();
    await this.#disk.ask({ act: 'close', file: this.#file });
  }

  async abandon(): Promise<void> {
    await Promise.all(this.#writes.splice(0));
    await this.#disk.ask({ act: 'abandon', file: this.#file }).catch(() => undefined);
  }
}

/**
 * Everything on the private disk that no other page of this server's uses: what this page received, and what earlier
 * visits left. Called at start, and when somebody leaves.
 */
export async function clearPrivateDisk(): Promise<void> {
  const own = new Set(held.keys());
  for (const release of held.values()) release();
  held.clear();
  try {
    const root = await navigator.storage.getDirectory();
    const all = await root.getDirectoryHandle(privateFolder);
    for await (const name of (all as unknown as { keys(): AsyncIterable<string> }).keys()) {
      await navigator.locks.request(lockName(name), { ifAvailable: true }, async (lock) => {
        // The lock of our own goes only a moment after it was released.
        // A file that another page has open stays; what follows it goes.
        if (lock !== null || own.has(name)) await all.removeEntry(name, { recursive: true }).catch(() => undefined);
      });
    }
  } catch {
    // Nothing there, or no private disk.
  }
}

// Of this page's folders on the private disk: lets each be cleared.
const held = new Map<string, () => void>();

function lockName(folder: string): string {
  return `sealift-private-disk-${folder}`;
}

// Until it is released, or the page is gone: another page's start doesn't clear what is being received here.
function hold(folder: string): Promise<void> {
  return new Promise((resolve) => {
    void navigator.locks.request(lockName(folder), () => {
      return new Promise<void>((release) => {
        held.set(folder, release);
        resolve();
      });
    });
  });
}

export class MemoryDestination implements Destination {
  readonly kind = 'memory';
  readonly #files: ReceivedFile[] = [];

  begin(entry: ManifestEntry): Promise<EntrySink> {
    const parts: Uint8Array<ArrayBuffer>[] = [];
    return Promise.resolve({
      write: (bytes: Uint8Array) => {
        parts.push(Uint8Array.from(bytes));
        return Promise.resolve();
      },
      close: () => {
        if (entry.kind === 'folder') return Promise.resolve();
        const { path, size, modified } = entry;
        this.#files.push({ path, size, modified, blob: new Blob(parts), discard: () => Promise.resolve() });
        return Promise.resolve();
      },
    });
  }
  files(): Promise<readonly ReceivedFile[]> {
    return Promise.resolve([...this.#files]);
  }
  renamed(): readonly SavedAs[] {
    return [];
  }
  abandon(): Promise<void> {
    return Promise.resolve();
  }
}
