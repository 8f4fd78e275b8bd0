// Whom a file request was made for, as its owner wrote it in this browser: each has a link of their own, and the server
// doesn't learn who they are. Forgotten when somebody else comes (docs/decisions/0168-links-and-groups-stay-in-the-browser.md).
import type { Account } from '../account/account.ts';
import { notesOf, type NoteStore } from '../transfer/sealed_notes.ts';
import { session } from './session.svelte.ts';

class Asked {
  /** Addresses, by request. */
  #people: ReadonlyMap<string, string> = $state.raw(new Map());
  #store: Promise<NoteStore<string> | undefined> | undefined;

  constructor() {
    session.onChange(() => {
      this.#people = new Map();
      this.#store = undefined;
    });
  }

  /** What earlier visits kept. Never fails: a list is whole without it. */
  async open(account: Account): Promise<void> {
    await this.#opened(account);
  }

  /** "" where nobody is known. */
  of(request: string): string {
    return this.#people.get(request) ?? '';
  }

  /** Until the request is over. */
  async learn(account: Account, request: string, address: string, expires: number): Promise<void> {
    const store = await this.#opened(account);
    this.#people = new Map(this.#people).set(request, address);
    await store?.keep(request, address, expires).catch(() => undefined);
  }

  #opened(account: Account): Promise<NoteStore<string> | undefined> {
    this.#store ??= this.#load(account).catch(() => undefined);
    return this.#store;
  }

  async #load(account: Account): Promise<NoteStore<string>> {
    const { notes, now } = await session.client();
    const store = await notesOf<string>(notes, account.keys, 'asked', now());
    this.#people = new Map([...(await store.load(now())), ...this.#people]);
    return store;
  }
}

export const asked = new Asked();
