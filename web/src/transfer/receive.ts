// Receiving a parcel in the browser: open it (which counts), read its manifest, judge who sent it, take
// the files, hand in a receipt (src/client/transfer/receive_parcel.h). It ends in "verified, n bytes" or
// in an error, never in a file that looks whole and is not.
//
//   const opened = await openParcel(tools, opener);            a person's own click: it counts
//   const target = await makeDestination(kind, ...);           transfer/destination.ts
//   const received = await receiveParcel(tools, opened, target, { onProgress, signal });
//
// After a pause or a failure, receiveParcel() with the same destination goes on where it stopped.
import type { Account } from '../account/account.ts';
import { lastLogOf } from '../account/retired_keys.ts';
import { handInSigners, keyPairsOf } from '../account/generations.ts';
import { newRepeatKey, type ApiClient } from '../api/client.ts';
import { fromBase64, fromBase64Url, toBase64, toHex } from '../api/encoding.ts';
import { SealiftError } from '../api/error.ts';
import type { Parcel, Ticket } from '../api/generated/types.ts';
import type { Addendum, KeyPair, ManifestEntry, OpenedManifest, TreeHead } from '../crypto/core.ts';
import { sameBytes } from './content_hashes.ts';
import { ContentReceiver } from './receive_content.ts';
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
  readonly opener: Opener;
  readonly receiptSeed: Uint8Array;
  readonly signed: OpenedManifest;
  readonly fileKey: Uint8Array;
}
const openings = new WeakMap<OpenedParcel, Opening>();
// What goes on where it stopped.
const receivers = new WeakMap<Destination, ContentReceiver>();

/** An opening of this visit that is not done with: going on, or asking again after a lost answer, does not count again. */
interface Kept {
  readonly repeatKey: string;
  ticket?: Ticket;
}
const keptOpenings = new WeakMap<TransferTools, Map<string, Kept>>();

/**
 * Counts as an opening, unless one of this visit is not done with. Throws not_found (no such parcel for us, or no
 * more), conflict (a link that is over), damaged (not signed by whom it names, or not to us), no_match (a wrong passphrase: no
 * opening was used).
 */
export async function openParcel(tools: TransferTools, opener: Opener): Promise<OpenedParcel> {
  const parcel = opener.kind === 'account' ? opener.parcel : opener.link.parcel;
  const right = await rightOf(tools, opener);
  const ticket = await ticketFor(tools, opener, parcel, right);
  const api = (opener.kind === 'account' ? opener.account.api : opener.api).with('ticket', ticket.ticket);
  const keys = await keysOf(tools, opener, ticket, right);
  const identities = keys.map((each) => each.identity);
  const { signed, sealed } = await readManifest(tools, api, ticket, identities, parcel);
  const { manifest } = signed;
  const ourselves = await findOurselves(tools, keys, signed);
  const senderIs = await judgeSender(opener, signed, ourselves.addendum, sealed);
  const opened: OpenedParcel = {
    parcel,
    senderAddress: manifest.senderAddress,
    senderIs,
    addedBy: ourselves.addendum?.by ?? '',
    missing: await missingBefore(opener, ourselves.previous),
    created: manifest.created,
    expires: ticket.parcel_expires ?? manifest.policy.expires,
    note: manifest.note,
    entries: manifest.entries,
    contentBytes: manifest.entries.reduce((total, entry) => total + entry.size, 0),
  };
  const path = { opening: ticket.opening.id, part: 'content' };
  const header = await api.call('opening.read_header', { path });
  const fileKey = await tools.core.openContentHeader(parcel, signed.contentKey, header, identities);
  openings.set(opened, { ticket, api, opener, receiptSeed: right.seed, signed, fileKey });
  return opened;
}

/** What proves the right to open, and signs the receipt. */
interface Right {
  readonly seed: Uint8Array;
  readonly publicKey: Uint8Array;
  /** Of a link's passphrase. */
  readonly stretched: Uint8Array;
}

async function rightOf(tools: TransferTools, opener: Opener): Promise<Right> {
  if (opener.kind === 'account') {
    const { signingSeed: seed, signingKey: publicKey } = opener.account.keys;
    return { seed, publicKey, stretched: new Uint8Array() };
  }
  const { parcel, secret } = opener.link;
  const stretched = await tools.core.stretchPassphrase(parcel, secret, opener.passphrase);
  return { ...(await tools.core.linkProofKey(parcel, secret, stretched)), stretched };
}

function keptOf(tools: TransferTools): Map<string, Kept> {
  const kept = keptOpenings.get(tools) ?? new Map<string, Kept>();
  keptOpenings.set(tools, kept);
  return kept;
}

