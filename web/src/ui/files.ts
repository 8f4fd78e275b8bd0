// From what a person drops or picks to the entries of a parcel: files with their paths below what was
// chosen, and the folders above them. Two files of one name are both kept: every photograph that a phone
// takes is called image.jpg.
import { numberedPaths } from '../transfer/file_names.ts';
import type { SourceEntry } from '../transfer/types.ts';

export interface Renamed {
  readonly from: string;
  readonly to: string;
}

export interface Picked {
  readonly entries: readonly SourceEntry[];
  /** Names that a parcel can't hold (control characters, backslashes): left out, and the person is told. */
  readonly refused: readonly string[];
  /** Files that another name was given, because theirs was taken. */
  readonly renamed: readonly Renamed[];
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

/** What is chosen, beside `before`. Choosing the very same file again changes nothing. */
function gathered(before: readonly SourceEntry[], found: readonly SourceEntry[]): Picked {
  const entries = new Map(before.map((entry) => [entry.path, entry]));
  const refused: string[] = [];
  const renamed: Renamed[] = [];
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
    // Also one that was given a number before.
    for (const to of numberedPaths(entry.path)) {
      const there = entries.get(to);
      if (there !== undefined && isSame(there, entry)) break;
      if (there !== undefined) continue;
      entries.set(to, { ...entry, path: to });
      if (to !== entry.path) renamed.push({ from: entry.path, to });
      break;
    }
  }
  const inOrder = [...entries.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return { entries: inOrder, refused, renamed };
}

function isSame(a: SourceEntry, b: SourceEntry): boolean {
  if (a.file === undefined || b.file === undefined) return a.file === b.file;
  return a.file === b.file || (a.file.size === b.file.size && a.file.lastModified === b.file.lastModified);
}

/** Beside `before`, which is kept. */
export function pickedFiles(before: readonly SourceEntry[], files: Iterable<File>): Picked {
  return gathered(before, [...files].map((file) => ({ path: file.webkitRelativePath || file.name, file })));
}

/** Reads a drop; called in the event itself, because its items are gone after it. `before` is asked for at the end. */
export async function droppedFiles(transfer: DataTransfer, before: () => readonly SourceEntry[]): Promise<Picked> {
  const roots = [...transfer.items]
    .filter((item) => item.kind === 'file')
    .map((item) => item.webkitGetAsEntry())
    .filter((entry) => entry !== null);
  if (roots.length === 0) return pickedFiles(before(), transfer.files);
  const found: SourceEntry[] = [];
  for (const root of roots) await walk(root, '', found);
  return gathered(before(), found);
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

/** Without the entry, and without what is below it. */
export function without(entries: readonly SourceEntry[], path: string): readonly SourceEntry[] {
  return entries.filter((entry) => entry.path !== path && !entry.path.startsWith(`${path}/`));
}

export function sizeOf(entries: readonly SourceEntry[]): number {
  return entries.reduce((sum, entry) => sum + (entry.file?.size ?? 0), 0);
}
