// Where replaced keys end: the smallest log that a later generation names, and each has to name one (docs/decisions/0215).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Key } from '../api/generated/types.ts';
import type { TreeHead } from '../crypto/core.ts';
import { lastLogOf } from './retired_keys.ts';

const key = (generation: number): Key => ({ generation, recipient: 'age1example', signing_key: `key ${generation}` });
const end = (size: number): TreeHead => ({ size, root: new Uint8Array(32) });

test('only the newest key has no end, and the smallest one counts', () => {
  const found = { keys: [key(1), key(2), key(3)], retirements: [undefined, end(900), end(7)] };
  assert.equal(lastLogOf(found, 'key 3'), undefined);
  assert.equal(lastLogOf(found, 'key 2')?.size, 7);
  assert.equal(lastLogOf(found, 'key 1')?.size, 7, 'a thief of the second key moves no end of the first');
});

test('later keys that name no end leave nothing of the ones before', () => {
  const found = { keys: [key(1), key(2), key(3)], retirements: [undefined, end(5), undefined] };
  assert.throws(() => lastLogOf(found, 'key 1'), { code: 'damaged' });
  assert.throws(() => lastLogOf(found, 'key 2'), { code: 'damaged' });
  assert.equal(lastLogOf(found, 'key 3'), undefined);
});

test('another key is none of theirs', () => {
  assert.throws(() => lastLogOf({ keys: [key(1)], retirements: [undefined] }, 'key 2'), { code: 'damaged' });
});
