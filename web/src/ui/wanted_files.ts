// Which files an unfinished sending wants back: a browser keeps none, so the person chooses them again. Pure.
import type { SourceEntry, StoredOrder } from '../transfer/types.ts';

export interface WantedFile {
  readonly path: string;
  readonly size: number;
  /** differs: one of this name was chosen, and it isn't the same. */
  readonly state: 'missing' | 'differs' | 'there';
}

export function wantedFiles(order: StoredOrder | undefined, chosen: readonly SourceEntry[]): readonly WantedFile[] {
  const byPath = new Map(chosen.map((entry) => [entry.path, entry.file]));
  return (order?.files ?? []).map(({ path, size, modified }): WantedFile => {
    const file = byPath.get(path);
    if (file === undefined) return { path, size, state: 'missing' };
    const isSame = file.size === size && Math.floor(file.lastModified / 1000) === modified;
    return { path, size, state: isSame ? 'there' : 'differs' };
  });
}