async function ticketFor(tools: TransferTools, opener: Opener, parcel: string, right: Right): Promise<Ticket> {
  const all = keptOf(tools);
  // Another account of this page opens for itself.
  const name = opener.kind === 'account' ? `${opener.account.record.id} ${parcel}` : parcel;
  const kept = all.get(name) ?? { repeatKey: newRepeatKey() };
  all.set(name, kept);
  kept.ticket ??= await (opener.kind === 'account'
    ? opener.account.api.call('parcel.open', { path: { parcel }, repeatKey: kept.repeatKey })
    : redeem(tools, opener.api, opener.link, right, kept.repeatKey));
  return kept.ticket;
}

async function redeem(tools: TransferTools, api: ApiClient, link: ParsedLink, right: Right, repeatKey: string): Promise<Ticket> {
  const path = { parcel: link.parcel };
  const page = await api.call('link.look', { path });
  const proof = await tools.core.signChallenge(right.seed, fromBase64(page.challenge));
  const body = { challenge: page.challenge, verifier: toBase64(right.publicKey), proof: toBase64(proof) };
  try {
    return await api.call('link.redeem', { path, body, repeatKey });
  } catch (error) {
    const isRefused = error instanceof SealiftError && error.code === 'not_found' && right.stretched.length > 0;
    throw isRefused ? new SealiftError('no_match', 'the passphrase does not fit') : error;
  }
}

async function keysOf(tools: TransferTools, opener: Opener, ticket: Ticket, right: Right): Promise<readonly KeyPair[]> {
  if (opener.kind === 'account') return keyPairsOf(opener.account.keys);
  if (ticket.server_half === undefined) throw new SealiftError('malformed', 'the server gave no half of the link');
  const ofLink = await tools.core.linkKeys({
    parcel: opener.link.parcel,
    secret: opener.link.secret,
    serverHalf: fromBase64(ticket.server_half),
    stretched: right.stretched,
  });
  return [ofLink];
}

interface ReadManifest {
  readonly signed: OpenedManifest;
  /** SHA-256 of the payload as it came, in hexadecimal: what the log commits to. */
  readonly sealed: string;
}

async function readManifest(
  tools: TransferTools,
  api: ApiClient,
  ticket: Ticket,
  identities: readonly string[],
  parcel: string,
): Promise<ReadManifest> {
  const path = { opening: ticket.opening.id, part: 'manifest' };
  const header = await api.call('opening.read_header', { path });
  const payload = await api.call('opening.read_payload', { path });
  const sealed = toHex(await tools.core.digest(payload));
  return { signed: await tools.core.openManifest(parcel, header, payload, identities), sealed };
}

interface Ourselves {
  readonly previous: string;
  /** Names us where the manifest doesn't. */
  readonly addendum?: Addendum;
}

// Where the manifest, or an addendum to it, names a key of ours. Throws damaged: somebody passed it on.
async function findOurselves(
  tools: TransferTools,
  keys: readonly KeyPair[],
  signed: OpenedManifest,
): Promise<Ourselves> {
  const own = await Promise.all(keys.map((each) => tools.core.fingerprint(each.recipient)));
  const isOurs = (each: { readonly fingerprint: Uint8Array }): boolean => own.some((print) => sameBytes(each.fingerprint, print));
  const named = signed.manifest.recipients.find(isOurs);
  if (named !== undefined) return { previous: named.previous };
  const addendum = signed.addenda.find(isOurs);
  if (addendum !== undefined) return { previous: '', addendum };
  throw new SealiftError('damaged', 'the sender did not name us: somebody else passed the parcel on');
}

// The directory, as far as this browser believes it, says that the key is the sender's. Of a link: nobody
// but the holder of its secret could have sealed to it, so the manifest is of whoever made the link.
async function judgeSender(
  opener: Opener,
  signed: OpenedManifest,
  added: Addendum | undefined,
  sealed: string,
): Promise<OpenedParcel['senderIs']> {
  if (opener.kind === 'link') return 'whoever made the link';
  const { account, parcel } = opener;
  const about = await account.api.call('parcel.read', { path: { parcel } });
  if (about.id !== parcel) throw new SealiftError('damaged', 'the server tells of another parcel');
  const address = signed.manifest.senderAddress;
  if (address === '') {
    await judgeHandIn(account, about, signed, added, sealed);
    return 'outsider';
  }
  await judgeSigner(account, about, address, signed.signedBy, { sealed, isAddendum: false });
  if (added === undefined) return 'verified';
  if (added.by !== address) throw new SealiftError('damaged', 'somebody else than the sender added us');
  await judgeSigner(account, about, address, added.signedBy, { sealed, isAddendum: true });
  return 'verified';
}

