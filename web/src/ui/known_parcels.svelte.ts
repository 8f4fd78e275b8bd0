// What lists say of parcels beyond what the server knows: what is in those that we sent or opened, whether they arrived,
// and which request a hand-in answers. Forgotten when somebody else comes.
import type { Account } from '../account/account.ts';
import { codeOf } from '../api/error.ts';
import type { Parcel } from '../api/generated/types.ts';
import { listRequests } from '../transfer/requests.ts';
import { readSentSummary, type ParcelSummary } from '../transfer/sent_summary.ts';
import { notesOf, type NoteStore } from '../transfer/sealed_notes.ts';
import { judgeDelivery, type Delivery } from './delivery.ts';
import { session } from './session.svelte.ts';

const atOnceMax = 4;
const requestPagesMax = 10;
const tellEveryMs = 200;

class KnownParcels {
  /** Changes when there is something new, a few times a second at most: lists that hold thousands follow it. */
  version = $state(0);
  #summaries = new Map<string, ParcelSummary>();
  #asked = new Map<string, Promise<ParcelSummary | undefined>>();
  #deliveries = new Map<string, Promise<Delivery | undefined>>();
  #store: Promise<NoteStore<ParcelSummary> | undefined> | undefined;
  readonly #met = new Map<string, Promise<void>>();
  #isEnough = false;
  #titles: Promise<ReadonlyMap<string, string>> | undefined;
  #told: ReturnType<typeof setTimeout> | undefined;
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor() {
    session.onChange(() => {
      this.#summaries = new Map();
      this.#asked = new Map();
      this.#deliveries = new Map();
      this.#store = this.#titles = undefined;
      this.#met.clear();
      this.#isEnough = false;
    });
  }

  /** As far as it is known without asking. */
  summary(parcel: string): ParcelSummary | undefined {
    return this.#summaries.get(parcel);
  }

  /** What earlier visits kept. Never fails: a list is whole without it. */
  async open(account: Account): Promise<void> {
    await this.#opened(account);
  }

  #opened(account: Account): Promise<NoteStore<ParcelSummary> | undefined> {
    this.#store ??= this.#load(account).catch(() => undefined);
    return this.#store;
  }

  async #load(account: Account): Promise<NoteStore<ParcelSummary>> {
    const { notes, now } = await session.client();
    const store = await notesOf<ParcelSummary>(notes, account.keys, 'summaries', now());
    for (const [parcel, summary] of await store.load(now())) this.#summaries.set(parcel, summary);
    this.#tell();
    return store;
  }

  /** Of a parcel that we sent. Undefined: it can't be read (any more). */
  readSummary(account: Account, { id, state, expires }: Parcel): Promise<ParcelSummary | undefined> {
    const asked = this.#asked.get(id);
    if (asked) return asked;
    const read = (async (): Promise<ParcelSummary | undefined> => {
      await this.#opened(account);
      const known = this.#summaries.get(id);
      if (known !== undefined || state !== 'whole') return known;
      const summary = await this.#inTurn(() => readSentSummary(account, id));
      await this.learn(account, id, summary, expires);
      return summary;
    })().catch(() => undefined);
    this.#asked.set(id, read);
    return read;
  }

  /** Of one that was opened, sent or changed here. */
  async learn(account: Account, parcel: string, summary: ParcelSummary, expires: number): Promise<void> {
    const store = await this.#opened(account);
    this.#summaries.set(parcel, summary);
    this.#tell();
    await store?.keep(parcel, summary, expires).catch(() => undefined);
  }

  /**
   * A sender whom this browser never met: the server says the address, the directory and its log prove whose it is. What
   * they prove is known from then on; what they don't stays the server's word.
   */
  meet(account: Account, { sender, sender_address: address }: Parcel): Promise<void> {
    if (address === undefined || session.addresses.has(sender)) return Promise.resolve();
    const asked = this.#met.get(sender);
    if (asked) return asked;
    const met = this.#inTurn(async () => {
      // The server takes so many questions in a while, and sending needs some of them.
      if (this.#isEnough) return;
      try {
        if (await account.proves(address, sender)) await session.prove(sender, address);
      } catch (error) {
        this.#isEnough = codeOf(error) === 'limit';
        session.note(error);
      }
    });
    this.#met.set(sender, met);
    return met;
  }

  /** Its recipients or its state have changed. */
  forget(parcel: string): void {
    this.#summaries.delete(parcel);
    this.#asked.delete(parcel);
    this.#deliveries.delete(parcel);
    this.#tell();
  }

  /** By receipts that were verified here. Undefined: the server didn't say. */
  delivery(account: Account, parcel: Parcel): Promise<Delivery | undefined> {
    const asked = this.#deliveries.get(parcel.id);
    if (asked) return asked;
    const read = this.#inTurn(() => judgeDelivery(account, parcel)).catch((error: unknown) => {
      session.note(error);
      return codeOf(error) === 'damaged' ? ({ kind: 'lie' } as const) : undefined;
    });
    this.#deliveries.set(parcel.id, read);
    return read;
  }

  /** What was received stays so; of the others the server is asked again. */
  async forgetUndelivered(): Promise<void> {
    for (const [parcel, asked] of [...this.#deliveries]) if ((await asked)?.kind !== 'all') this.#deliveries.delete(parcel);
  }

  /** By request. `needed`: read again when one of them is not known yet. */
  async requestTitles(account: Account, needed: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const known = await (this.#titles ?? new Map<string, string>());
    if (needed.every((each) => known.has(each))) return known;
    this.#titles = readTitles(account);
    return this.#titles;
  }

  #tell(): void {
    this.#told ??= setTimeout(() => {
      this.#told = undefined;
      this.version += 1;
    }, tellEveryMs);
  }

  async #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    if (this.#running >= atOnceMax) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running += 1;
    try {
      return await work();
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }
}

async function readTitles(account: Account): Promise<ReadonlyMap<string, string>> {
  const all = new Map<string, string>();
  let before: string | undefined;
  for (let page = 0; page < requestPagesMax; page += 1) {
    const { requests, next } = await listRequests(account, before);
    for (const { record, title } of requests) all.set(record.id, title);
    if (next === undefined) break;
    before = next;
  }
  return all;
}

export const knownParcels = new KnownParcels();
