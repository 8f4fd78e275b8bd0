// The parcel that is being put together or sent. It outlives the page, so that looking into the inbox
// meanwhile loses nothing.
import type { Policy } from '../api/generated/types.ts';
import { codeOf } from '../api/error.ts';
import { sendParcel, unfinishedSendings } from '../transfer/send.ts';
import type { LinkWish, SendOrder, SentParcel, SourceEntry, UnfinishedSending } from '../transfer/types.ts';
import { sentenceOf } from './errors.ts';
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
  transfer: Transfer<SentParcel> | undefined = $state.raw();

  async prepare(): Promise<void> {
    const policy = await accountHere().api.call('policy.read');
    this.policy = policy;
    if (this.lifetimeMs === 0) this.lifetimeMs = policy.parcel_lifetime_ms_default;
    this.unfinished = await unfinishedSendings(await session.client(), accountHere());
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
    this.transfer = new Transfer((onProgress, signal) => sendParcel(client, account, order, onProgress, signal), {
      not_found: 'send.noAccount',
      limit: 'send.limit',
      no_space: 'send.noSpace',
      conflict: 'send.changed',
      damaged: 'send.keyContradiction',
    });
    await this.transfer.run();
  }

  clear(): void {
    this.transfer?.forget();
    this.transfer = undefined;
    this.entries = [];
    this.recipients = [];
    this.link = 'none';
    this.opensMax = '';
    this.note = '';
  }
}

export const sending = new Sending();
