// The core's primitives beside OpenSSL's (Node's crypto), at every size at which vector code takes
// another way; and the worked examples of docs/formats/account.md.
import assert from 'node:assert/strict';
import { createCipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { fromHex, toHex } from '../api/encoding.ts';
import { makeCoreCalls } from './core_calls.ts';
import { coreModule } from './core_for_test.ts';
import { openRun, sealRun } from './content_worker.ts';
import type { Piece } from './seal_pool.ts';

const fileKey = new Uint8Array(16).fill(7);
const nonce = new Uint8Array(16).fill(9);
const payloadKey = Buffer.from(hkdfSync('sha256', fileKey, nonce, 'payload', 32));
const recordKey = Buffer.from(hkdfSync('sha256', fileKey, nonce, 'sealift seal journal record', 32));
const chunkSize = 65_536;

function chunkNonce(chunk: number, isLast: boolean): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeUIntBE(chunk, 5, 6);
  bytes[11] = isLast ? 1 : 0;
  return bytes;
}

/** The payload's chunks, and the records of its batches, the slow and obvious way. */
function sealSlowly(text: Buffer, firstBatch: number): { sealed: Buffer; records: Buffer } {
  const chunks: Buffer[] = [];
  const tags: Buffer[] = [];
  const records: Buffer[] = [];
  for (let at = 0; at === 0 || at < text.length; at += chunkSize) {
    const chunk = firstBatch * 16 + at / chunkSize;
    const isLast = at + chunkSize >= text.length;
    const cipher = createCipheriv('chacha20-poly1305', payloadKey, chunkNonce(chunk, isLast), { authTagLength: 16 });
    chunks.push(cipher.update(text.subarray(at, at + chunkSize)), cipher.final(), cipher.getAuthTag());
    tags.push(cipher.getAuthTag());
    if (tags.length === 16 || isLast) {
      const head = Buffer.alloc(9);
      head.writeBigUInt64BE(BigInt(Math.floor(chunk / 16)));
      head[8] = isLast ? 1 : 0;
      records.push(createHmac('sha256', recordKey).update(head).update(Buffer.concat(tags)).digest().subarray(0, 16));
      tags.length = 0;
    }
  }
  return { sealed: Buffer.concat(chunks), records: Buffer.concat(records) };
}

function sizes(): readonly number[] {
  const around = [64, 128, 192, 256, 512, 1024, 4096, chunkSize, 2 * chunkSize, 16 * chunkSize, 17 * chunkSize];
  const small = Array.from({ length: 70 }, (_, size) => size);
  return [...small, ...around.flatMap((size) => [size - 17, size - 1, size, size + 1, size + 15, size + 63]), 64 * chunkSize];
}

test('sealed runs are byte for byte what OpenSSL makes, and open again', async () => {
  const module = await coreModule();
  for (const size of sizes()) {
    const text = randomBytes(size);
    const firstBatch = size % 3 === 0 ? 0 : 2 ** 33 + size;
    const pieces: Piece[] =
      size === 0 ? [] : [{ kind: 'content', entry: 0, at: 0, size, total: size, blob: new Blob([text]) }];
    const run = { fileKey, nonce, firstBatch, isLast: true, pieces };
    const { sealed, records } = await sealRun(module, run);
    const slow = sealSlowly(text, firstBatch);
    assert.ok(slow.sealed.equals(sealed), `sealed, ${String(size)} bytes`);
    assert.ok(slow.records.equals(records), `records, ${String(size)} bytes`);
    const opened = await openRun(module, { ...run, sealed });
    assert.ok(text.equals(opened.text), `opened, ${String(size)} bytes`);
  }
});

test('a changed bit, another place and a missing end are refused', async () => {
  const module = await coreModule();
  const text = randomBytes(3 * chunkSize);
  const { sealed } = sealSlowly(text, 0);
  const pieces: Piece[] = [{ kind: 'content', entry: 0, at: 0, size: text.length, total: text.length }];
  const open = (bytes: Buffer, firstBatch: number, isLast: boolean) =>
    openRun(module, { fileKey, nonce, firstBatch, isLast, pieces, sealed: Uint8Array.from(bytes) });
  for (const at of [0, 15, 255, 256, chunkSize - 1, chunkSize, chunkSize + 15, sealed.length - 1]) {
    const changed = Buffer.from(sealed);
    changed[at] = (changed[at] ?? 0) ^ 1;
    await assert.rejects(open(changed, 0, true), { code: 'damaged' }, `bit at ${String(at)}`);
  }
  await assert.rejects(open(sealed, 1, true), { code: 'damaged' });
  await assert.rejects(open(sealed, 0, false), { code: 'damaged' });
  await assert.rejects(open(sealed.subarray(0, 2 * (chunkSize + 16)), 0, true), { code: 'damaged' });
  await assert.rejects(open(sealed.subarray(0, sealed.length - 1), 0, true), { code: 'damaged' });
  await open(sealed, 0, true);
});

