// Labels of tokens: what somebody calls them, sealed to their own key, so that the server learns no name.
import { fromBase64, fromUtf8, toBase64, toUtf8 } from '../api/encoding.ts';
import { splitHeader } from '../crypto/sealed_file.ts';
import type { Account } from './account.ts';
import { identitiesOf } from './generations.ts';

export const labelLengthMax = 100;

export async function sealLabel(account: Account, label: string): Promise<string> {
  return toBase64(await account.core.sealSmall(toUtf8(label), [account.keys.recipient]));
}

/** "" for none, and for one that another program sealed in its own way. */
export async function openLabel(account: Account, sealed: string | undefined): Promise<string> {
  if (sealed === undefined) return '';
  try {
    const { header, payload } = splitHeader(fromBase64(sealed));
    return fromUtf8(await account.core.openSmall(header, payload, identitiesOf(account.keys)));
  } catch {
    return '';
  }
}
