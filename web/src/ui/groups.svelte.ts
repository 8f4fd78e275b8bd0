// Groups of recipients, as one account made them in this browser: the server never hears of them. Forgotten when somebody
// else comes (docs/decisions/0168-links-and-groups-stay-in-the-browser.md).
import type { Account } from '../account/account.ts';
import { toHex } from '../api/encoding.ts';
import { notesOf, type NoteStore } from '../transfer/sealed_notes.ts';
import { session } from './session.svelte.ts';

export interface Group {
  readonly id: string;
  readonly name: string;
  readonly addresses: readonly string[];
}

const forEver = Number.MAX_SAFE_INTEGER;
const sameName = (one: string, other: string): boolean => one.trim().toLocaleLowerCase() === other.trim().toLocaleLowerCase();

class Groups {
  /** By name. */
  all: readonly Group[] = $state.raw([]);
  #store: Promise<NoteStore<Omit<Group, 'id'>> | undefined> | undefined;

  constructor() {
    session.onChange(() => {
      this.all = [];
      this.#store = undefined;
    });
  }

  /** What earlier visits kept. Never fails: a page is whole without it. */
  async open(account: Account): Promise<void> {
    await this.#opened(account);
  }

  /** Of this name, however it is written. */
  find(name: string): Group | undefined {
    return this.all.find((each) => sameName(each.name, name));
  }

  /** Instead of the one that had this name. Throws io: the browser kept nothing. */
  async save(account: Account, name: string, addresses: readonly string[]): Promise<void> {
    const store = await this.#opened(account);
    const id = this.find(name)?.id ?? toHex(crypto.getRandomValues(new Uint8Array(16)));
    const group = { name: name.trim(), addresses };
    await store?.keep(id, group, forEver);
    this.#set([...this.all.filter((each) => each.id !== id), { id, ...group }]);
  }

  async remove(account: Account, id: string): Promise<void> {
    const store = await this.#opened(account);
    await store?.remove(id);
    this.#set(this.all.filter((each) => each.id !== id));
  }

  #set(all: readonly Group[]): void {
    this.all = [...all].sort((a, b) => a.name.localeCompare(b.name));
  }

  #opened(account: Account): Promise<NoteStore<Omit<Group, 'id'>> | undefined> {
    this.#store ??= this.#load(account).catch(() => undefined);
    return this.#store;
  }

  async #load(account: Account): Promise<NoteStore<Omit<Group, 'id'>>> {
    const { notes, now } = await session.client();
    const store = await notesOf<Omit<Group, 'id'>>(notes, account.keys, 'groups', now());
    this.#set([...(await store.load(now()))].map(([id, group]) => ({ id, ...group })));
    return store;
  }
}

export const groups = new Groups();
