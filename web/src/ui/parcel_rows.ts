// What the lists of parcels show, and how they are searched, filtered, sorted and cut into pages. Pure, and quick
// with ten thousand rows: each row's searched text is made once.
import type { Parcel } from '../api/generated/types.ts';
import type { ParcelSummary } from '../transfer/sent_summary.ts';

export interface ParcelRow {
  readonly parcel: Parcel;
  /** Sender or recipients, as the reader knows them. */
  readonly people: string;
  /** The server alone says so. */
  readonly isUnproven?: boolean;
  /** What was asked for, of a hand-in; empty while it isn't known. */
  readonly asked: string;
  /** What is in it, once that is known. */
  readonly summary: ParcelSummary | undefined;
  /** Of the inbox: never opened. Of the outbox: somebody hasn't opened it yet; undefined: it went by link alone. */
  readonly isWaiting: boolean | undefined;
  /** When it was handed over, or begun. */
  readonly at: number;
}

export type RowFilter = 'all' | 'waiting' | 'done' | 'incomplete' | 'over';
export type RowSort = 'newest' | 'oldest' | 'largest' | 'soonest' | 'people';

/** What lists of parcels are sorted by, and what that is called. */
export function sortsBy<const People extends string>(people: People) {
  return [
    { value: 'newest', key: 'list.newest' },
    { value: 'oldest', key: 'list.oldest' },
    { value: 'soonest', key: 'list.soonest' },
    { value: 'people', key: people },
    { value: 'largest', key: 'list.largest' },
  ] as const;
}

export interface RowWish {
  readonly words: string;
  readonly filter: RowFilter;
  readonly sort: RowSort;
}

export const rowsOnPage = 50;

/** Without accents and capitals: "Été" is found by "ete". */
export function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

const searched = new WeakMap<ParcelRow, string>();

function textOf(row: ParcelRow): string {
  let text = searched.get(row);
  if (text === undefined) {
    text = folded([row.people, row.asked, row.summary?.subject ?? '', ...(row.summary?.names ?? []), row.parcel.id].join('\n'));
    searched.set(row, text);
  }
  return text;
}

/** Whether `text` has every word, in any order. */
export function hasWords(text: string, words: string): boolean {
  return folded(words)
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function passes({ parcel, isWaiting }: ParcelRow, filter: RowFilter): boolean {
  const isWhole = parcel.state === 'whole';
  switch (filter) {
    case 'all':
      return true;
    case 'waiting':
      return isWhole && isWaiting === true;
    case 'done':
      return isWhole && isWaiting === false;
    case 'incomplete':
      return parcel.state === 'uploading';
    case 'over':
      return parcel.state === 'recalled' || parcel.state === 'expired';
  }
}

const collator = new Intl.Collator(undefined, { sensitivity: 'base', numeric: true });
const orders: Readonly<Record<RowSort, (a: ParcelRow, b: ParcelRow) => number>> = {
  newest: (a, b) => b.at - a.at,
  oldest: (a, b) => a.at - b.at,
  largest: (a, b) => b.parcel.payload_bytes - a.parcel.payload_bytes,
  soonest: (a, b) => a.parcel.expires - b.parcel.expires,
  people: (a, b) => collator.compare(a.people, b.people),
};

export function wantedRows(rows: readonly ParcelRow[], { words, filter, sort }: RowWish): readonly ParcelRow[] {
  const found = rows.filter((row) => passes(row, filter) && (words.trim() === '' || hasWords(textOf(row), words.trim())));
  // Those that are alike stay newest first, as they came.
  return found.sort(orders[sort]);
}

export interface RowPage<Row> {
  readonly rows: readonly Row[];
  /** From 0; the last one when there are fewer by now. */
  readonly page: number;
  readonly pages: number;
  /** Of the first and the last row on it, from 1; 0 when there are none. */
  readonly from: number;
  readonly to: number;
  readonly total: number;
}

export function pageOf<Row>(rows: readonly Row[], wanted: number): RowPage<Row> {
  const pages = Math.max(1, Math.ceil(rows.length / rowsOnPage));
  const page = Math.min(Math.max(0, wanted), pages - 1);
  const start = page * rowsOnPage;
  const shown = rows.slice(start, start + rowsOnPage);
  return { rows: shown, page, pages, from: shown.length === 0 ? 0 : start + 1, to: start + shown.length, total: rows.length };
}
