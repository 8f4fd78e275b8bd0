// Receiving a parcel in the browser: open it (which counts), read its manifest, judge who sent it, take
// the files, hand in a receipt (src/client/transfer/receive_parcel.h). It ends in "verified, n bytes" or
// in an error, never in a file that looks whole and is not.
//
//   const opened = await openParcel(tools, opener);            a person's own click: it counts
//   const target = await chooseDestination(opened.entries);    transfer/destination.ts
//   const received = await receiveParcel(tools, opened, target, { onProgress, signal });
import type { ApiClient } from '../api/client.ts';
import { fromBase64, fromBase64Url, toBase64 } from '../api/encoding.ts';
import { SealiftError } from '../api/error.ts';
import type { Ticket } from '../api/generated/types.ts';
import type { ManifestEntry, SignedManifest } from '../crypto/core.ts';
import { sameBytes } from './content_hashes.ts';
import { receiveContent } from './receive_content.ts';
import { StreamMap } from './stream_map.ts';
import type { Destination, OnProgress, OpenedParcel, Opener, ParsedLink, ReceivedParcel, TransferTools } from './types.ts';

/** The parcel and secret of a link's path and fragment. Throws malformed; the text repeats nothing of it. */
export function parseLink(path: string, fragment: string): ParsedLink {
  const parcel = /^\/l\/([0-9a-f]{32})$/.exec(path)?.[1];
  const secret = /^#?([A-Za-z0-9_-]{43})$/.exec(fragment)?.[1];
  if (parcel === undefined || secret === undefined) throw new SealiftError('malformed', 'this is no link to a parcel');
  return { parcel, secret: fromBase64Url(secret) };
}

/** Whether the link wants a passphrase. Looking takes nothing, and a parcel that never was answers too. */
export async function lookAtLink(api: ApiClient, link: ParsedLink): Promise<{ readonly needsPassphrase: boolean }> {
  const page = await api.call('link.look', { path: { parcel: link.parcel } });
  return { needsPassphrase: page.passphrase === 'needed' };
}

/** What only this module reads of an opened parcel. */
interface Opening {
  readonly ticket: Ticket;
  readonly api: ApiClient;
  readonly identities: readonly string[];
  readonly receiptSeed: Uint8Array;
  readonly signed: SignedManifest;
  readonly fileKey: Uint8Array;
}
const openings = new WeakMap<OpenedParcel, Opening>();
// Tickets of this visit that are not done with, by parcel: going on does not count again.
const tickets = new WeakMap<TransferTools, Map<string, Ticket>>();

/**
 * Counts as an opening, unless one of this visit is not done with. Throws not_found (no such parcel
 * for us, or no more), damaged (not signed by whom it names), no_match (a wrong passphrase).
 */
export async function openParcel(tools: TransferTools, opener: Opener): Promise<OpenedParcel> {
  const parcel = opener.kind === 'account' ? opener.parcel : opener.link.parcel;
  const ticket = await ticketFor(tools, opener, parcel);
  const api = (opener.kind === 'account' ? opener.account.api : opener.api).with('ticket', ticket.ticket);
  const identities = await identitiesOf(tools, opener, ticket);
  const signed = await readManifest(tools, api, ticket, identities);
  const { manifest } = signed;
  if (manifest.parcel !== parcel) throw new SealiftError('damaged', "the manifest is another parcel's");
  const senderIs = await judgeSender(opener, signed);
  const opened: OpenedParcel = {
    parcel,
    senderAddress: manifest.senderAddress,
    senderIs,
    namesUs: await namesUs(tools, opener, identities, signed),
    created: manifest.created,
    expires: manifest.policy.expires,
    note: manifest.note,
    entries: manifest.entries,
    contentBytes: manifest.entries.reduce((total, entry) => total + entry.size, 0),
  };
  const path = { opening: ticket.opening.id, part: 'content' };
  const fileKey = await tools.core.openHeader(await api.call('opening.read_header', { path }), identities);
  openings.set(opened, { ticket, api, identities, receiptSeed: await receiptSeedOf(tools, opener), signed, fileKey });
  return opened;
}

async function ticketFor(tools: TransferTools, opener: Opener, parcel: string): Promise<Ticket> {
  const kept = tickets.get(tools) ?? new Map<string, Ticket>();
  tickets.set(tools, kept);
  const before = kept.get(parcel);
  if (before !== undefined) return before;
  const ticket = await (opener.kind === 'account'
    ? opener.account.api.call('parcel.open', { path: { parcel } })
    : redeem(tools, opener.api, opener.link));
  kept.set(parcel, ticket);
  return ticket;
}

async function redeem(tools: TransferTools, api: ApiClient, link: ParsedLink): Promise<Ticket> {
  const path = { parcel: link.parcel };
  const page = await api.call('link.look', { path });
  const key = await tools.core.linkProofKey(link.parcel, link.secret);
  const proof = await tools.core.signChallenge(key.seed, fromBase64(page.challenge));
  return api.call('link.redeem', {
    path,
    body: { challenge: page.challenge, verifier: toBase64(key.publicKey), proof: toBase64(proof) },
  });
}

