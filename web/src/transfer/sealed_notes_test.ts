// What this browser keeps for an account: sealed, for its owner alone, and no longer than it says.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import type { ParcelSummary } from './sent_summary.ts';
import { MemoryNotes, notesOf, notesUnder, type NoteStore } from './sealed_notes.ts';
import type { AccountKeys } from '../crypto/core.ts';

const alice = Uint8Array.from(randomBytes(32));
const bob = Uint8Array.from(randomBytes(32));
const summariesUnder = (kept: MemoryNotes, secret: Uint8Array): Promise<NoteStore<ParcelSummary>> => notesUnder(kept, secret, 'summaries');
const parcel = '11'.repeat(16);
const summary: ParcelSummary = { from: '', to: ['doctor@clinic.example'], subject: 'the results of May', names: ['laboratory.pdf'], files: 1, contentBytes: 7 };

void test('what was kept is loaded again, by its owner alone', async () => {
  const kept = new MemoryNotes();
  await (await summariesUnder(kept, alice)).keep(parcel, summary, 1000);
  assert.deepEqual([...(await (await summariesUnder(kept, alice)).load(999))], [[parcel, summary]]);
  assert.equal((await (await summariesUnder(kept, bob)).load(999)).size, 0);
  assert.equal(kept.kept.size, 1, 'another account removes nothing');
});

void test('with new keys it is kept under those, and under the old ones no more', async () => {
  const kept = new MemoryNotes();
  const [old, newer] = [await summariesUnder(kept, alice), await summariesUnder(kept, bob)];
  await old.keep(parcel, summary, 1000);
  await old.keep('22'.repeat(16), summary, 10);
  await old.moveTo(newer, 999);
  assert.deepEqual([...(await newer.load(999))], [[parcel, summary]]);
  assert.equal((await old.load(999)).size, 0);
  assert.equal(kept.kept.size, 1);
});

void test('notes of another kind are apart, and one that is removed is gone', async () => {
  const kept = new MemoryNotes();
  const keys = { signingSeed: alice, former: [{ signingSeed: bob }] } as unknown as AccountKeys;
  await (await notesUnder<string>(kept, bob, 'groups')).keep('finance', 'of the former keys', 1000);
  const groups = await notesOf<string>(kept, keys, 'groups', 0);
  assert.deepEqual([...(await groups.load(0))], [['finance', 'of the former keys']]);
  assert.equal((await (await notesOf<string>(kept, keys, 'links', 0)).load(0)).size, 0);
  await groups.remove('finance');
  assert.equal(kept.kept.size, 0);
});

void test('nothing of it can be read on the disk', async () => {
  const kept = new MemoryNotes();
  await (await summariesUnder(kept, alice)).keep(parcel, summary, 1000);
  for (const [name, sealed] of kept.kept) for (const word of ['laboratory', 'clinic', 'May']) assert.ok(!name.includes(word) && !Buffer.from(sealed).includes(word), word);
});

void test('it goes when the parcel is over, when it was changed, and when it lies under another name', async () => {
  const kept = new MemoryNotes();
  const store = await summariesUnder(kept, alice);
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
