// What we sent, out of its own manifest, which is sealed to us too: reading it is no opening.
import type { Account } from '../account/account.ts';
import { SealiftError } from '../api/error.ts';
import { sameBytes } from './content_hashes.ts';

export interface SentSummary {
  readonly note: string;
  /** Addresses of the others to whom it was sealed, also later. */
  readonly to: readonly string[];
  /** Of the first files. */
  readonly names: readonly string[];
  readonly files: number;
  readonly contentBytes: number;
}

const namesMax = 3;

/** Of a parcel that is whole. Throws damaged: the server serves another parcel's manifest, or one that we did not sign. */
export async function readSentSummary(account: Account, parcel: string): Promise<SentSummary> {
  const { api, core, keys } = account;
  const header = await api.call('parcel.read_header', { path: { parcel, part: 'manifest' } });
  const payload = await api.call('parcel.read_manifest', { path: { parcel } });
  const { manifest, signedBy, addenda } = await core.openManifest(parcel, header, payload, [keys.identity]);
  if (!sameBytes(signedBy, keys.signingKey)) throw new SealiftError('damaged', 'a parcel of ours that we did not sign');
  const files = manifest.entries.filter((entry) => entry.kind === 'file');
  return {
    note: manifest.note,
    to: [...manifest.recipients, ...addenda].map((each) => each.address).filter((each) => each !== '' && each !== keys.address),
    names: files.slice(0, namesMax).map((entry) => entry.path),
    files: files.length,
    contentBytes: files.reduce((total, entry) => total + entry.size, 0),
  };
}
