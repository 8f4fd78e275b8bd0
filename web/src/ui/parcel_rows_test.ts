// Lists of parcels: found, filtered, sorted and in pages; also ten thousand of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Parcel } from '../api/generated/types.ts';
import type { ParcelSummary } from '../transfer/sent_summary.ts';
import { hasWords, pageOf, rowsOnPage, wantedRows, type ParcelRow, type RowWish } from './parcel_rows.ts';

const plain: RowWish = { words: '', filter: 'all', sort: 'newest' };

function row(place: number, wish: Partial<ParcelRow> & { readonly state?: Parcel['state']; readonly size?: number; readonly expires?: number } = {}): ParcelRow {
  const { state = 'whole', size = place, expires = place, ...rest } = wish;
  const parcel: Parcel = {
    id: String(place).padStart(32, '0'),
    sender: 'f'.repeat(32),
    state,
    sealed_by: 'client',
    receipt: 'none',
    revision: 1,
    payload_bytes: size,
    recipients: [],
    created: place,
    expires,
  };
  return { parcel, people: `person${String(place)}@example.org`, asked: '', summary: undefined, isWaiting: false, at: place, ...rest };
}
const holds = (subject: string, names: readonly string[] = []): ParcelSummary => ({ from: '', to: [], subject, names, files: names.length, contentBytes: 0 });
const places = (rows: readonly ParcelRow[]): readonly number[] => rows.map((each) => each.at);

void test('every word has to be there, in any order, without accents and capitals', () => {
  const rows = [row(1, { summary: holds('Relevés de paie') }), row(2, { summary: holds('', ['Bulletin ÉTÉ.pdf']) }), row(3, { people: 'Marie <marie@example.org>' })];
  assert.deepEqual(places(wantedRows(rows, { ...plain, words: 'PAIE releves' })), [1]);
  assert.deepEqual(places(wantedRows(rows, { ...plain, words: ' e\u0301te\u0301 ' })), [2]);
  assert.deepEqual(places(wantedRows(rows, { ...plain, words: 'marie' })), [3]);
  assert.deepEqual(places(wantedRows(rows, { ...plain, words: 'marie paie' })), []);
  assert.ok(!hasWords('abc', 'abc d'));
});

void test('a filter is about what the server says of a parcel', () => {
  const rows = [row(1, { isWaiting: true }), row(2), row(3, { state: 'uploading', isWaiting: true }), row(4, { state: 'recalled' }), row(5, { state: 'expired', isWaiting: true }), row(6, { isWaiting: undefined })];
  const by = (filter: RowWish['filter']): readonly number[] => places(wantedRows(rows, { ...plain, filter }));
  assert.deepEqual(by('all'), [6, 5, 4, 3, 2, 1]);
  assert.deepEqual(by('waiting'), [1]);
  assert.deepEqual(by('done'), [2]);
  assert.deepEqual(by('incomplete'), [3]);
  assert.deepEqual(by('over'), [5, 4]);
});

void test('rows are sorted by what was asked for', () => {
  const rows = [row(3, { size: 1, expires: 9, people: 'b10' }), row(2, { size: 9, expires: 5, people: 'B9' }), row(1, { size: 5, expires: 7, people: 'a' })];
  const by = (sort: RowWish['sort']): readonly number[] => places(wantedRows(rows, { ...plain, sort }));
  assert.deepEqual(by('newest'), [3, 2, 1]);
  assert.deepEqual(by('oldest'), [1, 2, 3]);
  assert.deepEqual(by('largest'), [2, 1, 3]);
  assert.deepEqual(by('soonest'), [2, 1, 3]);
  assert.deepEqual(by('people'), [1, 2, 3]);
});

void test('a page that is no more is the last one', () => {
  const rows = Array.from({ length: 2 * rowsOnPage + 1 }, (_, place) => row(place));
  const last = pageOf(rows, 9);
  assert.deepEqual({ ...last, rows: last.rows.length }, { rows: 1, page: 2, pages: 3, from: 101, to: 101, total: 101 });
  const none = pageOf([], 3);
  assert.deepEqual(none, { rows: [], page: 0, pages: 1, from: 0, to: 0, total: 0 });
});

void test('ten thousand are searched and sorted within the blink of an eye', () => {
  const rows = Array.from({ length: 10_000 }, (_, place) => row(place, { summary: holds(`Dossier n° ${String(place)}`, ['relevé.pdf', 'annexe.pdf']) }));
  const begin = performance.now();
  assert.equal(wantedRows(rows, { words: 'dossier 9999', filter: 'all', sort: 'people' }).length, 1);
  const tookMs = performance.now() - begin;
  assert.ok(tookMs < 1000, `${String(tookMs)} ms`);
});
