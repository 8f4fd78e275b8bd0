// Which received files a page shows, and as what: by the ending alone, and never as something that a browser would run.
// Pure. What is shown is in a frame of its own without scripts and without this origin (parts/Preview.svelte).
import { endingOf } from '../transfer/file_names.ts';

export interface Preview {
  readonly kind: 'picture' | 'text';
  /** What the browser is told that it is. */
  readonly type: string;
}

/** More of a text is cut off, more of a picture isn't shown. */
export const previewBytesMax = 32_000_000;
export const textBytesMax = 1_000_000;

const pictures: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  bmp: 'image/bmp',
};
// Pages and drawings that have scripts are texts here: their source is shown.
const texts: ReadonlySet<string> = new Set(['txt', 'csv', 'tsv', 'md', 'log', 'json', 'xml', 'html', 'htm', 'svg', 'eml', 'ics', 'vcf', 'yaml', 'yml', 'ini', 'sql']);

export function previewOf(path: string, size: number): Preview | undefined {
  const ending = endingOf(path);
  const picture = Object.hasOwn(pictures, ending) ? pictures[ending] : undefined;
  if (picture !== undefined) return size > 0 && size <= previewBytesMax ? { kind: 'picture', type: picture } : undefined;
  return texts.has(ending) && size > 0 ? { kind: 'text', type: 'text/plain;charset=utf-8' } : undefined;
}
