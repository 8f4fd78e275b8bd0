// New keys: a browser follows those that the paper key signs too, and nobody's else.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toBase64, toHex, toUtf8 } from '../api/encoding.ts';
import type { DirectoryEntry } from '../api/generated/types.ts';
import type { AccountKeys } from '../crypto/core.ts';
import { makeCoreCalls } from '../crypto/core_calls.ts';
import { coreModule, testCore } from '../crypto/core_for_test.ts';
import { identitiesOf, signingSeedOf } from './generations.ts';
import { judgeKeys, pinOf } from './pins.ts';

const address = 'alice@example.org';
const account = '07'.repeat(16);
const core = testCore();
const calls = makeCoreCalls(await coreModule());
const [paper, thiefs] = [calls.generatePaperKey(), calls.generatePaperKey()];
const first = calls.generateAccountKeys(address);
const second = calls.nextKeys(first.keysFile);

function textOf({ generation, recipient, signingKey }: AccountKeys) {
  return { account, generation, recipient, signingKey };
}

function entryOf(keys: AccountKeys, event: Record<string, string>, before?: AccountKeys): DirectoryEntry {
  const { generation, recipient, signingKey } = keys;
  const endorsement = before === undefined ? {} : { endorsement: toBase64(calls.endorse(textOf(keys), before.signingSeed)) };
  return {
    account,
    key: { generation, recipient, signing_key: toBase64(signingKey), ...endorsement },
    event: '08'.repeat(16),
    created: 0,
    statement: toBase64(toUtf8(JSON.stringify(event))),
  };
}

const endorsing = (typed: string): Uint8Array => calls.endorsingKey(typed, address);
const began = entryOf(first, { endorsing_key: toHex(endorsing(paper)) });

function follows(next: string, by?: string): DirectoryEntry {
  const signed = by === undefined ? {} : { countersignature: toHex(calls.countersign(textOf(second), endorsing(next), by, address)) };
  return entryOf(second, { endorsing_key: toHex(endorsing(next)), ...signed }, first);
}

void test('keys that the paper key signs too are followed', async () => {
  const pin = await judgeKeys(core, undefined, [began]);
  assert.equal(pin.endorsingKey, toBase64(endorsing(paper)));
  assert.equal((await judgeKeys(core, pin, [began, follows(thiefs, paper)])).endorsingKey, toBase64(endorsing(thiefs)));
});

void test('a stolen signing key makes no keys that a browser follows', async () => {
  const pin = await judgeKeys(core, undefined, [began]);
  const refused = [entryOf(second, {}, first), follows(paper), follows(thiefs), follows(thiefs, thiefs)];
  for (const entry of refused) {
    await assert.rejects(judgeKeys(core, pin, [began, entry]), { code: 'damaged' });
    await assert.rejects(judgeKeys(core, undefined, [began, entry]), { code: 'damaged' });
  }
  const { statement: _, ...stripped } = began;
  await assert.rejects(judgeKeys(core, pin, [stripped, entryOf(second, {}, first)]), { code: 'damaged' });
  assert.ok(pinOf(began).endorsingKey);
});

void test('the keys before are kept', () => {
  assert.equal(second.generation, 2);
  assert.deepEqual(identitiesOf(second), [second.identity, first.identity]);
  assert.deepEqual(signingSeedOf(second, 1), first.signingSeed);
  assert.deepEqual(signingSeedOf(second, 2), second.signingSeed);
  assert.deepEqual(calls.readAccountKeys(second.keysFile), second);
});