async function identitiesOf(tools: TransferTools, opener: Opener, ticket: Ticket): Promise<readonly string[]> {
  if (opener.kind === 'account') return [opener.account.keys.identity];
  if (ticket.server_half === undefined) throw new SealiftError('malformed', 'the server gave no half of the link');
  const { identity } = await tools.core.linkKeys({
    parcel: opener.link.parcel,
    secret: opener.link.secret,
    serverHalf: fromBase64(ticket.server_half),
    passphrase: opener.passphrase,
  });
  return [identity];
}

async function receiptSeedOf(tools: TransferTools, opener: Opener): Promise<Uint8Array> {
  if (opener.kind === 'account') return opener.account.keys.signingSeed;
  return (await tools.core.linkProofKey(opener.link.parcel, opener.link.secret)).seed;
}

async function readManifest(
  tools: TransferTools,
  api: ApiClient,
  ticket: Ticket,
  identities: readonly string[],
): Promise<SignedManifest> {
  const path = { opening: ticket.opening.id, part: 'manifest' };
  const header = await api.call('opening.read_header', { path });
  const payload = await api.call('opening.read_payload', { path });
  return tools.core.readManifest(await tools.core.openSmall(header, payload, identities));
}

// The directory, as far as this browser believes it, says that the key is the sender's. Of a link: nobody
// but the holder of its secret could have sealed to it, so the manifest is of whoever made the link.
async function judgeSender(opener: Opener, signed: SignedManifest): Promise<OpenedParcel['senderIs']> {
  if (opener.kind === 'link') return 'whoever made the link';
  const { account, parcel } = opener;
  const about = await account.api.call('parcel.read', { path: { parcel } });
  const address = signed.manifest.senderAddress;
  if (address === '') {
    if (about.request !== undefined) return 'outsider';
    throw new SealiftError('damaged', 'the parcel does not say who sent it');
  }
  const found = await account.findKeys(address, 'verify');
  const signedBy = toBase64(signed.signedBy);
  if (about.sender !== found.account || !found.keys.some((key) => key.signing_key === signedBy))
    throw new SealiftError('damaged', 'the parcel is not signed by whom it names as sender');
  return 'verified';
}

async function namesUs(
  tools: TransferTools,
  opener: Opener,
  identities: readonly string[],
  signed: SignedManifest,
): Promise<boolean> {
  // Of a link: the manifest was opened with its key alone, so it was sealed to it.
  if (opener.kind === 'link') return signed.manifest.recipients.some((each) => each.address === '') && identities.length > 0;
  const ours = await tools.core.fingerprint(opener.account.keys.recipient);
  return signed.manifest.recipients.some((each) => sameBytes(each.fingerprint, ours));
}

export interface ReceiveOptions {
  /** Which entries; absent: all. */
  readonly only?: (entry: ManifestEntry) => boolean;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
}

/** Throws damaged (nothing of the damaged entry has a name then), no_space, io, aborted. Calling again continues. */
export async function receiveParcel(
  tools: TransferTools,
  opened: OpenedParcel,
  destination: Destination,
  options: ReceiveOptions,
): Promise<ReceivedParcel> {
  const opening = openings.get(opened);
  if (opening === undefined) throw new SealiftError('usage', 'the parcel was not opened here');
  const { manifest } = opening.signed;
  const map = new StreamMap(manifest.entries, await tools.core.layOut(manifest.entries));
  const size = opening.ticket.parts.find((each) => each.part === 'content')?.payload_bytes;
  if (size !== map.payloadSize)
    throw new SealiftError('damaged', "the content's size is not what the manifest says");
  const wanted = manifest.entries.map((entry) => options.only?.(entry) ?? true);
  try {
    const summary = await receiveContent({
      core: tools.core,
      pool: tools.pool,
      api: opening.api,
      opening: opening.ticket.opening.id,
      map,
      entries: manifest.entries,
      wanted,
      fileKey: opening.fileKey,
      nonce: manifest.payloadNonce,
      destination,
      onProgress: options.onProgress,
      signal: options.signal,
    });
    const receipt = wanted.every(Boolean) ? await handInReceipt(tools, opened, opening) : undefined;
    return {
      kind: destination.kind,
      verifiedBytes: summary.verifiedBytes,
      entries: summary.entries,
      files: await destination.files(),
      ...(receipt === undefined ? {} : { receiptEvent: receipt }),
    };
  } catch (error) {
    await destination.abandon();
    throw error;
  }
}

// After the last chunk verified and the last file has its name. Once for an opening.
async function handInReceipt(tools: TransferTools, opened: OpenedParcel, opening: Opening): Promise<string | undefined> {
  const said = {
    parcel: opened.parcel,
    opening: opening.ticket.opening.id,
    manifest: opening.signed.hash,
    entries: opened.entries.length,
    received: tools.now(),
  };
  const receipt = await tools.core.signReceipt(said, opening.receiptSeed);
  tickets.get(tools)?.delete(opened.parcel);
  try {
    const path = { opening: opening.ticket.opening.id };
    return (await opening.api.call('opening.add_receipt', { path, body: { receipt } })).event;
  } catch (error) {
    if (error instanceof SealiftError && error.code === 'conflict') return undefined;
    throw error;
  }
}
