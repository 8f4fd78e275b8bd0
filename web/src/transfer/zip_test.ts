// The archive as Python's reader has it, which is none of ours.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { centralDirectory, crc32, localHeader, zipOf } from './zip.ts';

const never = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), 'sealift-zip-'));
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

function python(program: string, ...args: readonly string[]): unknown {
  const run = spawnSync('python3', ['-c', program, ...args], { encoding: 'utf8', maxBuffer: 1 << 26 });
  assert.equal(run.status, 0, run.stderr);
  return JSON.parse(run.stdout);
}

const listing = `
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    print(json.dumps([[each.filename, each.file_size, each.header_offset] for each in archive.infolist()]))
`;

function file(path: string, bytes: Uint8Array<ArrayBuffer>, modified = 1_700_000_000) {
  return { path, size: bytes.length, blob: new Blob([bytes]), modified, discard: () => Promise.resolve() };
}

void test('the checksum is that of everybody else', () => {
  assert.equal(crc32(new TextEncoder().encode('123456789')), 0xcbf43926);
  const bytes = randomBytes(100_003);
  const parts = [bytes.subarray(0, 7), bytes.subarray(7, 50_000), bytes.subarray(50_000)];
  assert.equal(parts.reduce((crc, part) => crc32(part, crc), 0), crc32(bytes));
  assert.equal(crc32(new Uint8Array()), 0);
});

void test('an archive opens elsewhere, with its folders, its names and every byte', async () => {
  const contents = new Map([
    ['a/scan.pdf', new Uint8Array(randomBytes(70_000))],
    ['b/scan.pdf', new Uint8Array(randomBytes(3))],
    ['Übung – été.txt', new Uint8Array()],
    ['b/写真.jpg', new Uint8Array(randomBytes(1_000_000))],
  ]);
  let readBytes = 0;
  const { blob, renamed } = await zipOf([...contents].map(([path, bytes]) => file(path, bytes)), (bytes) => {
    readBytes = bytes;
  }, never);
  assert.equal(readBytes, 1_070_003);
  assert.deepEqual(renamed, []);
  const path = join(folder, 'all.zip');
  writeFileSync(path, new Uint8Array(await blob.arrayBuffer()));
  const read = python(`
import hashlib, json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    assert archive.testzip() is None
    print(json.dumps({name: [hashlib.sha256(archive.read(name)).hexdigest(), list(archive.getinfo(name).date_time)] for name in archive.namelist()}))
`, path) as Record<string, [string, number[]]>;
  assert.deepEqual(Object.keys(read), [...contents.keys()]);
  for (const [name, bytes] of contents) {
    const digest = await crypto.subtle.digest('SHA-256', bytes);
    assert.equal(read[name]?.[0], Buffer.from(digest).toString('hex'), name);
    assert.equal(read[name]?.[1][0], 2023);
  }
});

void test('names that a system refuses are changed, two that it takes for one are told apart, and both are said', async () => {
  const { renamed } = await zipOf([file('con.txt', new Uint8Array()), file('x/A.txt', new Uint8Array()), file('x/a.txt', new Uint8Array())], () => undefined, never);
  assert.deepEqual(renamed, [{ path: 'con.txt', savedAs: '_con.txt' }, { path: 'x/a.txt', savedAs: 'x/a (2).txt' }]);
});

void test('a file beyond 4 GiB, and what lies behind it, are found', () => {
  const entries = [
    { path: 'large.bin', size: 5 * 2 ** 30 + 3, crc: 0, modified: 0 },
    { path: 'behind.txt', size: 10, crc: 0, modified: 5_000_000_000 },
  ];
  const path = join(folder, 'large.zip');
  const fd = openSync(path, 'w');
  let at = 0;
  for (const entry of entries) {
    const header = localHeader(entry);
    writeSync(fd, header, 0, header.length, at);
    at += header.length + entry.size;
  }
  ftruncateSync(fd, at);
  for (const part of centralDirectory(entries)) {
    writeSync(fd, part, 0, part.length, at);
    at += part.length;
  }
  closeSync(fd);
  assert.equal(statSync(path).size, at);
  const offset = localHeader(entries[0] as (typeof entries)[0]).length + 5 * 2 ** 30 + 3;
  assert.deepEqual(python(listing, path), [['large.bin', 5 * 2 ** 30 + 3, 0], ['behind.txt', 10, offset]]);
});

void test('70,000 files are more than the old form can count', () => {
  const entries = Array.from({ length: 70_000 }, (_, number) => ({ path: `${String(number)}.txt`, size: 0, crc: 0, modified: 0 }));
  const path = join(folder, 'many.zip');
  writeFileSync(path, Buffer.concat([...entries.map(localHeader), ...centralDirectory(entries)]));
  assert.equal((python(listing, path) as unknown[]).length, 70_000);
});

void test('stopping stops', async () => {
  await assert.rejects(zipOf([file('a', new Uint8Array(10))], () => undefined, AbortSignal.abort()));
});
