// The life of a parcel at a real server, between the page's code and the command line, both ways: by
// account, by link and by file request; cut off and continued; damaged and refused.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { logIn, logInWithPaperKey, type Account } from '../account/account.ts';
import { sleep } from '../api/client.ts';
import { SealiftError } from '../api/error.ts';
import type { Opening } from '../api/generated/types.ts';
import { MemoryDestination } from './destination.ts';
import { createRequest, handIn, listRequests, lookAtRequest, parseRequestLink } from './requests.ts';
import { lookAtLink, openParcel, parseLink, receiveParcel } from './receive.ts';
import { sendParcel } from './send.ts';
import { password, Person, TestServer, type TestClient } from './server_for_test.ts';
import type { Opener, ReceivedParcel, SendOrder, SourceEntry } from './types.ts';

const day = 86_400_000;
const quiet = (): void => undefined;
const never = new AbortController().signal;

let server: TestServer;
let page: TestClient;
let alice: Account;
let bob: Person;

before(async () => {
  server = await TestServer.start();
  page = server.client();
  alice = await server.enrol(page, 'alice@example.org');
  bob = Person.enrolled(server, 'bob@example.org');
});
after(async () => {
  page.core.close();
  page.pool.close();
  await server.stop();
});

const contents: ReadonlyMap<string, Buffer> = new Map([
  ['empty', Buffer.alloc(0)],
  ['letters/one byte', randomBytes(1)],
  ['letters/été.bin', randomBytes(70_000)],
  ['large.bin', randomBytes(19 * 1024 * 1024 + 777)],
  ['piece.bin', randomBytes(1024 * 1024)],
]);

function entriesOf(files: ReadonlyMap<string, Buffer> = contents): SourceEntry[] {
  const entries = [...files].map(([path, bytes]) => ({
    path,
    file: new File([new Uint8Array(bytes)], path, { lastModified: 1_700_000_000_000 }),
  }));
  return [...entries, { path: 'letters' }, { path: 'an empty folder' }];
}

function orderOf(more: Partial<SendOrder>): SendOrder {
  return { entries: entriesOf(), to: [], link: 'none', lifetimeMs: day, note: '', ...more };
}

async function receive(client: TestClient, opener: Opener): Promise<ReceivedParcel> {
  const opened = await openParcel(client, opener);
  return receiveParcel(client, opened, new MemoryDestination(), { onProgress: quiet, signal: never });
}

async function compare(received: ReceivedParcel, files: ReadonlyMap<string, Buffer> = contents): Promise<void> {
  assert.deepEqual(received.files.map((file) => file.path).sort(), [...files.keys()].sort());
  for (const file of received.files) {
    const bytes = Buffer.from(await file.blob.arrayBuffer());
    assert.ok(files.get(file.path)?.equals(bytes), file.path);
  }
}

test('what the page sends the command line receives', async () => {
  let last = 0;
  const order = orderOf({ to: ['Bob@example.org'], note: 'voilà' });
  const sent = await sendParcel(page, alice, order, ({ doneBytes }) => (last = doneBytes), never);
  assert.equal(last, sent.contentBytes);
  const out = join(bob.home, 'from-page');
  const received = bob.json<{ sender: string; note: string; received: number }>('receive', sent.parcel, '-o', out);
  assert.equal(received.sender, 'alice@example.org');
  assert.equal(received.note, 'voilà');
  for (const [path, bytes] of contents) assert.ok(readFileSync(join(out, path)).equals(bytes), path);
  const { openings } = await alice.api.call('parcel.list_openings', { path: { parcel: sent.parcel } });
  const [opening] = openings;
  assert.ok(opening?.receipt !== undefined && openings.length === 1);
  assert.equal((await alice.judgeReceipt(sent.parcel, opening)).standing, 'verified');
  // A server that lies about it.
  const { receipt, ...withoutReceipt } = opening;
  const invented = await page.core.signReceipt(
    { parcel: sent.parcel, opening: opening.id, manifest: new Uint8Array(32), entries: 1, received: 1 },
    new Uint8Array(32),
  );
  const lies: Opening[] = [
    withoutReceipt,
    { ...opening, receipt: invented },
    { ...opening, receipt: receipt.replace('entries ', 'entries 1') },
    { ...opening, id: '0'.repeat(32) },
    { ...opening, parcel: '0'.repeat(32) },
  ];
  for (const lie of lies) await assert.rejects(alice.judgeReceipt(sent.parcel, lie), { code: 'damaged' });
});

// The log takes an event up within a fraction of a second.
async function checkLogged(event: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await alice.checkEvent(event);
      return;
    } catch (error) {
      if (!(error instanceof SealiftError) || error.code !== 'conflict' || tries === 40) throw error;
      await sleep(50);
    }
  }
}

test('what the command line sends the page receives, verified, with a receipt', async () => {
  const folder = join(bob.home, 'files');
  mkdirSync(join(folder, 'letters'), { recursive: true });
  for (const [path, bytes] of contents) writeFileSync(join(folder, path), bytes);
  const sent = bob.json<{ parcel: string }>('send', folder, '--to', 'alice@example.org', '--note', 'for you');
  const opened = await openParcel(page, { kind: 'account', account: alice, parcel: sent.parcel });
  assert.equal(opened.senderAddress, 'bob@example.org');
  assert.equal(opened.senderIs, 'verified');
  assert.equal(opened.addedBy, '');
  assert.equal(opened.note, 'for you');
  const received = await receiveParcel(page, opened, new MemoryDestination(), { onProgress: quiet, signal: never });
  assert.equal(received.verifiedBytes, opened.contentBytes);
  assert.ok(received.receiptEvent);
  await compare(received, new Map([...contents].map(([path, bytes]) => [`files/${path}`, bytes])));
  await checkLogged(received.receiptEvent);
});

