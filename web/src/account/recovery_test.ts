// Releasing a recovery: what is given out once is never lost.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toBase64 } from '../api/encoding.ts';
import { testCore } from '../crypto/core_for_test.ts';
import type { Account } from './account.ts';
import { openLabel, sealLabel } from './labels.ts';
import { releaseRecovery } from './recovery.ts';

const core = testCore();
const officer = await core.generateAccountKeys('officer@example.org');
const owner = await core.generateAccountKeys('owner@example.org');

function accountGiven(slot: Uint8Array): Account {
  const api = { call: () => Promise.resolve({ slot: { file: toBase64(slot) } }) };
  return { core, keys: officer, act: api.call } as unknown as Account;
}

test('the owner’s keys come out of a slot that is sealed to the officer', async () => {
  const slot = await core.sealSlot(owner.keysFile, [officer.recipient]);
  const released = await releaseRecovery(accountGiven(slot), '00', 'Owner@Example.org');
  assert.ok(released.isOpened);
  assert.deepEqual(released.file, Uint8Array.from(owner.keysFile));
});

test('a slot for somebody else, or of another address, is kept as it was given', async () => {
  for (const [recipient, address] of [
    [owner.recipient, 'owner@example.org'],
    [officer.recipient, 'other@example.org'],
  ] as const) {
    const slot = await core.sealSlot(owner.keysFile, [recipient]);
    const released = await releaseRecovery(accountGiven(slot), '00', address);
    assert.ok(!released.isOpened);
    assert.deepEqual(released.file, Uint8Array.from(slot));
  }
});

test('a label is read by its owner alone', async () => {
  const mine = { core, keys: officer } as unknown as Account;
  const sealed = await sealLabel(mine, 'the scanner, étage 2');
  assert.equal(await openLabel(mine, sealed), 'the scanner, étage 2');
  assert.equal(await openLabel({ core, keys: owner } as unknown as Account, sealed), '');
  assert.equal(await openLabel(mine, 'bm8gYWdlIGZpbGU='), '');
  assert.equal(await openLabel(mine, undefined), '');
});
