// What was sent: the list behind the outbox, which keeps its place.
import type { Parcel } from '../api/generated/types.ts';
import { LongList } from './long_list.svelte.ts';
import type { Listed } from './pages.ts';
import { accountHere, session } from './session.svelte.ts';

async function load(query: { readonly before?: string }): Promise<Listed<Parcel>> {
  const { parcels, ...rest } = await accountHere().api.call('parcel.list_sent', { query });
  // What was handed in to us is ours, and in the inbox.
  return { items: parcels.filter((each) => each.request === undefined), ...rest };
}

class Outbox {
  list: LongList<Parcel> = $state.raw(new LongList(load));

  constructor() {
    session.onChange(() => {
      this.list = new LongList(load);
    });
  }
}

export const outbox = new Outbox();
