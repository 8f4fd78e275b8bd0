// What is kept of lists: sealed, for its owner alone, and no longer than its parcel.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import type { ParcelSummary } from './sent_summary.ts';
import { MemorySummaries, summariesOf } from './summary_store.ts';

const alice = Uint8Array.from(randomBytes(32));
const bob = Uint8Array.from(randomBytes(32));
const parcel = '11'.repeat(16);
const summary: ParcelSummary = { from: '', to: ['doctor@clinic.example'], subject: 'the results of May', names: ['laboratory.pdf'], files: 1, contentBytes: 7 };

void test('what was kept is loaded again, by its owner alone', async () => {
  const kept = new MemorySummaries();
  await (await summariesOf(kept, alice)).keep(parcel, summary, 1000);
  assert.deepEqual([...(await (await summariesOf(kept, alice)).load(999))], [[parcel, summary]]);
  assert.equal((await (await summariesOf(kept, bob)).load(999)).size, 0);
  assert.equal(kept.kept.size, 1, 'another account removes nothing');
});

void test('with new keys it is kept under those, and under the old ones no more', async () => {
  const kept = new MemorySummaries();
  const [old, newer] = [await summariesOf(kept, alice), await summariesOf(kept, bob)];
  await old.keep(parcel, summary, 1000);
  await old.keep('22'.repeat(16), summary, 10);
  await old.moveTo(newer, 999);
  assert.deepEqual([...(await newer.load(999))], [[parcel, summary]]);
  assert.equal((await old.load(999)).size, 0);
  assert.equal(kept.kept.size, 1);
});

void test('nothing of it can be read on the disk', async () => {
  const kept = new MemorySummaries();
  await (await summariesOf(kept, alice)).keep(parcel, summary, 1000);
  for (const [name, sealed] of kept.kept) for (const word of ['laboratory', 'clinic', 'May']) assert.ok(!name.includes(word) && !Buffer.from(sealed).includes(word), word);
});

void test('it goes when the parcel is over, when it was changed, and when it lies under another name', async () => {
  const kept = new MemorySummaries();
  const store = await summariesOf(kept, alice);
  await store.keep(parcel, summary, 1000);
  assert.equal((await store.load(1000)).size, 0);
  assert.equal(kept.kept.size, 0);
  for (const change of ['flip', 'move'] as const) {
    await store.keep(parcel, summary, 1000);
    const [[name, sealed]] = [...kept.kept] as [[string, Uint8Array]];
    kept.kept.clear();
    if (change === 'flip') sealed[20] = (sealed[20] ?? 0) ^ 1;
    kept.kept.set(change === 'move' ? name.replace(/1$/, '2') : name, sealed);
    assert.equal((await store.load(999)).size, 0, change);
  }
});
