// From what a person drops or picks to the entries of a parcel: files with their paths below what was
// chosen, and the folders above them.
import type { SourceEntry } from '../transfer/types.ts';

export interface Picked {
  readonly entries: readonly SourceEntry[];
  /** Names that a parcel cannot hold (control characters, backslashes): they are left out, and said so. */
  readonly refused: readonly string[];
}

const componentBytesMax = 255;
const pathBytesMax = 4096;

export function isSendable(path: string): boolean {
  const bytes = (text: string): number => new TextEncoder().encode(text).length;
  const parts = path.split('/');
  return (
    parts.length <= 64 &&
    bytes(path) <= pathBytesMax &&
    // eslint-disable-next-line no-control-regex
    !/[\u0000-\u001f\u007f-\u009f\\]/.test(path) &&
    parts.every((part) => part !== '' && part !== '.' && part !== '..' && bytes(part) <= componentBytesMax)
  );
}

function sorted(found: readonly SourceEntry[]): Picked {
  const entries = new Map<string, SourceEntry>();
  const refused: string[] = [];
  for (const entry of found) {
    if (!isSendable(entry.path)) {
      refused.push(entry.path);
      continue;
    }
    const parts = entry.path.split('/');
    for (let depth = 1; depth < parts.length; depth += 1) {
      const folder = parts.slice(0, depth).join('/');
      if (!entries.has(folder)) entries.set(folder, { path: folder });
    }
    entries.set(entry.path, entry);
  }
  return { entries: [...entries.values()], refused };
}

export function pickedFiles(files: Iterable<File>): Picked {
  return sorted([...files].map((file) => ({ path: file.webkitRelativePath || file.name, file })));
}

/** Reads a drop; called in the event itself, because its items are gone after it. */
export async function droppedFiles(transfer: DataTransfer): Promise<Picked> {
  const roots = [...transfer.items]
    .filter((item) => item.kind === 'file')
    .map((item) => item.webkitGetAsEntry())
    .filter((entry) => entry !== null);
  if (roots.length === 0) return pickedFiles(transfer.files);
  const found: SourceEntry[] = [];
  for (const root of roots) await walk(root, '', found);
  return sorted(found);
}

async function walk(entry: FileSystemEntry, above: string, found: SourceEntry[]): Promise<void> {
  const path = above === '' ? entry.name : `${above}/${entry.name}`;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => {
      (entry as FileSystemFileEntry).file(resolve, reject);
    });
    found.push({ path, file });
    return;
  }
  found.push({ path });
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    // A browser gives a hundred at a time.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (some.length === 0) return;
    for (const each of some) await walk(each, path, found);
  }
}

/** Both together; what is chosen later replaces what has the same path. */
export function merged(before: readonly SourceEntry[], more: readonly SourceEntry[]): readonly SourceEntry[] {
  const all = new Map(before.map((entry) => [entry.path, entry]));
  for (const entry of more) all.set(entry.path, entry);
  return [...all.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** Without the entry, and without what is below it. */
export function without(entries: readonly SourceEntry[], path: string): readonly SourceEntry[] {
  return entries.filter((entry) => entry.path !== path && !entry.path.startsWith(`${path}/`));
}

export function sizeOf(entries: readonly SourceEntry[]): number {
  return entries.reduce((sum, entry) => sum + (entry.file?.size ?? 0), 0);
}
