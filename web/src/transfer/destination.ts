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
import type { Destination } from './types.ts';

export type DestinationKind = Destination['kind'];

export const memoryBytesMax = 64 * 1024 * 1024;

/** Which steps of the ladder this browser has for these entries, best first. Empty: the command line. */
export function possibleDestinations(_entries: readonly ManifestEntry[]): Promise<readonly DestinationKind[]> {
  return Promise.reject(new SealiftError('unsupported', 'receiving in the browser is not there yet'));
}

/** Asks the person where a step needs it; called from a click. Throws aborted when nothing was chosen. */
export function makeDestination(_kind: DestinationKind, _entries: readonly ManifestEntry[]): Promise<Destination> {
  return Promise.reject(new SealiftError('unsupported', 'receiving in the browser is not there yet'));
}
