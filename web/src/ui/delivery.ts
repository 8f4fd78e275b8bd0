// Whether a parcel arrived, for a list: what the server says of openings counts for nothing, the recipients' signed
// receipts do. Pure but for what it asks.
import type { Account } from '../account/account.ts';
import type { JudgedReceipt } from '../account/receipts.ts';
import type { Opening, Parcel } from '../api/generated/types.ts';

export type Delivery =
  /** Nobody opened it. */
  | { readonly kind: 'none' }
  /** Opened, and no receipt that was verified. */
  | { readonly kind: 'opened' }
  /** Verified receipts of `done` of `of` recipients. */
  | { readonly kind: 'some'; readonly done: number; readonly of: number }
  | { readonly kind: 'all' }
  /** The server shows a receipt that nobody signed who opened it. */
  | { readonly kind: 'lie' };

/** `recipients`: accounts that have to have it, without the sender's own; none: it went by link. */
export function deliveryFrom(recipients: readonly string[], openings: readonly (readonly [Opening, JudgedReceipt])[]): Delivery {
  const verified = openings.filter(([, receipt]) => receipt.standing === 'verified').map(([opening]) => opening.account);
  const others = new Set(recipients);
  const byLink = verified.includes(undefined);
  const done = recipients.filter((each) => verified.includes(each)).length;
  if (recipients.length === 0 ? byLink : done === recipients.length) return { kind: 'all' };
  if (done > 0) return { kind: 'some', done, of: recipients.length };
  const isOpened = openings.some(([{ account }]) => account === undefined || others.has(account));
  return { kind: isOpened ? 'opened' : 'none' };
}

/** Throws damaged: a lie. */
export async function judgeDelivery(account: Account, parcel: Parcel): Promise<Delivery> {
  const { openings } = await account.api.call('parcel.list_openings', { path: { parcel: parcel.id } });
  const judged: (readonly [Opening, JudgedReceipt])[] = [];
  for (const opening of openings) judged.push([opening, await account.judgeReceipt(parcel.id, opening)]);
  const recipients = parcel.recipients.filter((each) => each.account !== account.record.id && each.revoked === undefined);
  return deliveryFrom(
    recipients.map((each) => each.account),
    judged,
  );
}