test('a link with a passphrase opens on the page and at the command line, and not without', async () => {
  const order = orderOf({ link: 'with_passphrase', opensMax: 5 });
  const sent = await sendParcel(page, alice, order, quiet, never);
  const url = new URL(sent.link);
  const link = parseLink(url.pathname, url.hash);
  const visitor = server.client();
  assert.deepEqual(await lookAtLink(visitor.api, link), { needsPassphrase: true });
  const opener = { kind: 'link', api: visitor.api, link } as const;
  await assert.rejects(openParcel(visitor, { ...opener, passphrase: 'wrong' }), { code: 'no_match' });
  // The same opening goes on: a mistyped passphrase does not count again.
  await compare(await receive(visitor, { ...opener, passphrase: sent.passphrase }));
  const links = await alice.api.call('link.list', { path: { parcel: sent.parcel } });
  assert.equal(links.links[0]?.opens_used, 1);
  visitor.core.close();
  visitor.pool.close();
});

test('one entry of a parcel is received without the rest, and without a receipt', async () => {
  const sent = await sendParcel(page, alice, orderOf({ to: ['bob@example.org'], note: 'part' }), quiet, never);
  const opened = await openParcel(page, { kind: 'account', account: alice, parcel: sent.parcel }).catch(() => undefined);
  // The sender is no recipient: bob's page is asked instead.
  assert.equal(opened, undefined);
  const theirs = server.client();
  const carol = await server.enrol(theirs, 'carol@example.org');
  const second = await sendParcel(page, alice, orderOf({ to: ['carol@example.org'] }), quiet, never);
  const parcel = await openParcel(theirs, { kind: 'account', account: carol, parcel: second.parcel });
  const only = (entry: { readonly path: string }): boolean => entry.path === 'piece.bin';
  const received = await receiveParcel(theirs, parcel, new MemoryDestination(), { only, onProgress: quiet, signal: never });
  assert.equal(received.receiptEvent, undefined);
  assert.equal(received.verifiedBytes, 1024 * 1024);
  await compare(received, new Map([...contents].filter(([path]) => path === 'piece.bin')));
  theirs.core.close();
  theirs.pool.close();
});

test('a request is made on the page, answered from the page and the command line, and both arrive', async () => {
  const made = await createRequest(alice, { title: 'Dossier médical', sizeBytesMax: 1e9, lifetimeMs: day });
  assert.equal((await listRequests(alice)).requests[0]?.title, 'Dossier médical');
  const url = new URL(made.link);
  const link = parseRequestLink(url.pathname, url.hash);
  const visitor = server.client();
  assert.equal((await lookAtRequest(visitor.api, visitor.core, link)).title, 'Dossier médical');
  const handed = await handIn(visitor, visitor.api, { link, entries: entriesOf(), note: 'here' }, quiet, never);
  const opened = await openParcel(page, { kind: 'account', account: alice, parcel: handed.parcel });
  assert.equal(opened.senderIs, 'outsider');
  await compare(await receiveParcel(page, opened, new MemoryDestination(), { onProgress: quiet, signal: never }));
  const outsider = new Person(server, 'outsider');
  const file = join(outsider.home, 'scan.pdf');
  writeFileSync(file, 'scan');
  const second = outsider.json<{ parcel: string }>('hand-in', made.link, file);
  await compare(await receive(page, { kind: 'account', account: alice, parcel: second.parcel }), new Map([['scan.pdf', Buffer.from('scan')]]));
  visitor.core.close();
  visitor.pool.close();
});

test('an account is entered again with its password and with its paper key, and not with others', async () => {
  const first = server.paperKeys.get('alice@example.org') ?? '';
  const third = await logInWithPaperKey(page, 'alice@example.org', first.toLowerCase());
  const byPaper = await third.waysIn.draftPasswordWithPaperKey(first, 'a new password');
  await third.adopt(byPaper);
  await third.adopt(byPaper);
  await assert.rejects(logInWithPaperKey(page, 'alice@example.org', first), { code: 'unauthorized' }, 'it has ended');
  const fourth = await logIn(page, 'alice@example.org', 'a new password');
  await assert.rejects(fourth.waysIn.draftPassword('not the password', password), { code: 'no_match' });
  await fourth.adopt(await fourth.waysIn.draftPassword('a new password', password));
  const again = await logIn(page, 'ALICE@example.org', password);
  assert.equal(again.keys.recipient, alice.keys.recipient);
  await assert.rejects(logIn(page, 'alice@example.org', 'another password'), { code: 'unauthorized' });
  await assert.rejects(again.waysIn.draftPaperKey('not the password'), { code: 'no_match' });
  const draft = await again.waysIn.draftPaperKey(password);
  const paperKey = draft.text;
  await assert.rejects(logInWithPaperKey(page, 'alice@example.org', paperKey), { code: 'unauthorized' }, 'not before its owner has it');
  await again.adopt(draft);
  await assert.rejects(logInWithPaperKey(page, 'alice@example.org', paperKey), { code: 'forbidden' }, 'nor on its first day');
  await again.adopt(draft);
  const { slots } = await again.api.call('slot.list');
  assert.deepEqual(slots.map(({ kind }) => kind).sort(), ['paper_key', 'password']);
  assert.ok(slots.some(({ file }) => file === draft.slot.file));
  await assert.rejects(again.adopt(await again.waysIn.draftPasswordWithPaperKey(paperKey, 'a new password')), { code: 'forbidden' });
  alice = await logIn(page, 'alice@example.org', password);
});
