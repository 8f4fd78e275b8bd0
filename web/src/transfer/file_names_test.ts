import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canRun, endingOf, freePath, hidesSomething, savableName, visibleName } from './file_names.ts';

void test('a free name keeps its ending, its folder and its length', () => {
  const taken = new Set(['a/scan.pdf', 'a/scan (2).pdf', 'LICENSE', '.profile']);
  const free = (path: string): string => freePath(path, (each) => taken.has(each));
  assert.equal(free('a/scan.pdf'), 'a/scan (3).pdf');
  assert.equal(free('b/scan.pdf'), 'b/scan.pdf');
  assert.equal(free('LICENSE'), 'LICENSE (2)');
  assert.equal(free('.profile'), '.profile (2)');
  const long = `${'é'.repeat(125)}.jpeg`;
  const shorter = freePath(long, (each) => each === long);
  assert.ok(new TextEncoder().encode(shorter).length <= 255 && shorter.endsWith('é (2).jpeg'), shorter);
});

void test('a name that turns its ending round is seen through', () => {
  const name = 'report\u202Efdp.exe';
  assert.equal(visibleName(name), 'report[U+202E]fdp.exe');
  assert.equal(endingOf(name), 'exe');
  assert.ok(hidesSomething(name) && canRun(name));
  for (const hidden of ['a\u200Bb', 'a\u2066b', 'a\uFEFFb', 'a\u061Cb', 'a\u00ADb']) assert.ok(hidesSomething(hidden), escape(hidden));
  for (const plain of ['Übung.txt', 'תמונה.png', 'رسالة.pdf', '写真.jpg', "l'été.doc"]) assert.equal(visibleName(plain), plain);
});

void test('what runs when it is opened is known by its last ending', () => {
  for (const name of ['a.EXE', 'a.pdf.exe', 'a.exe. .', 'x/y.lnk', 'run.Ps1', 'report.docm', 'a.ex\u200Be']) assert.ok(canRun(name), name);
  for (const name of ['exe', 'a.pdf', 'a.exe.pdf', 'a.docx', '', 'x.exe/readme.txt']) assert.ok(!canRun(name), name);
});

void test('a name that a system refuses becomes one that it takes', () => {
  for (const [name, saved] of [
    ['con.txt', '_con.txt'],
    ['NUL.tar.gz', '_NUL.tar.gz'],
    ['console.txt', 'console.txt'],
    ['a:b.txt', 'a_b.txt'],
    ['~tilde~1.doc', '~tilde_1.doc'],
    ['dot.', 'dot_'],
    ['zero\u200Bwidth.txt', 'zero_width.txt'],
    ['', '_'],
    ['..', '__'],
    ['plain été.pdf', 'plain été.pdf'],
  ] as const)
    assert.equal(savableName(name), saved, name);
});
