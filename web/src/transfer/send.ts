// Sending a parcel from the browser: or an error, after which the same order goes on where this one
// stopped, in this visit or a later one (docs/formats/sending.md; src/client/transfer/send_parcel.h).
import type { Account } from '../account/account.ts';
import { SealiftError } from '../api/error.ts';
import type { OnProgress, SendOrder, SentParcel, TransferTools } from './types.ts';

/** Throws not_found (an address has no account), no_space, limit, conflict (the files keep changing), io, aborted. */
export function sendParcel(
  _tools: TransferTools,
  _account: Account,
  _order: SendOrder,
  _onProgress: OnProgress,
  _signal: AbortSignal,
): Promise<SentParcel> {
  return Promise.reject(new SealiftError('unsupported', 'sending from the browser is not there yet'));
}
