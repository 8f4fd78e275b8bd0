// Another link to a parcel that was sent: the link is one more recipient of what is sealed already.
import type { Account } from '../account/account.ts';
import { toBase64 } from '../api/encoding.ts';
import { SealiftError } from '../api/error.ts';
import type { Link } from '../api/generated/types.ts';
import { draftLink, linkText } from './new_link.ts';
import { widenParcel } from './add_recipient.ts';

export interface LinkWishes {
  readonly withPassphrase: boolean;
  /** 0: as long as the parcel. */
  readonly lifetimeMs: number;
  readonly opensMax?: number;
}

export interface MadeLink {
  readonly record: Link;
  /** Holds the secret. */
  readonly text: string;
  /** "" for none. */
  readonly passphrase: string;
}

/**
 * The link opens nothing before the parcel is sealed to it, so that comes first; should the server then refuse the link, nobody
 * has the key that was sealed to. Throws forbidden (the policy), conflict (the parcel has ended, or was changed meanwhile),
 * damaged (the server serves another parcel's parts).
 */
export async function addLink(account: Account, parcel: string, wishes: LinkWishes): Promise<MadeLink> {
  const { api, core } = account;
  const about = await api.call('parcel.read', { path: { parcel } });
  if (about.request !== undefined) throw new SealiftError('usage', 'what was handed in has no links');
  const draft = await draftLink(core, parcel, wishes.withPassphrase);
  await widenParcel(account, about, { address: '', recipient: draft.recipient }, []);
  const record = await api.call('link.create', {
    path: { parcel },
    body: {
      verifier: draft.verifier,
      server_half: toBase64(draft.serverHalf),
      passphrase: draft.passphrase === '' ? 'none' : 'needed',
      ...(wishes.opensMax === undefined ? {} : { opens_max: wishes.opensMax }),
      lifetime_ms: wishes.lifetimeMs,
    },
  });
  await account.rememberLinkKey(parcel, record.id, draft.verifier);
  return { record, text: linkText(api.serverUrl, parcel, draft.secret), passphrase: draft.passphrase };
}
