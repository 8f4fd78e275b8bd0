// The parcel that is being put together or sent. It outlives the page, so that looking into the inbox
// meanwhile loses nothing.
import type { Account } from '../account/account.ts';
import type { Policy } from '../api/generated/types.ts';
import { codeOf } from '../api/error.ts';
import { abandonSending, sendParcel, unfinishedSendings } from '../transfer/send.ts';
import type { LinkWish, OnProgress, SendOrder, SentParcel, SourceEntry, UnfinishedSending } from '../transfer/types.ts';
import { sentenceOf } from './errors.ts';
import { knownLinks } from './known_links.svelte.ts';
import { wantedFiles, type WantedFile } from './wanted_files.ts';
import { accountHere, session } from './session.svelte.ts';
import { Transfer } from './transfer.svelte.ts';

export interface Recipient {
  readonly address: string;
  /** looking: not known yet; known: as seen before; first: seen for the first time. */
  readonly state: 'looking' | 'known' | 'first' | 'none' | 'failed';
  readonly fingerprint: string;
  readonly failure: string;
}

class Sending {
  entries: readonly SourceEntry[] = $state.raw([]);
  recipients: readonly Recipient[] = $state.raw([]);
  link: LinkWish = $state('none');
  lifetimeMs = $state(0);
  opensMax = $state('');
  note = $state('');
  policy: Policy | undefined = $state.raw();
  unfinished: readonly UnfinishedSending[] = $state.raw([]);
  /** The one that the form was filled from, to go on with. */
  continued: UnfinishedSending | undefined = $state.raw();
  /** Its files that were not chosen again, or differ. */
  readonly wantedBack: readonly WantedFile[] = $derived(wantedFiles(this.continued?.order, this.entries));
  transfer: Transfer<SentParcel> | undefined = $state.raw();

  async prepare(): Promise<void> {
    const policy = await accountHere().api.call('policy.read');
    this.policy = policy;
    if (this.lifetimeMs === 0) this.lifetimeMs = policy.parcel_lifetime_ms_default;
    await this.#listUnfinished();
  }

  async #listUnfinished(): Promise<void> {
    this.unfinished = await unfinishedSendings(await session.client(), accountHere());
  }

  /** Fills the form with its terms; the files have to be chosen again, because a browser keeps none. */
  async goOn(unfinished: UnfinishedSending): Promise<void> {
    this.clear();
    const { note, link, lifetimeMs, opensMax } = unfinished.order;
    this.continued = unfinished;
    this.note = note;
    this.link = link;
    this.lifetimeMs = lifetimeMs;
    this.opensMax = opensMax === 0 ? '' : String(opensMax);
    for (const address of unfinished.to) if (address !== '') await this.add(address);
  }

  /** Takes back what the server has of it. */
  async discard(unfinished: UnfinishedSending): Promise<void> {
    const account = accountHere();
    const sendings = await (await session.client()).sendings.openedWith(account.keys.signingSeed);
    const state = await sendings.load(unfinished.key);
    if (state) await abandonSending(account.api, state);
    await sendings.remove(unfinished.key);
    if (this.continued?.key === unfinished.key) this.continued = undefined;
    await this.#listUnfinished();
  }

  /** Looks an address's key up; the list shows what came of it. */
  async add(typed: string): Promise<void> {
    const account = accountHere();
    const address = await account.core.parseAddress(typed);
    if (this.recipients.some((each) => each.address === address)) return;
    this.recipients = [...this.recipients, { address, state: 'looking', fingerprint: '', failure: '' }];
    try {
      const found = await account.findKeys(address);
      this.#set({ address, state: found.isFirstSeen ? 'first' : 'known', fingerprint: found.fingerprint, failure: '' });
      void session.learnAddresses();
    } catch (error) {
      const isNone = codeOf(error) === 'not_found';
      const failure = sentenceOf(error, { not_found: 'send.noAccount', damaged: 'send.keyContradiction' });
      this.#set({ address, state: isNone ? 'none' : 'failed', fingerprint: '', failure });
    }
  }

  #set(recipient: Recipient): void {
    this.recipients = this.recipients.map((each) => (each.address === recipient.address ? recipient : each));
  }

  remove(address: string): void {
    this.recipients = this.recipients.filter((each) => each.address !== address);
  }

  async send(): Promise<void> {
    const account = accountHere();
    const client = await session.client();
    const opensMax = Number(this.opensMax);
    const order: SendOrder = {
      entries: this.entries,
      to: this.recipients.map((each) => each.address),
      link: this.link,
      lifetimeMs: this.lifetimeMs,
      ...(opensMax > 0 ? { opensMax } : {}),
      note: this.note,
    };
    const work = (onProgress: OnProgress, signal: AbortSignal): Promise<SentParcel> =>
      sendParcel(client, account, order, onProgress, signal);
    this.transfer = new Transfer({ kind: 'send', path: '/send' }, work, {
      not_found: 'send.noAccount',
      limit: 'send.limit',
      no_space: 'send.noSpace',
      conflict: 'send.changed',
      damaged: 'send.keyContradiction',
    });
    await this.transfer.run();
    await this.#keepLink(account, this.transfer.result, order.lifetimeMs);
    await this.#listUnfinished();
  }

  // To be shown again. The server says when the parcel ends; until it is asked, this is when at the latest.
  async #keepLink(account: Account, sent: SentParcel | undefined, lifetimeMs: number): Promise<void> {
    if (sent === undefined || sent.linkId === '') return;
    const known = { text: sent.link, passphrase: sent.passphrase };
    await knownLinks.learn(account, sent.parcel, sent.linkId, known, Date.now() + lifetimeMs);
  }

  clear(): void {
    this.transfer?.forget();
    this.transfer = undefined;
    this.continued = undefined;
    this.entries = [];
    this.recipients = [];
    this.link = 'none';
    this.opensMax = '';
    this.note = '';
  }
}

export const sending = new Sending();
session.onChange(() => {
  sending.clear();
});