interface SignedText {
  readonly sealed: string;
  readonly isAddendum: boolean;
}

async function judgeSigner(account: Account, about: Parcel, address: string, key: Uint8Array, text: SignedText): Promise<void> {
  const found = await account.findKeys(address, 'verify');
  const last = lastLogOf(found, toBase64(key));
  if (about.sender !== found.account) throw new SealiftError('damaged', 'the parcel is not signed by whom it names as sender');
  if (last !== undefined && !(await wasSignedBefore(account, about, last, text)))
    throw new SealiftError('damaged', 'the parcel is signed by keys that were replaced, and nothing proves that it was sent before');
}

// Whether the log had it all when it had `last`: the parcel with this sealed manifest, and that we were added.
async function wasSignedBefore(account: Account, about: Parcel, last: TreeHead, { sealed, isAddendum }: SignedText): Promise<boolean> {
  const has = async (id: string | undefined, kind: string, facts: Readonly<Record<string, unknown>>): Promise<boolean> => {
    if (id === undefined) return false;
    const told = await account.eventBefore(last, id);
    const wanted = Object.entries({ ...facts, kind, event: id, parcel: about.id });
    return told !== undefined && wanted.every(([name, value]) => JSON.stringify(told[name]) === JSON.stringify(value));
  };
  if (!(await has(about.completed_event, 'parcel_completed', { manifest: sealed }))) return false;
  return !isAddendum || has(about.added_event, 'recipients_changed', { added: [account.record.id] });
}

// What was handed in to us is signed with a key that only our request's link leads to; of what somebody else
// passed on, it is their word that they added us.
async function judgeHandIn(
  account: Account,
  about: Parcel,
  signed: OpenedManifest,
  added: Addendum | undefined,
  sealed: string,
): Promise<void> {
  if (about.request === undefined) throw new SealiftError('damaged', 'the parcel does not say who sent it');
  if (about.sender !== account.record.id) {
    if (added === undefined) throw new SealiftError('damaged', 'the parcel does not say who passed it on');
    await judgeSigner(account, about, added.by, added.signedBy, { sealed, isAddendum: true });
    return;
  }
  const signers = await handInSigners(account.core, account.keys, about.request);
  if (!signers.some((each) => sameBytes(each, signed.signedBy)))
    throw new SealiftError('damaged', 'the parcel was not handed in for the request that the server names');
}

// The sender's client named the parcel before this one: it came, or the server still offers it, or it is missing.
async function missingBefore(opener: Opener, previous: string): Promise<string> {
  if (opener.kind === 'link' || previous === '' || opener.account.hasReceived(previous)) return '';
  try {
    const before = await opener.account.api.call('parcel.read', { path: { parcel: previous } });
    return before.state === 'whole' ? '' : previous;
  } catch (error) {
    if (!(error instanceof SealiftError) || error.code !== 'not_found') throw error;
    return previous;
  }
}

export interface ReceiveOptions {
  /** Which entries; absent: all. */
  readonly only?: (entry: ManifestEntry) => boolean;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
}

/**
 * Throws damaged (nothing of the damaged entry has a name then), no_space, io, aborted. Calling again with the same
 * destination and the same entries goes on where it stopped.
 */
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
  const receiver =
    receivers.get(destination) ??
    new ContentReceiver({
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
    });
  receivers.set(destination, receiver);
  const summary = await receiver.run(options);
  const receipt = wanted.every(Boolean) ? await handInReceipt(tools, opened, opening) : undefined;
  return {
    kind: destination.kind,
    verifiedBytes: summary.verifiedBytes,
    entries: summary.entries,
    files: await destination.files(),
    renamed: destination.renamed(),
    ...(receipt === undefined ? {} : { receiptEvent: receipt }),
  };
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
  if (opening.opener.kind === 'account') await opening.opener.account.rememberReceived(opened.parcel);
  const receipt = await tools.core.signReceipt(said, opening.receiptSeed);
  try {
    const path = { opening: opening.ticket.opening.id };
    const { event } = await opening.api.call('opening.add_receipt', { path, body: { receipt } });
    forget(tools, opening.ticket);
    return event;
  } catch (error) {
    if (!(error instanceof SealiftError) || error.code !== 'conflict') throw error;
    forget(tools, opening.ticket);
    return undefined;
  }
}

function forget(tools: TransferTools, ticket: Ticket): void {
  const all = keptOf(tools);
  for (const [name, kept] of all) if (kept.ticket?.opening.id === ticket.opening.id) all.delete(name);
}
