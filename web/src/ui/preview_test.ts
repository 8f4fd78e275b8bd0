// What is shown is a picture or a text, and nothing that a browser runs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { previewBytesMax, previewOf } from './preview.ts';

void test('pictures and texts are shown, by their last ending', () => {
  assert.deepEqual(previewOf('scans/Card.JPG', 5), { kind: 'picture', type: 'image/jpeg' });
  assert.deepEqual(previewOf('a.jpg/notes.TXT', 5), { kind: 'text', type: 'text/plain;charset=utf-8' });
  for (const path of ['x.pdf', 'x.exe', 'x.png.exe', 'x', 'a.png/x', 'photo\u202egnp.exe', 'x.toString', 'x.__proto__']) assert.equal(previewOf(path, 5), undefined, path);
});

void test('what could have scripts is a text', () => {
  for (const path of ['x.html', 'x.svg', 'x.xml', 'x.HTM']) assert.equal(previewOf(path, 5)?.type, 'text/plain;charset=utf-8', path);
});

void test('nothing empty, and no picture that is too large', () => {
  assert.equal(previewOf('x.png', 0), undefined);
  assert.equal(previewOf('x.txt', 0), undefined);
  assert.equal(previewOf('x.png', previewBytesMax + 1), undefined);
  assert.notEqual(previewOf('x.txt', previewBytesMax + 1), undefined, 'its beginning');
});
