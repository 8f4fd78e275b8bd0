// Sending a parcel from the browser: or an error, after which the same order goes on where this one
// stopped, in this visit or a later one (docs/formats/sending.md; src/client/transfer/send_parcel.h).
//
//   begin (parcel, upload) -> link -> content -> manifest -> complete
//
// A login that ends by its time while the content is sent is not needed any more: the upload's key does the rest.
// What was begun is in the SendingStore before the server hears of it, and goes when the parcel is
// whole. When files change between the attempts the parcel that was begun is recalled and another
// begun, with new keys.
import type { Account } from '../account/account.ts';
import type { SentPin } from '../account/pins.ts';
import type { ApiClient } from '../api/client.ts';
import { toBase64, toHex, toUtf8 } from '../api/encoding.ts';
import { SealiftError } from '../api/error.ts';
import type { NewRecipient } from '../api/generated/types.ts';
import type { Entry, Manifest } from '../crypto/core.ts';
import { splitHeader } from '../crypto/sealed_file.ts';
import { linkText, makePassphrase } from './new_link.ts';
import { sendContent } from './send_content.ts';
import { StreamMap } from './stream_map.ts';
import type {
  OnProgress,
  SendingStore,
  SendOrder,
  SentParcel,
  SourceEntry,
  StoredOrder,
  StoredSending,
  TransferTools,
  UnfinishedSending,
} from './types.ts';
import { createUpload, terminateUpload, Upload } from './upload.ts';

const restartsMax = 3;
// Of an unfinished sending, for the list of what to choose again.
const filesRememberedMax = 2000;
// What the server takes in one call; larger manifests go as an upload.
const putPartBytesMax = 64 * 1024;

/** Somebody to whom a parcel is sealed. Without a grant: sealed to, and not told. */
export interface Addressee {
  readonly address: string;
  readonly recipient: string;
  readonly grant?: NewRecipient;
}

/** What sending needs to know, whoever sends: an account, or an outsider who hands in. */
export interface SendPlan {
  readonly api: ApiClient;
  readonly entries: readonly SourceEntry[];
  readonly to: readonly Addressee[];
  readonly senderAddress: string;
  readonly signingSeed: Uint8Array;
  readonly link: SendOrder['link'];
  readonly lifetimeMs: number;
  readonly opensMax: number | undefined;
  readonly note: string;
  /** What else makes two orders different ones. */
  readonly purpose: string;
  /** Under which an unfinished sending is kept. */
  readonly storageSecret: Uint8Array;
  /** What receipts will be compared with; absent for an outsider, who gets none. */
  readonly remember?: (parcel: string, sent: SentPin) => Promise<void>;
  /** The parcel that an account was sent before this one, or ""; absent for an outsider. */
  readonly lastSentTo?: (account: string) => string;
  /** The parcel is whole. */
  readonly rememberLast?: (parcel: string) => Promise<void>;
  /** Makes the parcel known to the server; an outsider's key, or nothing. */
  readonly begin: (parcel: string) => Promise<string>;
}

