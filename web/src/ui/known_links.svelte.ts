// Links that this account made in this browser, so that they can be shown again: the server has no link's secret. Forgotten
// when somebody else comes (docs/decisions/0168-links-and-groups-stay-in-the-browser.md).
import type { Account } from '../account/account.ts';
import { notesOf, type NoteStore } from '../transfer/sealed_notes.ts';
import { session } from './session.svelte.ts';

export interface KnownLink {
  /** Holds the secret. */
  readonly text: string;
  /** "" for none. */
  readonly passphrase: string;
}

const nameOf = (parcel: string, link: string): string => `${parcel}.${link}`;

class KnownLinks {
  #links: ReadonlyMap<string, KnownLink> = $state.raw(new Map());
  #store: Promise<NoteStore<KnownLink> | undefined> | undefined;

  constructor() {
    session.onChange(() => {
      this.#links = new Map();
      this.#store = undefined;
    });
  }

  /** What earlier visits kept. Never fails: a page is whole without it. */
  async open(account: Account): Promise<void> {
    await this.#opened(account);
  }

  find(parcel: string, link: string): KnownLink | undefined {
    return this.#links.get(nameOf(parcel, link));
  }

  /** Until its parcel expires. */
  async learn(account: Account, parcel: string, link: string, known: KnownLink, expires: number): Promise<void> {
    const store = await this.#opened(account);
    this.#links = new Map(this.#links).set(nameOf(parcel, link), known);
    await store?.keep(nameOf(parcel, link), known, expires).catch(() => undefined);
  }

  /** The parcel expires sooner or later than before. */
  async keepUntil(account: Account, parcel: string, expires: number): Promise<void> {
    const store = await this.#opened(account);
    for (const [name, known] of this.#ofParcel(parcel)) await store?.keep(name, known, expires).catch(() => undefined);
  }

  /** It opens nothing any more. Without `link`, all of the parcel. */
  async forget(account: Account, parcel: string, link?: string): Promise<void> {
    const store = await this.#opened(account);
    const over = link === undefined ? this.#ofParcel(parcel).map(([name]) => name) : [nameOf(parcel, link)];
    this.#links = new Map([...this.#links].filter(([name]) => !over.includes(name)));
    for (const name of over) await store?.remove(name).catch(() => undefined);
  }

  #ofParcel(parcel: string): readonly (readonly [string, KnownLink])[] {
    return [...this.#links].filter(([name]) => name.startsWith(nameOf(parcel, '')));
  }

  #opened(account: Account): Promise<NoteStore<KnownLink> | undefined> {
    this.#store ??= this.#load(account).catch(() => undefined);
    return this.#store;
  }

  async #load(account: Account): Promise<NoteStore<KnownLink>> {
    const { notes, now } = await session.client();
    const store = await notesOf<KnownLink>(notes, account.keys, 'links', now());
    const kept = await store.load(now());
    this.#links = new Map([...kept, ...this.#links]);
    return store;
  }
}

export const knownLinks = new KnownLinks();
