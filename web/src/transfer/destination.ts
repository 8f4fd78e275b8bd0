// The download ladder: which of the ways in which a browser can keep a file is used. From the top:
//
//   folder         a folder that the person picks (Chromium)        any size, any number of entries
//   file           a file that the person names (Chromium)          any size, one entry
//   private_disk   the browser's own disk, saved afterwards         as much as the browser gives
//   memory         a Blob, saved afterwards                         small ones (memoryBytesMax)
//   none           the command line takes it
//
// Never a service worker: Firefox ends it after half a minute and leaves a truncated file under its
// final name (measured; docs/decisions).
import type { ManifestEntry } from '../crypto/core.ts';
import { SealiftError } from '../api/error.ts';
import type { Destination, EntrySink, ReceivedFile } from './types.ts';

export type DestinationKind = Destination['kind'];

export const memoryBytesMax = 64 * 1024 * 1024;

// What TypeScript's library does not know yet, and not every browser has.
interface Pickers {
  showDirectoryPicker?(options: { mode: 'readwrite' }): Promise<FileSystemDirectoryHandle>;
  showSaveFilePicker?(options: { suggestedName: string }): Promise<FileSystemFileHandle>;
}
const pickers = globalThis as Pickers;

/** Which steps of the ladder this browser has for these entries, best first. Empty: the command line. */
export async function possibleDestinations(entries: readonly ManifestEntry[]): Promise<readonly DestinationKind[]> {
  const bytes = entries.reduce((total, entry) => total + entry.size, 0);
  const kinds: DestinationKind[] = [];
  const isOneFile = entries.length === 1 && entries[0]?.kind === 'file';
  if (isOneFile && pickers.showSaveFilePicker !== undefined) kinds.push('file');
  if (pickers.showDirectoryPicker !== undefined) kinds.push('folder');
  if ((await privateBytesFree()) > bytes * 1.05 + 1024 * 1024) kinds.push('private_disk');
  if (bytes <= memoryBytesMax) kinds.push('memory');
  return kinds;
}

/** Asks the person where a step needs it; called from a click. Throws aborted when nothing was chosen. */
export async function makeDestination(kind: DestinationKind, entries: readonly ManifestEntry[]): Promise<Destination> {
  switch (kind) {
    case 'folder':
      return new FolderDestination(await asked(pickers.showDirectoryPicker?.({ mode: 'readwrite' })));
    case 'file': {
      const suggestedName = entries[0]?.path.split('/').at(-1) ?? 'file';
      return new FileDestination(await asked(pickers.showSaveFilePicker?.({ suggestedName })));
    }
    case 'private_disk':
      return PrivateDiskDestination.create();
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

// 0 where there is no private disk: old browsers, and private windows of Firefox.
async function privateBytesFree(): Promise<number> {
  try {
    await navigator.storage.getDirectory();
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

  constructor(root: FileSystemDirectoryHandle) {
    this.#root = root;
  }

  async begin(entry: ManifestEntry): Promise<EntrySink> {
    const parts = entry.path.split('/');
    const name = parts.pop() ?? '';
    let folder = this.#root;
    for (const part of parts) folder = await onDisk(folder.getDirectoryHandle(part, { create: true }));
    if (entry.kind === 'folder') {
      await onDisk(folder.getDirectoryHandle(name, { create: true }));
      return { write: () => Promise.resolve(), close: () => Promise.resolve() };
    }
    if (await exists(folder, name)) throw new SealiftError('conflict', 'a file of that name is there already');
    const sink = await HandleSink.open(await onDisk(folder.getFileHandle(name, { create: true })));
    this.#open.set(sink, () => folder.removeEntry(name));
    return {
      write: (bytes) => sink.write(bytes),
      close: async () => {
        await sink.close();
        this.#open.delete(sink);
      },
    };
  }

  files(): Promise<readonly ReceivedFile[]> {
    return Promise.resolve([]);
  }

  async abandon(): Promise<void> {
    for (const [sink, remove] of this.#open) {
      await sink.abort();
      await remove().catch(() => undefined);
    }
    this.#open.clear();
  }
}

async function exists(folder: FileSystemDirectoryHandle, name: string): Promise<boolean> {
  try {
    await folder.getFileHandle(name);
    return true;
  } catch (error) {
    return !(error instanceof DOMException && error.name === 'NotFoundError');
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
  async abandon(): Promise<void> {
    await this.#sink?.abort();
  }
}

const privateFolder = 'sealift-received';

/** Files of the browser's own, named by their place; the page offers them to be saved. */
class PrivateDiskDestination implements Destination {
  readonly kind = 'private_disk';
  readonly #folder: FileSystemDirectoryHandle;
  readonly #files = new Map<string, { readonly entry: ManifestEntry; readonly handle: FileSystemFileHandle }>();
  readonly #open = new Set<HandleSink>();

  private constructor(folder: FileSystemDirectoryHandle) {
    this.#folder = folder;
  }

  static async create(): Promise<PrivateDiskDestination> {
    const root = await onDisk(navigator.storage.getDirectory());
    const all = await onDisk(root.getDirectoryHandle(privateFolder, { create: true }));
    const name = `${String(Date.now())}-${String(Math.floor(performance.now()))}`;
    await hold(name);
    return new PrivateDiskDestination(await onDisk(all.getDirectoryHandle(name, { create: true })));
  }

  async begin(entry: ManifestEntry, place: number): Promise<EntrySink> {
    if (entry.kind === 'folder') return { write: () => Promise.resolve(), close: () => Promise.resolve() };
    const name = String(place);
    const handle = await onDisk(this.#folder.getFileHandle(name, { create: true }));
    const sink = await HandleSink.open(handle);
    this.#open.add(sink);
    return {
      write: (bytes) => sink.write(bytes),
      close: async () => {
        await sink.close();
        this.#open.delete(sink);
        this.#files.set(name, { entry, handle });
      },
    };
  }

  async files(): Promise<readonly ReceivedFile[]> {
    const files = [...this.#files.values()].map(async ({ entry, handle }) => {
      const discard = (): Promise<void> => this.#folder.removeEntry(handle.name).catch(() => undefined);
      return { path: entry.path, size: entry.size, blob: await onDisk(handle.getFile()), discard };
    });
    return Promise.all(files);
  }

  async abandon(): Promise<void> {
    for (const sink of this.#open) await sink.abort();
    for (const name of this.#files.keys()) await this.#folder.removeEntry(name).catch(() => undefined);
    this.#files.clear();
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
        if (lock !== null || own.has(name)) await all.removeEntry(name, { recursive: true });
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
        if (entry.kind === 'file') this.#files.push({ path: entry.path, size: entry.size, blob: new Blob(parts), discard: () => Promise.resolve() });
        return Promise.resolve();
      },
    });
  }
  files(): Promise<readonly ReceivedFile[]> {
    return Promise.resolve([...this.#files]);
  }
  abandon(): Promise<void> {
    this.#files.length = 0;
    return Promise.resolve();
  }
}
