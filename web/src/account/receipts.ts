// judgeReceipt: whether an opening that the server tells the sender of was received
// (src/client/transfer/judge_receipt.h). The server is not believed: what counts is the receipt, signed by
// the pinned key of the account or by the link's, naming this parcel, this opening and the manifest sent.
import type { ApiClient } from '../api/client.ts';
import { fromBase64, toHex } from '../api/encoding.ts';
import { SealiftError } from '../api/error.ts';
import type { Opening } from '../api/generated/types.ts';
import type { Core, Receipt } from '../crypto/core.ts';
import { findKeys } from './key_finder.ts';
import type { Pins } from './pins.ts';

/** signed: by who opened it, and sent from elsewhere, so the manifest can't be compared. */
export type ReceiptStanding = 'none' | 'verified' | 'signed' | 'unknown_key';

export interface JudgedReceipt {
  readonly standing: ReceiptStanding;
  /** When verified or signed: milliseconds since 1970, by the receiver's clock. */
  readonly received?: number;
}

interface JudgeTools {
  readonly api: ApiClient;
  readonly core: Core;
  readonly pins: Pins;
}

/** Throws damaged: a lie, whose text names it. */
export async function judgeReceipt(tools: JudgeTools, parcel: string, opening: Opening): Promise<JudgedReceipt> {
  if (opening.parcel !== parcel) throw lie('the server shows an opening of another parcel');
  if (opening.receipt === undefined) {
    if (opening.received !== undefined) throw lie('the server says that the parcel was received, and has no receipt of it');
    return { standing: 'none' };
  }
  const receipt = await readReceipt(tools, parcel, opening, opening.receipt);
  if (receipt === undefined) return { standing: 'unknown_key' };
  if (receipt.parcel !== parcel) throw lie('a receipt is of another parcel');
  if (receipt.opening !== opening.id) throw lie('a receipt is of another opening');
  const sent = tools.pins.sent[parcel];
  if (sent !== undefined && sent.manifest !== toHex(receipt.manifest))
    throw lie('a receipt is of another manifest than the one that was sent');
  return { standing: sent === undefined ? 'signed' : 'verified', received: receipt.received };
}

// Undefined: nobody here knows the key that has to have signed it.
async function readReceipt(tools: JudgeTools, parcel: string, opening: Opening, note: string): Promise<Receipt | undefined> {
  if (opening.account === undefined) return readOfLink(tools, parcel, opening, note);
  const known = Object.entries(tools.pins.keys).find(([, pin]) => pin.account === opening.account);
  if (known === undefined) return undefined;
  const [address, pin] = known;
  try {
    return await readSignedBy(tools.core, note, [pin.signingKey]);
  } catch {
    // Every generation of the key, which the log has: it may have been another.
    const { keys } = await findKeys(tools.api, tools.core, tools.pins, address, 'verify');
    return readSignedBy(
      tools.core,
      note,
      keys.map((key) => key.signing_key),
    );
  }
}

// A link that was made later, on another computer, has a key that nobody knows here: that there is such a link is the
// server's word, and all that it can do with it is to make a receipt count for nothing.
async function readOfLink(tools: JudgeTools, parcel: string, opening: Opening, note: string): Promise<Receipt | undefined> {
  const sent = tools.pins.sent[parcel];
  const later = sent?.laterLinkKeys?.[opening.link ?? ''];
  if (later !== undefined) return readSignedBy(tools.core, note, [later]);
  if (sent === undefined || sent.linkKey === '') return undefined;
  try {
    return await readSignedBy(tools.core, note, [sent.linkKey]);
  } catch (error) {
    const { links } = await tools.api.call('link.list', { path: { parcel } });
    if (links.length === 1) throw error;
    return undefined;
  }
}

async function readSignedBy(core: Core, note: string, keys: readonly string[]): Promise<Receipt> {
  try {
    return await core.readReceipt(note, keys.map(fromBase64));
  } catch (error) {
    if (!(error instanceof SealiftError)) throw error;
    throw lie('a receipt is not signed by whom the server says opened the parcel');
  }
}

function lie(text: string): SealiftError {
  return new SealiftError('damaged', text);
}
