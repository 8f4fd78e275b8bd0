// What is kept of unfinished sendings: sealed under a secret of whose they are, and of nobody else's use.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { toBase64, toHex } from '../api/encoding.ts';
import { MemorySendings, sendingsInMemory } from './sending_store.ts';
import type { StoredSending } from './types.ts';

const alice = Uint8Array.from(randomBytes(32));
const bob = Uint8Array.from(randomBytes(32));

const sending: StoredSending = {
  owner: 'alice@region.example',
  purpose: '',
  recipients: ['age1somebody'],
  order: {
    files: [{ path: 'laboratory results.pdf', size: 7, modified: 1_700_000_000_000 }],
    filesCount: 1,
    link: 'with_passphrase',
    lifetimeMs: 604_800_000,
    opensMax: 3,
    note: 'the results of May',
  },
  stage: 'content',
  parcel: '11'.repeat(16),
  created: 1_700_000_000_000,
  tree: '22'.repeat(32),
  fileKey: Uint8Array.from(randomBytes(16)),
  nonce: Uint8Array.from(randomBytes(16)),
  upload: '33'.repeat(16),
  uploadKey: 'an-upload-key',
  handInKey: '',
  linkSecret: Uint8Array.from(randomBytes(32)),
  serverHalf: Uint8Array.from(randomBytes(32)),
  passphrase: 'a passphrase of the link',
  names: ['laboratory results.pdf'],
  to: ['doctor@clinic.example'],
  totalBytes: 7,
  sentBytes: 0,
};

test('what was kept is what is loaded, with its records', async () => {
  const store = await sendingsInMemory().openedWith(alice);
  await store.begin('key', sending);
  await store.appendRecords('key', 0, new Uint8Array(16).fill(1));
  assert.deepEqual(await store.load('key'), sending);
  assert.equal((await store.readRecords('key')).length, 16);
  assert.deepEqual((await store.list()).map((each) => each.key), ['key']);
  await store.remove('key');
  assert.equal(await store.load('key'), undefined);
  assert.equal((await store.readRecords('key')).length, 0);
});

test('nothing of it can be read where it is kept', async () => {
  const kept = new MemorySendings();
  await (await sendingsInMemory(kept).openedWith(alice)).begin('key', sending);
  const all = [...kept.states].map(([name, sealed]) => name + Buffer.from(sealed).toString('latin1')).join();
  const secrets = [sending.fileKey, sending.linkSecret, sending.serverHalf].map((each) => each ?? new Uint8Array(1));
  const spelled = secrets.flatMap((each) => [toBase64(each), toHex(each), Buffer.from(each).toString('latin1')]);
  for (const text of [...spelled, sending.passphrase, sending.uploadKey, sending.owner, sending.order.note, ...sending.names, ...sending.to])
    assert.ok(!all.includes(text), text);
});

test("another account's are neither listed nor loaded", async () => {
  const stores = sendingsInMemory();
  await (await stores.openedWith(alice)).begin('key', sending);
  const theirs = await stores.openedWith(bob);
  assert.deepEqual(await theirs.list(), []);
  assert.equal(await theirs.load('key'), undefined);
  assert.equal((await (await stores.openedWith(alice)).list()).length, 1);
});

test('what was changed or put elsewhere is nothing to go on with', async () => {
  const kept = new MemorySendings();
  const store = await sendingsInMemory(kept).openedWith(alice);
  await store.begin('key', sending);
  const [name, sealed] = [...kept.states][0] ?? assert.fail();
  kept.states.set(name.replace('-key', '-other'), sealed);
  assert.equal(await store.load('other'), undefined);
  for (const at of [0, 20, sealed.length - 1]) {
    const changed = sealed.slice();
    changed[at] = (changed[at] ?? 0) ^ 1;
    kept.states.set(name, changed);
    assert.equal(await store.load('key'), undefined, `byte ${String(at)}`);
  }
  kept.states.set(name, new Uint8Array(3));
  assert.equal(await store.load('key'), undefined);
});
