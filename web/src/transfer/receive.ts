// Receiving a parcel in the browser: open it (which counts), read its manifest, judge who sent it, take
// the files, hand in a receipt (src/client/transfer/receive_parcel.h). It ends in "verified, n bytes" or
// in an error, never in a file that looks whole and is not.
//
//   const opened = await openParcel(tools, opener);            a person's own click: it counts
//   const target = await chooseDestination(opened.entries);    transfer/destination.ts
//   const received = await receiveParcel(tools, opened, target, { onProgress, signal });
import { SealiftError } from '../api/error.ts';
import type { ManifestEntry } from '../crypto/core.ts';
import type { Destination, OnProgress, OpenedParcel, Opener, ParsedLink, ReceivedParcel, TransferTools } from './types.ts';

/** The parcel and secret of a link's path and fragment. Throws malformed; the text repeats nothing of it. */
export function parseLink(path: string, fragment: string): ParsedLink {
  const parcel = /^\/l\/([0-9a-f]{32})$/.exec(path)?.[1];
  const secret = /^#?([A-Za-z0-9_-]{43})$/.exec(fragment)?.[1];
  if (parcel === undefined || secret === undefined) throw new SealiftError('malformed', 'this is no link to a parcel');
  const base64 = `${secret.replaceAll('-', '+').replaceAll('_', '/')}=`;
  return { parcel, secret: Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)) };
}

/**
 * Counts as an opening, unless one of this visit is not done with. Throws not_found (no such parcel
 * for us, or no more), damaged (not signed by whom it names), no_match (a wrong passphrase).
 */
export function openParcel(_tools: TransferTools, _opener: Opener): Promise<OpenedParcel> {
  return Promise.reject(new SealiftError('unsupported', 'receiving in the browser is not there yet'));
}

export interface ReceiveOptions {
  /** Which entries; absent: all. */
  readonly only?: (entry: ManifestEntry) => boolean;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
}

/** Throws damaged (nothing of the damaged entry has a name then), no_space, io, aborted. Calling again continues. */
export function receiveParcel(
  _tools: TransferTools,
  _opened: OpenedParcel,
  _destination: Destination,
  _options: ReceiveOptions,
): Promise<ReceivedParcel> {
  return Promise.reject(new SealiftError('unsupported', 'receiving in the browser is not there yet'));
}
