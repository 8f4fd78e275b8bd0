// Routes, files and rates: what pages compute without a page.
import assert from 'node:assert/strict';
import * as buffer from 'node:buffer';
import { test } from 'node:test';
import { isSendable, pickedFiles, sizeOf, without } from './files.ts';
import { RateMeter } from './rate.ts';
import { refusalText, type Reader } from './refusals.ts';
import { routeOf, routes } from './router.ts';

// Node 18 has File, but not as a global.
globalThis.File ??= buffer.File as unknown as typeof File;

const id = '00112233445566778899aabbccddeeff';

void test('a path is the page that its pattern says', () => {
  for (const { page, pattern } of routes) {
    const path = pattern.replace(/\{\w+\}/, id);
    const route = routeOf(path);
    assert.equal(route.page, page, path);
    assert.equal(route.id, path === pattern ? '' : id);
  }
});

void test('other paths are nowhere', () => {
  for (const path of ['', '/x', '/l', '/l/', `/l/${id}/x`, '/l/a b', '/l/..', '/inbox/', '/INBOX', '//', '/l/%41']) {
    assert.equal(routeOf(path).page, 'nowhere', path);
  }
});

function file(path: string, size = 1): File {
  const made = new File(['x'.repeat(size)], path.slice(path.lastIndexOf('/') + 1));
  Object.defineProperty(made, 'webkitRelativePath', { value: path.includes('/') ? path : '' });
  return made;
}

void test('picked files come with the folders above them, once each', () => {
  const { entries, refused } = pickedFiles([], [file('a/b/c.txt'), file('a/d.txt'), file('e.txt')]);
  assert.deepEqual(entries.map((entry) => entry.path), ['a', 'a/b', 'a/b/c.txt', 'a/d.txt', 'e.txt']);
  assert.deepEqual(entries.map((entry) => entry.file !== undefined), [false, false, true, true, true]);
  assert.deepEqual(refused, []);
});

void test('names that no parcel can hold are left out and said', () => {
  for (const name of ['a\\b', 'a\u0007b', 'a\u0085', 'x'.repeat(256), 'é'.repeat(128), 'a//b', './a', 'a/../b', '']) {
    assert.equal(isSendable(name), false, JSON.stringify(name));
  }
  for (const name of ['-rf', '$(id)', 'con', 'é', ' ', 'x'.repeat(255)]) assert.equal(isSendable(name), true, name);
  assert.deepEqual(pickedFiles([], [file('ok'), file('a\\b')]).refused, ['a\\b']);
});

void test('removing an entry takes what is below it', () => {
  const both = pickedFiles([], [file('a/x', 1), file('b', 2)]).entries;
  assert.deepEqual(without(both, 'a').map((entry) => entry.path), ['b']);
});

void test('two files of one name are both kept, and the new name is told', () => {
  const front = pickedFiles([], [file('image.jpg', 1)]).entries;
  const both = pickedFiles(front, [file('image.jpg', 2)]);
  assert.deepEqual(both.entries.map((entry) => entry.path), ['image (2).jpg', 'image.jpg']);
  assert.deepEqual(both.renamed, [{ from: 'image.jpg', to: 'image (2).jpg' }]);
  assert.equal(sizeOf(both.entries), 3);
});

void test('three of one name in one pick are three', () => {
  const picked = pickedFiles([], [file('FullSizeRender.jpeg', 1), file('FullSizeRender.jpeg', 2), file('FullSizeRender.jpeg', 3)]);
  assert.deepEqual(picked.entries.map((entry) => entry.path), ['FullSizeRender (2).jpeg', 'FullSizeRender (3).jpeg', 'FullSizeRender.jpeg']);
  assert.equal(sizeOf(picked.entries), 6);
});

void test('choosing the very same file again changes nothing', () => {
  const scan = new File(['same'], 'scan.pdf', { lastModified: 1000 });
  const again = new File(['same'], 'scan.pdf', { lastModified: 1000 });
  const both = pickedFiles(pickedFiles([], [scan]).entries, [again]);
  assert.deepEqual([both.entries.length, both.renamed.length], [1, 0]);
  const back = new File(['other'], 'scan.pdf', { lastModified: 2000 });
  const two = pickedFiles(both.entries, [back]);
  assert.equal(pickedFiles(two.entries, [new File(['other'], 'scan.pdf', { lastModified: 2000 })]).entries.length, 2);
});

void test('a file beside a folder of its name gets another', () => {
  const both = pickedFiles(pickedFiles([], [file('scan/1.png')]).entries, [file('scan')]);
  assert.deepEqual(both.entries.map((entry) => entry.path), ['scan', 'scan (2)', 'scan/1.png']);
});

void test('a rate is told once there is enough to tell, and follows the last ten seconds', () => {
  const meter = new RateMeter();
  meter.add(0, 0);
  meter.add(1000, 1000);
  assert.equal(meter.rate(), undefined);
  meter.add(4000, 4000);
  assert.equal(meter.rate(), 1000);
  for (let at = 5000; at <= 20_000; at += 1000) meter.add(at, 4000);
  assert.equal(meter.rate(), 0);
  meter.add(21_000, 100);
  assert.equal(meter.rate(), undefined, 'it began anew');
});

const plainly: Reader = { language: 'en', duration: (ms) => `${String(ms / 86_400_000)} d`, size: (bytes) => `${String(bytes)} B` };

void test('a refusal is told with its figures, in the language of who reads it', () => {
  const refused = { reason: 'policy_lifetime', facts: { max_ms: 604_800_000, asked_ms: 2_592_000_000 } };
  assert.match(refusalText('forbidden', refused, plainly) ?? '', /for 7 d at most; you asked for 30 d\./);
  assert.match(refusalText('forbidden', refused, { ...plainly, language: 'fr' }) ?? '', /durée maximale de 7 d/);
});

void test("a server's own words are never shown", () => {
  const facts = { role: 'call 555-0100 now' };
  assert.equal(refusalText('forbidden', { reason: 'role_missing', facts }, plainly), undefined);
  assert.equal(refusalText('forbidden', { reason: 'role_missing', facts: {} }, plainly), undefined);
  assert.equal(refusalText('conflict', { reason: 'role_missing', facts: { role: 'administrator' } }, plainly), undefined);
  assert.equal(refusalText('forbidden', { reason: 'no such row', facts: {} }, plainly), undefined);
  assert.equal(refusalText('forbidden', { reason: 'certificate_unknown', facts: { host: 'here' } }, plainly), undefined);
});
