// The bundle is the same bytes wherever it is built, and those that are linked into the server.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { reproduce } from '../tools/reproduce.mjs';

it('the bundle follows from its source alone', () => {
  const { files, differing } = reproduce({ withCore: false });
  assert.ok(files.includes('manifest.json') && files.includes('index.html') && files.length > 4, files.join());
  assert.deepEqual(differing, []);
});
