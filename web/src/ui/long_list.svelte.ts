// A list that may be long: read in the server's pages as far as it is needed, shown in pages of its own, and
// in the same place when the reader comes back to it. One for each list, for as long as the account is here.
import { sentenceOf } from './errors.ts';
import { more, type Listed } from './pages.ts';
import { rowsOnPage, type RowFilter, type RowSort } from './parcel_rows.ts';

export class LongList<Item> {
  items: readonly Item[] = $state.raw([]);
  /** False until the first page came. */
  hasRead = $state(false);
  /** All of it is in `items`. */
  isWhole = $state(false);
  isBusy = $state(false);
  failure = $state('');

  words = $state('');
  filter: RowFilter = $state('all');
  sort: RowSort = $state('newest');
  page = $state(0);
  /** What the reader went to from here. */
  visited = $state('');

  readonly #load: (query: { readonly before?: string }) => Promise<Listed<Item>>;
  #listed: Listed<Item> | undefined;
  #wanted = 1;
  #reading = 0;

  constructor(load: (query: { readonly before?: string }) => Promise<Listed<Item>>) {
    this.#load = load;
  }

  /** Reads again what there was, and shows the old meanwhile. */
  async refresh(): Promise<void> {
    this.#wanted = Math.max(1, this.items.length);
    this.#listed = undefined;
    await this.#read();
  }

  /** Reads on until there are `count`, or all. */
  async need(count: number): Promise<void> {
    // What couldn't be read is read again when somebody asks.
    if (this.isWhole || this.failure !== '' || count <= this.#wanted) return;
    this.#wanted = count;
    if (!this.isBusy) await this.#read();
  }

  /** Reads what page `page` takes, with the next one known; a search and another order look through all of it. */
  async needFor(page: number): Promise<void> {
    const isAsServed = this.words.trim() === '' && this.filter === 'all' && this.sort === 'newest';
    await this.need(isAsServed ? (page + 1) * rowsOnPage + 1 : Number.POSITIVE_INFINITY);
  }

  async #read(): Promise<void> {
    this.#reading += 1;
    const mine = this.#reading;
    this.isBusy = true;
    try {
      while (this.#listed === undefined || (this.#listed.next !== undefined && this.#listed.items.length < this.#wanted)) {
        const listed = await more(this.#listed, this.#load);
        if (mine !== this.#reading) return;
        this.#listed = listed;
        // The old list is not cut short while the new one is read; what is shown doubles each time, because all of it is
        // searched and sorted again.
        if (!this.hasRead || listed.items.length >= 2 * this.items.length) this.#publish(listed);
      }
      this.#publish(this.#listed);
      this.failure = '';
    } catch (error) {
      if (mine !== this.#reading) return;
      this.failure = sentenceOf(error);
    } finally {
      if (mine === this.#reading) this.isBusy = false;
    }
  }

  #publish(listed: Listed<Item>): void {
    this.items = listed.items;
    this.isWhole = listed.next === undefined;
    this.hasRead = true;
  }
}
