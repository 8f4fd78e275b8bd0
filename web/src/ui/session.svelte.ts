// Who is here: the lower half's client, started once, and the account that logged in. Keys live in this
// page alone; closing or reloading it forgets them.
import type { Account } from '../account/account.ts';
import { acceptRestore, findRestore, type StatedRestore } from '../account/restores.ts';
import type { NewKeys } from '../account/pins.ts';
import { ApiClient } from '../api/client.ts';
import { SealiftError } from '../api/error.ts';
import type { Server } from '../api/generated/types.ts';
import { startClient, type Client } from '../client.ts';
import { clearPrivateDisk } from '../transfer/destination.ts';

class Session {
  account: Account | undefined = $state.raw();
  server: Server | undefined = $state.raw();
  /** An account was here in this visit, and the server has ended its session since. */
  hasEnded = $state(false);
  /** Its owner made new keys in this visit, and logs in with them; partly: what the old ones had left is not ended. */
  newOwnKeys: 'none' | 'whole' | 'partly' = $state('none');
  /** An account is here, and nobody was at the page for long: its owner logs in again. */
  isLocked = $state(false);
  /** The server went back, and its operator states why: for a person to read (parts/Restored.svelte). */
  restore: StatedRestore | undefined = $state.raw();
  /** Addresses by account, as far as this browser has met them. */
  addresses: ReadonlyMap<string, string> = $state.raw(new Map());
  /** Whose keys were followed by newer ones, until the reader has read it (parts/KeysChanged.svelte). */
  newKeys: ReadonlyMap<string, NewKeys> = $state.raw(new Map());
  #client: Promise<Client> | undefined;
  #owner = '';
  // Addresses that the directory proved, of people to whom nothing was sent.
  readonly #proved = new Map<string, string>();
  // Of this visit, also while it is locked or its session has ended: what is under way is its own.
  #known: Account | undefined;
  // Sessions from before it was locked, which transfers may still use.
  #before: ApiClient[] = [];
  readonly #changed: (() => void)[] = [];

  /** What anyone may ask, without the core. */
  readonly open = new ApiClient();

  /** Starts the core when it is first needed; tried again after a failure. */
  client(): Promise<Client> {
    this.#client ??= startClient().catch((error: unknown) => {
      this.#client = undefined;
      throw error;
    });
    return this.#client;
  }

  async describe(): Promise<Server> {
    this.server ??= await this.open.call('server.describe');
    return this.server;
  }

  /** After something that changes what everyone is told. */
  async describeAgain(): Promise<void> {
    this.server = await this.open.call('server.describe').catch(() => this.server);
  }

  /** `forget` is called when another account comes than was here, or the one that was here leaves. */
  onChange(forget: () => void): void {
    this.#changed.push(forget);
  }

  #changeTo(owner: string): void {
    if (this.#owner === owner) return;
    if (this.#owner !== '') for (const forget of this.#changed) forget();
    this.#proved.clear();
    this.#owner = owner;
  }

  async enter(account: Account): Promise<void> {
    this.#changeTo(account.record.id);
    const known = this.#known;
    const before = known?.api;
    if (known?.renew(account) === true) {
      if (this.isLocked && before) this.#before.push(before);
    } else {
      this.#known = account;
    }
    this.account = this.#known;
    this.hasEnded = this.isLocked = false;
    this.newOwnKeys = 'none';
    await this.learnAddresses();
  }

  async haveReadNewKeys(address: string): Promise<void> {
    await this.account?.haveReadNewKeys(address);
    await this.learnAddresses();
  }

  /** Reads the pins again: who is who among accounts, and who has new keys. Never fails a page. */
  async learnAddresses(): Promise<void> {
    try {
      const { keys, newKeys } = await (await this.client()).pins.load();
      this.newKeys = new Map(Object.entries(newKeys).filter(([, told]) => !told.isRead));
      const known = new Map([...this.#proved, ...Object.entries(keys).map(([address, pin]) => [pin.account, address] as const)]);
      if (this.account) known.set(this.account.record.id, this.account.record.address);
      this.addresses = known;
    } catch {
      // Pages show ids then.
    }
  }

  async prove(account: string, address: string): Promise<void> {
    this.#proved.set(account, address);
    await this.learnAddresses();
  }

  /** Who is here is to show that again; what is under way goes on. */
  lock(): void {
    if (!this.account) return;
    this.account = undefined;
    this.isLocked = true;
  }

  async leave(): Promise<void> {
    const account = this.account;
    const before = this.#before.splice(0);
    this.#changeTo('');
    this.account = this.#known = undefined;
    this.hasEnded = this.isLocked = false;
    await clearPrivateDisk();
    for (const each of before) await each.call('session.end').catch(() => undefined);
    await account?.logOut();
  }

  // What was refused stays refused when there is no such statement, or it can't be had.
  async #lookForRestore(): Promise<void> {
    this.restore ??= await findRestore(await this.client()).catch(() => undefined);
  }

  /** By a person's yes. Throws damaged: it no longer counts. */
  async acceptRestore(stated: StatedRestore): Promise<void> {
    await acceptRestore(await this.client(), stated);
    await this.account?.takePins();
    this.restore = undefined;
  }

  /**
   * For every failed call: a session that the server has ended is over here, too; and a server that contradicts itself
   * may have been restored.
   */
  note(error: unknown): void {
    if (error instanceof SealiftError && error.code === 'locked_down' && this.server?.lockdown !== true) void this.describeAgain();
    if (error instanceof SealiftError && error.code === 'damaged') void this.#lookForRestore();
    if (this.account && error instanceof SealiftError && error.code === 'unauthorized') {
      this.account = undefined;
      this.hasEnded = true;
      this.isLocked = false;
      void clearPrivateDisk();
    }
  }
}

export const session = new Session();

/** The account, on pages that are only shown with one. */
export function accountHere(): Account {
  if (!session.account) throw new SealiftError('unauthorized', 'nobody is logged in');
  return session.account;
}