test('headers and padding that are not the manifest’s are refused', async () => {
  const module = await coreModule();
  const header = { path: 'a', kind: 'file', permissions: 0o644, modified: 1, size: 3 } as const;
  const pieces = (modified: number, blob?: Blob): Piece[] => [
    { kind: 'header', entry: 0, at: 0, size: 512, header: { ...header, modified } },
    { kind: 'content', entry: 0, at: 0, size: 3, total: 3, ...(blob === undefined ? {} : { blob }) },
    { kind: 'zeros', size: 509 },
  ];
  const place = { fileKey, nonce, firstBatch: 0, isLast: true };
  const sealed = async (): Promise<Uint8Array<ArrayBuffer>> =>
    (await sealRun(module, { ...place, pieces: pieces(1, new Blob(['abc'])) })).sealed;
  const opened = await openRun(module, { ...place, pieces: pieces(1), sealed: await sealed() });
  // docs/formats/parcel.md, "Content hash"
  assert.equal(toHex(opened.leaves[0]?.digest ?? new Uint8Array()), '609f6e36d2405585188d5cfd761f407c7cc46a7d3f314c88270469dde315fcd1');
  await assert.rejects(openRun(module, { ...place, pieces: pieces(2), sealed: await sealed() }), { code: 'damaged' });
  const notZero: Piece[] = [...pieces(1).slice(0, 1), { kind: 'zeros', size: 512 }];
  await assert.rejects(openRun(module, { ...place, pieces: notZero, sealed: await sealed() }), { code: 'damaged' });
  const tooShort = pieces(1).slice(0, 2);
  await assert.rejects(openRun(module, { ...place, pieces: tooShort, sealed: await sealed() }), { code: 'damaged' });
});

test('a password becomes the keys of the worked example', async () => {
  const calls = makeCoreCalls(await coreModule());
  const parameters = Buffer.alloc(25);
  parameters[0] = 1;
  parameters.writeUInt32LE(3, 1);
  parameters.writeUInt32LE(65_536, 5);
  for (let at = 0; at < 16; at += 1) parameters[9 + at] = at;
  const unlocking = calls.unlockWithPassword('correct horse battery staple', parameters, 'marie.tremblay@example.org');
  assert.equal(toHex(unlocking.authenticationKey), '9a87d2ea378235dd28632ffbfe9dc74e3dd3cc65f85672f174ce88e2c5c6236a');
  assert.equal(unlocking.slotIdentity, 'AGE-SECRET-KEY-13DWQ363KJJCKAX5CDQS2WPHNCCFKZLEY64PVFVGHLSEAVSXMM99SQFMAZP');
  const paper = calls.unlockWithPaperKey('sealiftpaper1 zqg3yyc5z5tpwxqergd3c8g7ru2h8nwy', 'marie.tremblay@example.org');
  assert.equal(toHex(paper.authenticationKey), '9820619485fe2e02fd33b6ca9360d29558825c591b75b4ccc060a9cde7c24c02');
  const low = Buffer.from(parameters);
  low.writeUInt32LE(1024, 5);
  assert.throws(() => calls.unlockWithPassword('correct horse', low, 'marie.tremblay@example.org'), { code: 'unsupported' });
});

test('a slot opens for its own identity alone', async () => {
  const calls = makeCoreCalls(await coreModule());
  const keys = calls.generateAccountKeys('Marie.Tremblay@Example.org');
  assert.equal(keys.address, 'marie.tremblay@example.org');
  const other = calls.generateAccountKeys('paul@example.org');
  const slot = calls.sealSlot(keys.keysFile, [other.recipient]);
  assert.deepEqual(calls.openSlot(slot, other.identity, keys.address), keys);
  assert.throws(() => calls.openSlot(slot, keys.identity, keys.address), { code: 'no_match' });
  assert.throws(() => calls.openSlot(slot, other.identity, 'paul@example.org'), { code: 'damaged' });
  assert.deepEqual(calls.readAccountKeys(keys.keysFile), keys);
});

test('hashes and signatures are OpenSSL’s', async () => {
  const calls = makeCoreCalls(await coreModule());
  const keys = calls.generateAccountKeys('marie@example.org');
  const fingerprint = createHash('sha256').update(keys.recipient).digest('hex');
  assert.equal(toHex(calls.fingerprint(keys.recipient)), fingerprint);
  const { createPublicKey, verify } = await import('node:crypto');
  const spki = Buffer.concat([fromHex('302a300506032b6570032100'), keys.signingKey]);
  const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  const challenge = randomBytes(32);
  const signature = calls.signChallenge(keys.signingSeed, challenge);
  const message = Buffer.concat([Buffer.from('sealift/v1/link-proof\n'), challenge]);
  assert.ok(verify(null, message, publicKey, signature));
});
