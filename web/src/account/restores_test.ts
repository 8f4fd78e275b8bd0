// A server that was restored, with the operator's own verbs, and went back behind what a browser saw: the browser goes on
// by a signed statement alone, by each once, and keeps what it knows of people's keys.
import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { toUtf8 } from '../api/encoding.ts';
import type { Server } from '../api/generated/types.ts';
import { password, TestServer, type TestClient } from '../transfer/server_for_test.ts';
import { logIn } from './account.ts';
import { acceptRestore, findRestore } from './restores.ts';

let server: TestServer;
let keyFile = '';
let carols = 0;
let change: Partial<Server> = {};
const clients: TestClient[] = [];

// Passes everything on, and changes how the server describes itself.
const lyingFetch: typeof fetch = async (input, init) => {
  const answer = await fetch(input, init);
  if (new URL(String(input)).pathname !== '/api/v1/server') return answer;
  return Response.json({ ...((await answer.json()) as Server), ...change });
};

/** One that comes back has its pins, wherever the server listens now. */
function browser(before?: TestClient): TestClient {
  const client = server.client(lyingFetch);
  clients.push(client);
  return before === undefined ? client : { ...client, pins: before.pins };
}

const enter = (client: TestClient) => logIn(client, 'alice@example.org', password);
const refused = { code: 'damaged' };

before(async () => {
  server = await TestServer.start();
  keyFile = join(server.folder, 'reopen-key');
  writeFileSync(keyFile, server.admin<{ reopen_keys: string[] }>('reopen-keys').reopen_keys[0] ?? '', { mode: 0o600 });
  await server.enrol(browser(), 'alice@example.org');
});
after(async () => {
  for (const client of clients) {
    client.core.close();
    client.pool.close();
  }
  await server.stop();
});

/** Alice's browser, and a server that was restored without what it saw last. */
async function goneBack(before?: TestClient): Promise<TestClient> {
  const client = browser(before);
  await enter(client);
  server.backUp();
  carols += 1;
  const carol = `carol${String(carols)}@example.org`;
  await server.enrol(browser(), carol);
  const account = await enter(client);
  await account.findKeys(carol);
  await account.followLog();
  await server.restore();
  return browser(client);
}

const state = () => server.admin<{ kept: number; lost: number }>('state-restore', '--key-file', keyFile);
const described = async () => (await browser().api.call('server.describe')).restore_statement ?? '';
const textOf = (note: string) => note.slice(0, note.indexOf('\n\n') + 1);

