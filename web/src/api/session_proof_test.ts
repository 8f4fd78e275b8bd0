// The proof of a session, against the worked example of docs/formats/http.md.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SessionProof } from './session_proof.ts';

const token = 'A'.repeat(43);
const url = new URL('https://files.example.org/api/v1/account');

test('the fields are those of the format’s page', async () => {
  const proof = await SessionProof.of(new Uint8Array(32).fill(0x11), () => 1_800_000_000_999);
  assert.deepEqual(await proof.fields('GET', url, token, undefined), {
    'Signature-Input': 's=("@method" "@path" "@query" "authorization");created=1800000000;alg="hmac-sha256";tag="sealift-session"',
    Signature: 's=:ttk03C3V2nAUDZKquQRXSmsekxkDmRDgrjVIohaXS4Y=:',
  });
});

test('a body and a query are covered', async () => {
  const proof = await SessionProof.of(new Uint8Array(32), () => 0);
  const plain = await proof.fields('GET', url, token, undefined);
  const queried = await proof.fields('GET', new URL('?before=2', url), token, undefined);
  assert.notEqual(queried['Signature'], plain['Signature']);
  const body = await proof.fields('PUT', url, token, new TextEncoder().encode('{}'));
  assert.equal(body['Content-Digest'], 'sha-256=:RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=:');
  assert.match(body['Signature-Input'] ?? '', /"content-digest"/);
});

test('the server’s time is taken, and says when a refusal may be due to the clock', async () => {
  const proof = await SessionProof.of(new Uint8Array(32), () => 1_000_000);
  assert.equal(proof.follow(null), false);
  assert.equal(proof.follow('not a date'), false);
  assert.equal(proof.follow(new Date(1_010_000).toUTCString()), false);
  assert.equal(proof.follow(new Date(9_000_000).toUTCString()), true);
  assert.equal(proof.follow(new Date(9_000_000).toUTCString()), false);
  assert.match((await proof.fields('GET', url, token, undefined))['Signature-Input'] ?? '', /created=9000;/);
});
