// A link's secret, and what is made with it: the text that people pass on, and the key that a parcel is sealed to
// (docs/formats/parcel.md, "Link").
import { toBase64, toBase64Url } from '../api/encoding.ts';
import type { Core, LinkHalves } from '../crypto/core.ts';

/** Crockford's base 32: no i, l, o, u. 32 divides 256, so every letter is as likely. */
export function makePassphrase(random: Uint8Array): string {
  const letters = '0123456789abcdefghjkmnpqrstvwxyz';
  const text = Array.from(random, (byte) => letters.charAt(byte % letters.length)).join('');
  return text.replace(/(.{5})(?=.)/g, '$1-');
}

export function linkText(serverUrl: string, parcel: string, secret: Uint8Array): string {
  return `${serverUrl}/l/${parcel}#${toBase64Url(secret)}`;
}

export interface DraftLink {
  readonly secret: Uint8Array;
  readonly serverHalf: Uint8Array;
  /** "" for none. */
  readonly passphrase: string;
  /** To which the parcel has to be sealed. */
  readonly recipient: string;
  /** What proves the link, and signs the receipts of those who open it; base64. */
  readonly verifier: string;
}

/** Of a parcel that is known to the server; nobody hears of it yet. */
export async function draftLink(core: Core, parcel: string, withPassphrase: boolean): Promise<DraftLink> {
  const [secret, serverHalf] = [await core.random(32), await core.random(32)];
  const passphrase = withPassphrase ? makePassphrase(await core.random(20)) : '';
  const stretched = await core.stretchPassphrase(parcel, secret, passphrase);
  const halves: LinkHalves = { parcel, secret, serverHalf, stretched };
  const { recipient } = await core.linkKeys(halves);
  const { publicKey } = await core.linkProofKey(parcel, secret, stretched);
  return { secret, serverHalf, passphrase, recipient, verifier: toBase64(publicKey) };
}
