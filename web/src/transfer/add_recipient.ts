// Somebody more for a parcel that was sent: its two headers get a stanza more, and what they seal stays as
// it is (src/client/transfer/add_recipient.h).
import type { Account } from '../account/account.ts';
import { toBase64 } from '../api/encoding.ts';
import { SealiftError } from '../api/error.ts';

/**
 * To the person's newest key, which is judged and pinned. Throws not_found (no such account), damaged (its keys
 * contradict), conflict (a recipient already, or the parcel was changed meanwhile), forbidden (not ours, or over).
 */
export async function addRecipient(account: Account, parcel: string, typedAddress: string): Promise<void> {
  const found = await account.findKeys(typedAddress);
  const path = { parcel };
  const about = await account.api.call('parcel.read', { path });
  const isThere = about.recipients.some((each) => each.account === found.account && each.revoked === undefined);
  if (isThere) throw new SealiftError('conflict', 'a recipient already');
  const headers: { part: 'content' | 'manifest'; header: string }[] = [];
  for (const part of ['content', 'manifest'] as const) {
    const header = await account.api.call('parcel.read_header', { path: { parcel, part } });
    const added = await account.core.addToHeader(header, [account.keys.identity], found.newest.recipient);
    headers.push({ part, header: toBase64(added) });
  }
  await account.api.call('parcel.change_recipients', {
    path,
    body: {
      expected_revision: about.revision,
      headers,
      add: [{ account: found.account, generation: found.newest.generation }],
    },
  });
}
