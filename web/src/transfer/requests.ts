// File requests: made by somebody with an account, answered by an outsider (docs/formats/parcel.md).
import type { Account } from '../account/account.ts';
import { signingSeedOf } from '../account/generations.ts';
import { ApiClient } from '../api/client.ts';
import { fromBase64, fromBase64Url, toBase64, toBase64Url, toHex } from '../api/encoding.ts';
import { SealiftError } from '../api/error.ts';
import type { Request, RequestPage } from '../api/generated/types.ts';
import type { Core } from '../crypto/core.ts';
import { sendPlanned } from './send.ts';
import type { OnProgress, SentParcel, SourceEntry, TransferTools } from './types.ts';

export interface RequestWish {
  readonly title: string;
  readonly sizeBytesMax: number;
  readonly parcelsMax?: number;
  readonly lifetimeMs: number;
}

export interface FileRequest {
  readonly record: Request;
  /** "" when it can't be read. */
  readonly title: string;
  /** "" likewise, and when the request is of older keys of ours. Holds a secret. */
  readonly link: string;
}

export async function createRequest(account: Account, wish: RequestWish): Promise<FileRequest> {
  const { core, keys } = account;
  const id = toHex(await core.random(16));
  const secret = await core.requestSecret(keys.signingSeed, id);
  const proof = await core.requestProofKey(secret, id);
  const record = await account.api.call('request.create', {
    body: {
      id,
      verifier: toBase64(proof.publicKey),
      generation: keys.generation,
      sealed_title: toBase64(await core.sealTitle(secret, id, wish.title)),
      size_bytes_max: wish.sizeBytesMax,
      ...(wish.parcelsMax === undefined ? {} : { parcels_max: wish.parcelsMax }),
      lifetime_ms: wish.lifetimeMs,
    },
  });
  return { record, title: wish.title, link: await linkOf(account, id, secret) };
}

/** One page, newest first; `before` from the page before. */
export async function listRequests(
  account: Account,
  before?: string,
): Promise<{ readonly requests: readonly FileRequest[]; readonly next?: string }> {
  const page = await account.api.call('request.list', before === undefined ? {} : { query: { before } });
  const requests = await Promise.all(page.requests.map((record) => readRequest(account, record)));
  return page.next === undefined ? { requests } : { requests, next: page.next };
}

export async function closeRequest(account: Account, request: string): Promise<void> {
  await account.api.call('request.close', { path: { request } });
}

async function readRequest(account: Account, record: Request): Promise<FileRequest> {
  const { core, keys } = account;
  const secret = await core.requestSecret(signingSeedOf(keys, record.generation), record.id);
  try {
    const title = await core.openTitle(secret, record.id, fromBase64(record.sealed_title));
    // The link of older keys names a key that nobody should seal to any more.
    return { record, title, link: record.generation === keys.generation ? await linkOf(account, record.id, secret) : '' };
  } catch (error) {
    if (!(error instanceof SealiftError) || error.code !== 'damaged') throw error;
    return { record, title: '', link: '' };
  }
}

async function linkOf(account: Account, id: string, secret: Uint8Array): Promise<string> {
  const fingerprint = await account.core.fingerprint(account.keys.recipient);
  return `${account.api.serverUrl}/r/${id}#${toBase64Url(secret)}.${toBase64Url(fingerprint)}`;
}

// --- the outsider's side ---

export interface ParsedRequestLink {
  readonly request: string;
  readonly secret: Uint8Array;
  readonly fingerprint: Uint8Array;
}

/** Throws malformed; the text repeats nothing of the link. */
export function parseRequestLink(path: string, fragment: string): ParsedRequestLink {
  const request = /^\/r\/([0-9a-f]{32})$/.exec(path)?.[1];
  const parts = /^#?([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{43})$/.exec(fragment);
  const secret = parts?.[1];
  const fingerprint = parts?.[2];
  if (request === undefined || secret === undefined || fingerprint === undefined)
    throw new SealiftError('malformed', 'this is no link to a file request');
  return { request, secret: fromBase64Url(secret), fingerprint: fromBase64Url(fingerprint) };
}

export interface RequestLook {
  readonly title: string;
  readonly page: RequestPage;
  /** To which everything is sealed; its fingerprint is the link's. */
  readonly recipient: string;
}

/** What is asked for. Throws not_found (closed, expired, used up), damaged (the server names another key than the link). */
export async function lookAtRequest(api: ApiClient, core: Core, link: ParsedRequestLink): Promise<RequestLook> {
  const page = await api.call('request.look', { path: { request: link.request } });
  const fingerprint = await core.fingerprint(page.key.recipient);
  if (toHex(fingerprint) !== toHex(link.fingerprint))
    throw new SealiftError('damaged', 'the server names another key than the link');
  const title = await core.openTitle(link.secret, link.request, fromBase64(page.sealed_title));
  return { title, page, recipient: page.key.recipient };
}

export interface HandInOrder {
  readonly link: ParsedRequestLink;
  readonly entries: readonly SourceEntry[];
  readonly note: string;
}

/** Uses up one of the request's parcels. Throws as sendParcel(). */
export async function handIn(
  tools: TransferTools,
  api: ApiClient,
  order: HandInOrder,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<SentParcel> {
  const { core } = tools;
  const recipient = await recipientOf(tools, api, order.link);
  // It binds what is handed in to the request, and says of the outsider only that they have the link.
  const signing = await core.requestManifestKey(order.link.secret, order.link.request);
  return sendPlanned(
    tools,
    {
      api,
      entries: order.entries,
      to: [{ address: '', recipient }],
      senderAddress: '',
      signingSeed: signing.seed,
      link: 'none',
      lifetimeMs: 0,
      opensMax: undefined,
      note: order.note,
      purpose: order.link.request,
      storageSecret: order.link.secret,
      begin: (parcel) => beginHandIn(api, core, order.link, parcel),
    },
    onProgress,
    signal,
  );
}

// A request that takes no more is unknown to everybody, also to who has begun to answer it: that hand-in goes on with the
// key that it began with, which is still the one that the link names.
async function recipientOf(tools: TransferTools, api: ApiClient, link: ParsedRequestLink): Promise<string> {
  try {
    return (await lookAtRequest(api, tools.core, link)).recipient;
  } catch (error) {
    if (!(error instanceof SealiftError) || error.code !== 'not_found') throw error;
    const sendings = await tools.sendings.openedWith(link.secret);
    for (const { key } of await sendings.list()) {
      const begun = await sendings.load(key);
      const recipient = begun?.purpose === link.request ? begun.recipients[0] : undefined;
      if (recipient === undefined) continue;
      if (toHex(await tools.core.fingerprint(recipient)) === toHex(link.fingerprint)) return recipient;
    }
    throw error;
  }
}

// Answers a fresh challenge; gives the key that proves the right to go on.
async function beginHandIn(api: ApiClient, core: Core, link: ParsedRequestLink, parcel: string): Promise<string> {
  const path = { request: link.request };
  const page = await api.call('request.look', { path });
  const key = await core.requestProofKey(link.secret, link.request);
  const proof = toBase64(await core.signChallenge(key.seed, fromBase64(page.challenge)));
  const body = { challenge: page.challenge, verifier: toBase64(key.publicKey), proof, parcel };
  return (await api.call('request.hand_in', { path, body })).key;
}
