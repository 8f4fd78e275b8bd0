// What is in a parcel, in a few words for a list: of one that we sent, out of its own manifest, which is sealed to us
// too (reading it is no opening); of one that we received, out of what was opened.
import type { Account } from '../account/account.ts';
import { identitiesOf, signingKeysOf } from '../account/generations.ts';
import { SealiftError } from '../api/error.ts';
import type { ManifestEntry } from '../crypto/core.ts';
import { sameBytes } from './content_hashes.ts';
import type { OpenedParcel } from './types.ts';

export interface ParcelSummary {
  /** Of a received one: the sender, when verified. */
  readonly from: string;
  /** Addresses of the others to whom it was sealed, also later; of a sent one. */
  readonly to: readonly string[];
  /** The message's first line. */
  readonly subject: string;
  /** Of the first files. */
  readonly names: readonly string[];
  readonly files: number;
  readonly contentBytes: number;
}

const namesMax = 3;
const subjectMax = 200;

function summaryOf(note: string, entries: readonly ManifestEntry[]): Omit<ParcelSummary, 'from' | 'to'> {
  const files = entries.filter((entry) => entry.kind === 'file');
  return {
    subject: (note.trim().split('\n')[0] ?? '').slice(0, subjectMax),
    names: files.slice(0, namesMax).map((entry) => entry.path),
    files: files.length,
    contentBytes: files.reduce((total, entry) => total + entry.size, 0),
  };
}

/** Of a parcel that is whole. Throws damaged: the server serves another parcel's manifest, or one that we did not sign. */
export async function readSentSummary(account: Account, parcel: string): Promise<ParcelSummary> {
  const { api, core, keys } = account;
  const header = await api.call('parcel.read_header', { path: { parcel, part: 'manifest' } });
  const payload = await api.call('parcel.read_manifest', { path: { parcel } });
  const { manifest, signedBy, addenda } = await core.openManifest(parcel, header, payload, identitiesOf(keys));
  if (!signingKeysOf(keys).some((each) => sameBytes(each, signedBy)))
    throw new SealiftError('damaged', 'a parcel of ours that we did not sign');
  return {
    from: '',
    to: [...manifest.recipients, ...addenda].map((each) => each.address).filter((each) => each !== '' && each !== keys.address),
    ...summaryOf(manifest.note, manifest.entries),
  };
}

export function openedSummary(opened: OpenedParcel): ParcelSummary {
  return { from: opened.senderIs === 'verified' ? opened.senderAddress : '', to: [], ...summaryOf(opened.note, opened.entries) };
}
