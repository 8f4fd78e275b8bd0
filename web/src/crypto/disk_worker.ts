// The worker's half of the private disk: files of the browser's own, written through handles that only workers
// have. Every browser with a private disk has them; streams to write with came later, and to some never.
import { SealiftError } from '../api/error.ts';

export type DiskTask =
  | { readonly act: 'open'; readonly file: number; readonly folder: string; readonly name: string }
  | { readonly act: 'write'; readonly file: number; readonly size: number; readonly buffer: ArrayBuffer }
  | { readonly act: 'close'; readonly file: number }
  /** Closes, and takes what was written away. */
  | { readonly act: 'abandon'; readonly file: number }
  | { readonly act: 'remove'; readonly folder: string };

interface SyncHandle {
  write(bytes: Uint8Array, options: { at: number }): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}
type WithSyncHandle = FileSystemFileHandle & { createSyncAccessHandle(): Promise<SyncHandle> };

interface OpenFile {
  readonly handle: SyncHandle;
  readonly folder: FileSystemDirectoryHandle;
  readonly name: string;
  sizeBytes: number;
}

const open = new Map<number, OpenFile>();

/** Gives a written buffer back. Throws no_space, io, unsupported. */
export async function onDisk(task: DiskTask): Promise<ArrayBuffer | undefined> {
  try {
    return await take(task);
  } catch (error) {
    if (error instanceof SealiftError) throw error;
    const isFull = error instanceof DOMException && error.name === 'QuotaExceededError';
    throw new SealiftError(isFull ? 'no_space' : 'io', 'the private disk did not take it');
  }
}

async function take(task: DiskTask): Promise<ArrayBuffer | undefined> {
  switch (task.act) {
    case 'open':
      open.set(task.file, await openFile(task.folder, task.name));
      return undefined;
    case 'write':
      write(fileOf(task.file), new Uint8Array(task.buffer, 0, task.size));
      return task.buffer;
    case 'close':
      fileOf(task.file).handle.flush();
      close(task.file);
      return undefined;
    case 'abandon': {
      const { folder, name } = fileOf(task.file);
      close(task.file);
      await folder.removeEntry(name);
      return undefined;
    }
    case 'remove':
      await (await navigator.storage.getDirectory()).removeEntry(task.folder, { recursive: true });
      return undefined;
  }
}

async function openFile(path: string, name: string): Promise<OpenFile> {
  let folder = await navigator.storage.getDirectory();
  for (const part of path.split('/')) folder = await folder.getDirectoryHandle(part, { create: true });
  const file = (await folder.getFileHandle(name, { create: true })) as WithSyncHandle;
  if (!('createSyncAccessHandle' in file)) throw new SealiftError('unsupported', 'no private disk to write to');
  const handle = await file.createSyncAccessHandle();
  handle.truncate(0);
  return { handle, folder, name, sizeBytes: 0 };
}

// A disk that is full takes a part, and says so by the size alone.
function write(file: OpenFile, bytes: Uint8Array): void {
  const written = file.handle.write(bytes, { at: file.sizeBytes });
  if (written < bytes.length) throw new SealiftError('no_space', 'the private disk is full');
  file.sizeBytes += written;
}

function fileOf(number: number): OpenFile {
  const file = open.get(number);
  if (file === undefined) throw new SealiftError('internal', 'no such file is open');
  return file;
}

function close(number: number): void {
  fileOf(number).handle.close();
  open.delete(number);
}
