// What has arrived: the list behind the inbox and the count in the title. Looks again by itself while the page is open.
import type { Parcel } from '../api/generated/types.ts';
import { knownParcels } from './known_parcels.svelte.ts';
import { LongList } from './long_list.svelte.ts';
import type { Listed } from './pages.ts';
import { accountHere, session } from './session.svelte.ts';

const lookEveryMs = 60_000;

async function load(query: { readonly before?: string }): Promise<Listed<Parcel>> {
  const account = accountHere();
  const { parcels, ...rest } = await account.api.call('parcel.list_received', { query });
  const requests = parcels.flatMap((each) => each.request ?? []);
  if (requests.length > 0) inbox.titles = await knownParcels.requestTitles(account, requests);
  return { items: parcels, ...rest };
}

class Inbox {
  list: LongList<Parcel> = $state.raw(new LongList(load));
  /** By request. */
  titles: ReadonlyMap<string, string> = $state.raw(new Map());
  /** As far as the list was read. */
  readonly unread: number = $derived(this.list.items.filter((each) => isUnread(each)).length);

  constructor() {
    session.onChange(() => {
      this.list = new LongList(load);
      this.titles = new Map();
    });
    setInterval(() => {
      if (session.account !== undefined && !this.list.isBusy) void this.list.refresh();
    }, lookEveryMs);
  }
}

export function isUnread(parcel: Parcel): boolean {
  const mine = parcel.recipients.find((each) => each.account === session.account?.record.id);
  return mine !== undefined && mine.opens_used === 0;
}

export const inbox = new Inbox();
