// A whole age file in its two parts. A header ends with the line that begins with "--- ".
import { SealiftError } from '../api/error.ts';

const headerSizeMax = 4 * 1024 * 1024;

export interface SealedFile {
  readonly header: Uint8Array<ArrayBuffer>;
  readonly payload: Uint8Array<ArrayBuffer>;
}

/** Throws malformed. */
export function splitHeader(sealed: Uint8Array): SealedFile {
  const text = new TextDecoder('latin1').decode(sealed.subarray(0, headerSizeMax));
  const mac = text.indexOf('\n--- ');
  const end = mac < 0 ? -1 : text.indexOf('\n', mac + 1);
  if (end < 0) throw new SealiftError('malformed', 'a sealed file without a header');
  return { header: sealed.slice(0, end + 1), payload: sealed.slice(end + 1) };
}