/** Throws not_found (an address has no account), no_space, limit, conflict (the files keep changing), io, aborted. */
export async function sendParcel(
  tools: TransferTools,
  account: Account,
  order: SendOrder,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<SentParcel> {
  const to = await findAddressees(account, order);
  return sendPlanned(
    tools,
    {
      api: account.api,
      entries: order.entries,
      to,
      senderAddress: account.keys.address,
      signingSeed: account.keys.signingSeed,
      link: order.link,
      lifetimeMs: order.lifetimeMs,
      opensMax: order.opensMax,
      note: order.note,
      purpose: '',
      storageSecret: account.keys.signingSeed,
      remember: (parcel, sent) => account.rememberSent(parcel, sent),
      lastSentTo: (recipient) => account.lastSentTo(recipient),
      rememberLast: (parcel) => {
        const accounts = to.flatMap((each) => (each.grant === undefined ? [] : [each.grant.account]));
        return account.rememberLastSent(accounts, parcel);
      },
      begin: async (parcel) => {
        const recipients = to.flatMap((each) => (each.grant === undefined ? [] : [each.grant]));
        await account.api.call('parcel.create', {
          body: { id: parcel, lifetime_ms: order.lifetimeMs, receipt: 'on_open', recipients },
        });
        return '';
      },
    },
    onProgress,
    signal,
  );
}

// The recipients, and the sender itself, who may add others later.
async function findAddressees(account: Account, order: SendOrder): Promise<readonly Addressee[]> {
  const all: Addressee[] = [];
  for (const typed of order.to) {
    const address = await account.core.parseAddress(typed);
    if (all.some((each) => each.address === address)) continue;
    const found = await account.findKeys(address);
    const opens = order.opensMax === undefined ? {} : { opens_max: order.opensMax };
    const grant = { account: found.account, generation: found.newest.generation, ...opens };
    all.push({ address, recipient: found.newest.recipient, grant });
  }
  const self = account.keys.address;
  if (!all.some((each) => each.address === self)) all.push({ address: self, recipient: account.keys.recipient });
  return all;
}

export async function sendPlanned(
  tools: TransferTools,
  plan: SendPlan,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<SentParcel> {
  const key = await keyOf(plan);
  const sendings = await tools.sendings.openedWith(plan.storageSecret);
  return sendings.exclusively(key, async () => {
    for (let restarts = 0; restarts <= restartsMax; restarts += 1) {
      const sending = await Sending.prepare({ ...tools, sendings }, plan, key, onProgress, signal);
      const sent = await sending.run();
      if (sent !== undefined) return sent;
    }
    throw new SealiftError('conflict', 'the files keep changing while they are sent');
  });
}

// Everything that makes an order the same as one that was begun before.
async function keyOf(plan: SendPlan): Promise<string> {
  const parts = [
    'sealift-send/1',
    plan.api.serverUrl,
    plan.senderAddress,
    plan.purpose,
    plan.note,
    plan.lifetimeMs,
    plan.opensMax ?? 0,
    plan.link,
    plan.to.map((each) => [each.address, each.recipient, each.grant?.opens_max ?? 0]),
    plan.entries.map((entry) => entry.path).sort(),
  ];
  const digest = await crypto.subtle.digest('SHA-256', toUtf8(JSON.stringify(parts)));
  return toHex(new Uint8Array(digest).subarray(0, 16));
}

interface Sources {
  readonly entries: readonly Entry[];
  readonly blobs: readonly (Blob | undefined)[];
  readonly contentBytes: number;
}

// In the order of their paths: a folder stands before what is in it.
function sourcesOf(sources: readonly SourceEntry[]): Sources {
  const sorted = [...sources].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const times = sorted.map(({ file }) => Math.floor((file?.lastModified ?? 0) / 1000));
  const newest = times.reduce((latest, time) => Math.max(latest, time), 0);
  const entries = sorted.map(({ path, file }, place): Entry => {
    if (file === undefined) return { path, kind: 'folder', permissions: 0o755, modified: newest, size: 0 };
    return { path, kind: 'file', permissions: 0o644, modified: times[place] ?? 0, size: file.size };
  });
  const contentBytes = entries.reduce((total, entry) => total + entry.size, 0);
  return { entries, blobs: sorted.map(({ file }) => file), contentBytes };
}

type SendTools = Omit<TransferTools, 'sendings'> & { readonly sendings: SendingStore };

class Sending {
  readonly #tools: SendTools;
  readonly #plan: SendPlan;
  readonly #key: string;
  readonly #sources: Sources;
  readonly #map: StreamMap;
  readonly #tree: string;
  readonly #onProgress: OnProgress;
  readonly #signal: AbortSignal;
  #wasContinued = false;
  // Of the payload.
  #sentBytes = 0;
  #hasLoginEnded = false;
  #linkId = '';
  // Of the link's passphrase; known once the recipients are.
  #stretched: Uint8Array = new Uint8Array();

  private constructor(
    tools: SendTools,
    plan: SendPlan,
    key: string,
    sources: Sources,
    map: StreamMap,
    tree: string,
    onProgress: OnProgress,
    signal: AbortSignal,
  ) {
    this.#tools = tools;
    this.#plan = plan;
    this.#key = key;
    this.#sources = sources;
    this.#map = map;
    this.#tree = tree;
    this.#onProgress = onProgress;
    this.#signal = signal;
  }

  static async prepare(
    tools: SendTools,
    plan: SendPlan,
    key: string,
    onProgress: OnProgress,
    signal: AbortSignal,
  ): Promise<Sending> {
    const sources = sourcesOf(plan.entries);
    const layout = await tools.core.layOut(sources.entries);
    const tree = toHex(await tools.core.treeDigest(sources.entries));
    const map = new StreamMap(sources.entries, layout, sources.blobs);
    return new Sending(tools, plan, key, sources, map, tree, onProgress, signal);
  }

  /** Undefined: the files changed, and what was begun is no more. */
  async run(): Promise<SentParcel | undefined> {
    const before = await this.#load();
    if (before !== undefined && before.tree !== this.#tree) {
      await this.#giveUp(before);
      return undefined;
    }
    this.#wasContinued = before !== undefined;
    const state = before ?? (await this.#beginAnew());
    const recipients = await this.#recipients(state);
    const begun = state.upload === '' ? await this.#beginUpload(state, recipients) : state;
    const hashes = await this.#sendContent(begun);
    if (hashes === undefined) {
      await this.#giveUp(begun);
      return undefined;
    }
    const event = await this.#finish(begun, recipients, hashes);
    await this.#plan.rememberLast?.(begun.parcel);
    await this.#tools.sendings.remove(this.#key);
    return {
      parcel: begun.parcel,
      ...(event === undefined ? {} : { event }),
      link: this.#link(begun),
      linkId: this.#linkId,
      passphrase: begun.passphrase,
      entries: this.#sources.entries.length,
      contentBytes: this.#sources.contentBytes,
      wasContinued: this.#wasContinued,
    };
  }

  async #load(): Promise<StoredSending | undefined> {
    const state = await this.#tools.sendings.load(this.#key);
    if (state === undefined || state.stage !== 'begun') return state;
    // The server may know the parcel, and nothing of it is there.
    await this.#giveUp(state);
    return undefined;
  }

  async #beginAnew(): Promise<StoredSending> {
    const { core } = this.#tools;
    const withLink = this.#plan.link !== 'none';
    const state: StoredSending = {
      stage: 'begun',
      owner: this.#plan.senderAddress,
      purpose: this.#plan.purpose,
      recipients: this.#plan.to.map((each) => each.recipient),
      order: this.#order(),
      parcel: toHex(await core.random(16)),
      created: this.#tools.now(),
      tree: this.#tree,
      fileKey: await core.random(16),
      nonce: await core.random(16),
      upload: '',
      uploadKey: '',
      handInKey: '',
      ...(withLink ? { linkSecret: await core.random(32), serverHalf: await core.random(32) } : {}),
      passphrase: this.#plan.link === 'with_passphrase' ? makePassphrase(await core.random(20)) : '',
      names: this.#sources.entries.slice(0, 5).map((entry) => entry.path),
      to: this.#plan.to.map((each) => each.address).filter((address) => address !== this.#plan.senderAddress),
      totalBytes: this.#sources.contentBytes,
      sentBytes: 0,
    };
    await this.#tools.sendings.begin(this.#key, state);
    return state;
  }

  #order(): StoredOrder {
    const files = this.#sources.entries.filter((entry) => entry.kind === 'file');
    return {
      files: files.slice(0, filesRememberedMax).map(({ path, size, modified }) => ({ path, size, modified })),
      filesCount: files.length,
      link: this.#plan.link,
      lifetimeMs: this.#plan.lifetimeMs,
      opensMax: this.#plan.opensMax ?? 0,
      note: this.#plan.note,
    };
  }

  async #beginUpload(state: StoredSending, recipients: readonly Addressee[]): Promise<StoredSending> {
    const handInKey = await this.#plan.begin(state.parcel);
    const known = { ...state, handInKey };
    const header = await this.#tools.core.sealHeader(
      state.fileKey,
      recipients.map((each) => each.recipient),
    );
    const upload = await createUpload(this.#api(known), {
      parcel: state.parcel,
      part: 'content',
      header: toBase64(header),
      payloadBytes: this.#map.payloadSize,
    });
    const begun: StoredSending = { ...known, stage: 'content', upload: upload.id, uploadKey: upload.key };
    await this.#tools.sendings.save(this.#key, begun);
    return begun;
  }

  #api(state: StoredSending): ApiClient {
    return state.handInKey === '' ? this.#plan.api : this.#plan.api.with('handInKey', state.handInKey);
  }

  // To whom everything is sealed, and who the manifest says that is.
  async #recipients(state: StoredSending): Promise<readonly Addressee[]> {
    const { linkSecret: secret, serverHalf } = state;
    if (secret === undefined || serverHalf === undefined) return this.#plan.to;
    this.#stretched = await this.#tools.core.stretchPassphrase(state.parcel, secret, state.passphrase);
    const halves = { parcel: state.parcel, secret, serverHalf, stretched: this.#stretched };
    const { recipient } = await this.#tools.core.linkKeys(halves);
    return [...this.#plan.to, { address: '', recipient }];
  }

  async #sendContent(state: StoredSending): Promise<readonly Uint8Array[] | undefined> {
    const { core, pool, sendings } = this.#tools;
    const uploading = this.#plan.api.with('uploadKey', state.uploadKey);
    const isThere = state.stage === 'manifest';
    const known = await sendings.readRecords(this.#key);
    try {
      // While the login lasts: its end is no time to give somebody the parcel.
      await this.#makeLink(state);
      return await sendContent({
        core,
        pool,
        map: this.#map,
        fileKey: state.fileKey,
        nonce: state.nonce,
        journal: { known, append: (from, records) => sendings.appendRecords(this.#key, from, records) },
        target: isThere ? undefined : new Upload(uploading, state.upload, this.#signal, (isWaiting) => this.#report(this.#sentBytes, isWaiting)),
        onSent: (payloadBytes) => this.#report(payloadBytes),
        signal: this.#signal,
      });
    } catch (error) {
      // The server forgot what was begun long ago.
      if (this.#wasContinued && error instanceof SealiftError && error.code === 'not_found') return undefined;
      throw error;
    }
  }

  // The content's share of what was sent.
  #report(payloadBytes: number, isWaiting = false): void {
    this.#sentBytes = payloadBytes;
    const totalBytes = this.#sources.contentBytes;
    const share = Math.min(1, payloadBytes / this.#map.payloadSize);
    this.#onProgress({ doneBytes: Math.floor(totalBytes * share), totalBytes, isWaiting });
  }

  async #finish(
    state: StoredSending,
    recipients: readonly Addressee[],
    hashes: readonly Uint8Array[],
  ): Promise<string | undefined> {
    await this.#tools.sendings.save(this.#key, { ...state, stage: 'manifest' });
    const path = { parcel: state.parcel };
    const event = this.#wasContinued && state.stage === 'manifest' ? await this.#completedBefore(state) : undefined;
    if (event !== undefined) return event;
    await this.#sendManifest(state, recipients, hashes);
    return (await this.#finishing(state, (api) => api.call('parcel.complete', { path }))).event;
  }

  // What is left once the content is there: the upload's key does it where the login has ended meanwhile.
  async #finishing<Answer>(state: StoredSending, work: (api: ApiClient) => Promise<Answer>): Promise<Answer> {
    const withKey = this.#plan.api.with('uploadKey', state.uploadKey);
    if (this.#hasLoginEnded) return work(withKey);
    try {
      return await work(this.#api(state));
    } catch (error) {
      if (state.handInKey !== '' || !(error instanceof SealiftError) || error.code !== 'unauthorized') throw error;
      this.#hasLoginEnded = true;
      return work(withKey);
    }
  }

  // A visit that ended just after the parcel was complete. Completing may be repeated; an outsider may do nothing else
  // to find out. A parcel that lacks a part can't be completed.
  async #completedBefore(state: StoredSending): Promise<string | undefined> {
    const api = this.#api(state);
    const path = { parcel: state.parcel };
    const mayBeWhole = state.handInKey !== '' || (await api.call('parcel.read', { path })).state === 'whole';
    if (!mayBeWhole) return undefined;
    try {
      return (await api.call('parcel.complete', { path })).event;
    } catch (error) {
      if (error instanceof SealiftError && error.code === 'conflict') return undefined;
      throw error;
    }
  }

  async #sendManifest(
    state: StoredSending,
    recipients: readonly Addressee[],
    hashes: readonly Uint8Array[],
  ): Promise<void> {
    const { core } = this.#tools;
    const manifest = await this.#manifest(state, recipients, hashes);
    const manifestKey = await core.random(16);
    const signed = await core.signManifest(manifest, state.fileKey, manifestKey, this.#plan.signingSeed);
    await this.#remember(state, signed);
    const keys = recipients.map((each) => each.recipient);
    const sealed = await core.sealManifest(manifestKey, signed, keys);
    const path = { parcel: state.parcel, part: 'manifest' };
    if (sealed.length <= putPartBytesMax) {
      await this.#finishing(state, (api) => api.call('parcel.put_part', { path, body: sealed }));
      return;
    }
    const { header, payload } = splitHeader(sealed);
    const wanted = { ...path, header: toBase64(header), payloadBytes: payload.length };
    const upload = await this.#finishing(state, (api) => createUpload(api, wanted));
    const target = new Upload(this.#plan.api.with('uploadKey', upload.key), upload.id, this.#signal);
    await target.send(0, payload, () => undefined);
  }

  // For the receipts, which may come as soon as the server has it all.
  async #remember(state: StoredSending, signed: Uint8Array): Promise<void> {
    const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(signed));
    const secret = state.linkSecret;
    const key = secret === undefined ? undefined : await this.#tools.core.linkProofKey(state.parcel, secret, this.#stretched);
    const linkKey = key === undefined ? '' : toBase64(key.publicKey);
    await this.#plan.remember?.(state.parcel, { manifest: toHex(new Uint8Array(digest)), linkKey });
  }

  async #manifest(
    state: StoredSending,
    recipients: readonly Addressee[],
    hashes: readonly Uint8Array[],
  ): Promise<Manifest> {
    const { core } = this.#tools;
    const named = recipients.map(async ({ address, recipient, grant }) => ({
      address,
      fingerprint: await core.fingerprint(recipient),
      previous: grant === undefined ? '' : this.#previousOf(grant.account, state.parcel),
    }));
    const { lifetimeMs, opensMax } = this.#plan;
    return {
      parcel: state.parcel,
      created: state.created,
      senderAddress: this.#plan.senderAddress,
      recipients: await Promise.all(named),
      policy: {
        expires: lifetimeMs === 0 ? 0 : state.created + lifetimeMs,
        opensMax: opensMax ?? 0,
        needsPassphrase: state.passphrase !== '',
      },
      note: this.#plan.note,
      payloadNonce: state.nonce,
      entries: this.#sources.entries.map((entry, place) => ({
        ...entry,
        offset: this.#map.contentBegin(place),
        hash: hashes[place] ?? new Uint8Array(32),
      })),
    };
  }

  #previousOf(account: string, parcel: string): string {
    const last = this.#plan.lastSentTo?.(account) ?? '';
    return last === parcel ? '' : last;
  }

  async #makeLink(state: StoredSending): Promise<void> {
    const { linkSecret, serverHalf } = state;
    if (linkSecret === undefined || serverHalf === undefined) return;
    const path = { parcel: state.parcel };
    const made = this.#wasContinued ? (await this.#plan.api.call('link.list', { path })).links[0] : undefined;
    if (made !== undefined) {
      this.#linkId = made.id;
      return;
    }
    const proof = await this.#tools.core.linkProofKey(state.parcel, linkSecret, this.#stretched);
    const record = await this.#plan.api.call('link.create', {
      path,
      body: {
        verifier: toBase64(proof.publicKey),
        server_half: toBase64(serverHalf),
        passphrase: state.passphrase === '' ? 'none' : 'needed',
        ...(this.#plan.opensMax === undefined ? {} : { opens_max: this.#plan.opensMax }),
        lifetime_ms: this.#plan.lifetimeMs,
      },
    });
    this.#linkId = record.id;
  }

  #link(state: StoredSending): string {
    if (state.linkSecret === undefined) return '';
    return linkText(this.#plan.api.serverUrl, state.parcel, state.linkSecret);
  }

  // What was begun is of no use any more. The server forgets it by itself, too.
  async #giveUp(state: StoredSending): Promise<void> {
    await abandonSending(this.#plan.api, state);
    await this.#tools.sendings.remove(this.#key);
  }
}

/** What an account began to send from this browser and didn't finish. What it began with former keys is taken back. */
export async function unfinishedSendings(tools: TransferTools, account: Account): Promise<readonly UnfinishedSending[]> {
  for (const { signingSeed } of account.keys.former) await takeBack(await tools.sendings.openedWith(signingSeed), account.api);
  return (await tools.sendings.openedWith(account.keys.signingSeed)).list();
}

// It is sealed to the keys that were replaced, too, so it can't go on; and what is kept of it is sealed with those.
async function takeBack(sendings: SendingStore, api: ApiClient): Promise<void> {
  for (const { key } of await sendings.list()) {
    const state = await sendings.load(key);
    if (state !== undefined) await abandonSending(api, state);
    await sendings.remove(key);
  }
}

/** Takes back what an unfinished sending has with the server, as far as the server can be reached. */
export async function abandonSending(api: ApiClient, state: StoredSending): Promise<void> {
  const calls = [
    state.upload === '' ? undefined : terminateUpload(api.with('uploadKey', state.uploadKey), state.upload),
    state.handInKey === '' ? api.call('parcel.recall', { path: { parcel: state.parcel } }) : undefined,
  ];
  await Promise.allSettled(calls);
}