/** A reopen key that the operator doesn't have. */
function keyOf(name: string) {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const typed = Buffer.concat([Buffer.of(1), Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')]);
  const id = createHash('sha256').update(`${name}\n`).update(typed).digest().subarray(0, 4);
  return {
    verifier: `${name}+${id.toString('hex')}+${typed.toString('base64')}`,
    sign: (text: string): string => {
      const signature = Buffer.concat([id, sign(null, toUtf8(text), privateKey)]);
      return `${text}\n— ${name} ${signature.toString('base64')}\n`;
    },
  };
}

test('a server that was restored is refused until a person accepts what its operator states', async () => {
  const client = await goneBack();
  const before = await client.pins.load();
  await assert.rejects(enter(client), refused);
  assert.equal(await findRestore(client), undefined, 'nothing is stated');
  const stated = state();
  await assert.rejects(enter(client), refused);
  const found = (await findRestore(client)) ?? assert.fail('the statement is not found');
  assert.equal(found.kept, stated.kept);
  assert.equal(found.lost, stated.lost);
  assert.equal(found.seen, before.log?.size);
  assert.ok(found.kept < found.seen && found.backup < found.restored);
  assert.deepEqual(await client.pins.load(), before, 'showing it changes nothing');
  await acceptRestore(client, found);
  const account = await enter(client);
  await account.followLog();
  const now = await client.pins.load();
  assert.deepEqual(now.keys, before.keys);
  assert.deepEqual(now.log?.reopenKeys, before.log?.reopenKeys);
  assert.equal(now.log?.restored, found.restored);
  assert.equal(await findRestore(client), undefined, 'it is known');
});

test('a statement is found once the log has grown past what was seen', async () => {
  const client = await goneBack();
  const { log } = await client.pins.load();
  const seen = log?.size ?? assert.fail();
  const grown = async () => Number(new TextDecoder().decode(await browser().api.call('log.checkpoint')).split('\n')[1]);
  while ((await grown()) <= seen) server.invite(`dora${String((carols += 1))}@example.org`);
  await assert.rejects(enter(client), refused);
  assert.equal(await findRestore(client), undefined, 'nothing is stated: it is a fork');
  const stated = state();
  const found = (await findRestore(client)) ?? assert.fail('the statement is not found');
  assert.equal(found.kept, stated.kept);
  await acceptRestore(client, found);
  await (await enter(client)).followLog();
});

test('a statement is not taken for a second restore, and the next one is', async () => {
  const first = await goneBack();
  state();
  await acceptRestore(first, (await findRestore(first)) ?? assert.fail());
  const replayed = await described();
  const client = await goneBack(first);
  change = { restore_statement: replayed };
  try {
    assert.equal(await findRestore(client), undefined);
    await assert.rejects(enter(client), refused);
  } finally {
    change = {};
  }
  state();
  await acceptRestore(client, (await findRestore(client)) ?? assert.fail());
  await enter(client);
});

test('a statement by a key that was not pinned does not count', async () => {
  const client = await goneBack();
  state();
  const text = textOf(await described());
  const thief = keyOf(`${text.split('\n')[1] ?? ''}-reopen-1`);
  change = { restore_statement: thief.sign(text), reopen_keys: [thief.verifier] };
  try {
    assert.equal(await findRestore(client), undefined);
    await assert.rejects(enter(client), refused);
  } finally {
    change = {};
  }
  assert.ok((await findRestore(client)) !== undefined);
});

test('a statement that does not fit what was seen does not count', async () => {
  const text = textOf(await described());
  const key = keyOf(`${text.split('\n')[1] ?? ''}-reopen-1`);
  change = { reopen_keys: [key.verifier] };
  const client = await goneBack();
  state();
  const real = textOf(await described());
  const say = (said: string) => (change = { restore_statement: key.sign(said), reopen_keys: [key.verifier] });
  try {
    say(real.replace(/^size .*$/m, 'size 1000000'));
    assert.equal(await findRestore(client), undefined, 'it kept more than was seen');
    say(real.replace(/^restored .*$/m, 'restored 0'));
    assert.equal(await findRestore(client), undefined, 'of an older restore');
    say(real.replace(/^root .*$/m, `root ${Buffer.alloc(32, 7).toString('base64')}`));
    await assert.rejects(findRestore(client), refused, 'the log does not go on from there');
    say(real.replace(/^directory-root .*$/m, `directory-root ${Buffer.alloc(32, 7).toString('base64')}`));
    await assert.rejects(findRestore(client), refused, 'nor the directory');
    await assert.rejects(enter(client), refused);
    say(real);
    const found = (await findRestore(client)) ?? assert.fail();
    await acceptRestore(client, found);
    await enter(client);
    // Of a log that continues what was seen, nobody is asked to accept less.
    say(real.replace(/^restored .*$/m, `restored ${String(found.restored + 1)}`));
    assert.equal(await findRestore(client), undefined);
  } finally {
    change = {};
  }
});

test('an account that was entered before goes on with the pins of its owner’s yes', async () => {
  const client = await goneBack();
  state();
  const found = (await findRestore(client)) ?? assert.fail();
  await acceptRestore(client, found);
  await assert.rejects(acceptRestore(client, { ...found, restored: found.restored + 1 }), refused);
  await acceptRestore(client, found);
  const account = await enter(client);
  const other = browser(await goneBack(client));
  state();
  await acceptRestore(other, (await findRestore(other)) ?? assert.fail());
  await account.takePins();
  assert.ok(account.renew(await enter(other)));
  await account.followLog();
});
