// A recipient more for a parcel that was sent: its two headers get a stanza more, and what they seal stays as
// it is (src/client/transfer/add_recipient.h). The core seals nothing again before it has found that
// manifest and headers are of this parcel, and of ours.
import type { Account } from '../account/account.ts';
import { handInSigners, identitiesOf, signingKeysOf } from '../account/generations.ts';
import { fromHex, toBase64 } from '../api/encoding.ts';
import { SealiftError } from '../api/error.ts';
import type { NewRecipient, Parcel } from '../api/generated/types.ts';

export interface AddedRecipient {
  readonly address: string;
  /** To be compared by telephone, when the key was never seen here before. */
  readonly newFingerprint?: string;
}

/**
 * To the person's newest key, which is judged and pinned. Throws not_found (no such account), damaged (its keys
 * contradict, or the server serves another parcel's parts), conflict (a recipient already, or the parcel was
 * changed meanwhile), forbidden (not ours, or over).
 */
export async function addRecipient(account: Account, parcel: string, typedAddress: string): Promise<AddedRecipient> {
  const { api, core } = account;
  const address = await core.parseAddress(typedAddress);
  const found = await account.findKeys(address);
  const about = await api.call('parcel.read', { path: { parcel } });
  const isThere = about.recipients.some((each) => each.account === found.account && each.revoked === undefined);
  if (isThere) throw new SealiftError('conflict', 'a recipient already');
  await widenParcel(account, about, { address, recipient: found.newest.recipient }, [{ account: found.account, generation: found.newest.generation }]);
  if (!found.isFirstSeen) return { address };
  return { address, newFingerprint: found.fingerprint };
}

/**
 * Both headers with a stanza more, and an addendum that names its recipient: somebody's address, or "" for a link. Throws as
 * addRecipient().
 */
export async function widenParcel(
  account: Account,
  about: Parcel,
  newcomer: { readonly address: string; readonly recipient: string },
  add: readonly NewRecipient[],
): Promise<void> {
  const { api, core, keys } = account;
  const parcel = about.id;
  const widened = await core.widenHeaders(
    {
      parcel,
      manifestHeader: await api.call('parcel.read_header', { path: { parcel, part: 'manifest' } }),
      manifestPayload: await readManifestPayload(account, about),
      contentHeader: await api.call('parcel.read_header', { path: { parcel, part: 'content' } }),
    },
    {
      identities: identitiesOf(keys),
      manifestSignedBy: about.request === undefined ? signingKeysOf(keys) : await handInSigners(core, keys, about.request),
      manifestHash: fromHex(account.sentPin(parcel)?.manifest ?? ''),
    },
    { ...newcomer, by: keys.address, signingSeed: keys.signingSeed, created: Date.now() },
  );
  await api.call('parcel.change_recipients', {
    path: { parcel },
    body: {
      expected_revision: about.revision,
      headers: [
        { part: 'content', header: toBase64(widened.content) },
        { part: 'manifest', header: toBase64(widened.manifest) },
      ],
      add: [...add],
    },
  });
}

// What somebody handed in was not sent by us: our own opening of it, which is logged, gives its manifest.
async function readManifestPayload(account: Account, about: Parcel): Promise<Uint8Array> {
  if (about.request === undefined) return account.api.call('parcel.read_manifest', { path: { parcel: about.id } });
  const ticket = await account.api.call('parcel.open', { path: { parcel: about.id } });
  const path = { opening: ticket.opening.id, part: 'manifest' };
  return account.api.with('ticket', ticket.ticket).call('opening.read_payload', { path });
}
