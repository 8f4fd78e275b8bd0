// Answers that are lost on the way, and visits that end between a change and its answer: nobody pays for them. A
// passphrase that is mistyped, and a receiving that stops in the middle, likewise.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { logIn, type Account } from '../account/account.ts';
import { MemoryDestination } from './destination.ts';
import { openParcel, parseLink, receiveParcel } from './receive.ts';
import { createRequest, handIn, parseRequestLink } from './requests.ts';
import { sendParcel } from './send.ts';
import { password, TestServer, type TestClient } from './server_for_test.ts';
import { sendingsInMemory } from './sending_store.ts';
import type { Opener, SendOrder } from './types.ts';

const day = 86_400_000;
const quiet = (): void => undefined;
const never = new AbortController().signal;

let server: TestServer;
let plain: TestClient;
let alice: Account;

before(async () => {
  server = await TestServer.start();
  plain = server.client();
  alice = await server.enrol(plain, 'alice@example.org');
});
after(async () => {
  plain.core.close();
  plain.pool.close();
  await server.stop();
});

function orderOf(bytes: Uint8Array<ArrayBuffer>, more: Partial<SendOrder> = {}): SendOrder {
  const file = new File([bytes], 'scan.pdf', { lastModified: 1_700_000_000_000 });
  return { entries: [{ path: 'scan.pdf', file }], to: [], link: 'plain', lifetimeMs: day, opensMax: 1, note: '', ...more };
}

/** The server hears every request; of those that `isLost` says, nobody hears the answer. */
function losing(isLost: (method: string, path: string) => boolean): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    if (!isLost(init?.method ?? 'GET', new URL(String(input)).pathname)) return response;
    await response.arrayBuffer();
    throw new TypeError('the network went away');
  };
}

/** Every first answer of each request that changes something. */
function losingFirst(): typeof fetch {
  const asked = new Set<string>();
  return losing((method, path) => {
    const isFirst = method !== 'GET' && method !== 'HEAD' && method !== 'PATCH' && !asked.has(`${method} ${path}`);
    asked.add(`${method} ${path}`);
    return isFirst;
  });
}

function visitor(over?: typeof fetch): TestClient {
  return { ...server.client(over), core: plain.core, pool: plain.pool };
}

async function linkOpener(tools: TestClient, link: string, passphrase = ''): Promise<Opener> {
  const { pathname, hash } = new URL(link);
  return { kind: 'link', api: tools.api, link: parseLink(pathname, hash), passphrase };
}

async function opensUsed(parcel: string): Promise<readonly number[]> {
  return (await alice.api.call('link.list', { path: { parcel } })).links.map((link) => link.opens_used);
}

test('every first answer is lost, and a link of one opening is still opened', async () => {
  const bytes = new Uint8Array(randomBytes(100_000));
  const lossy = visitor(losingFirst());
  const account = await logIn(lossy, 'alice@example.org', password);
  const sent = await sendParcel(lossy, account, orderOf(bytes), quiet, never);
  const tools = visitor(losingFirst());
  const opened = await openParcel(tools, await linkOpener(tools, sent.link));
  const received = await receiveParcel(tools, opened, new MemoryDestination(), { onProgress: quiet, signal: never });
  assert.ok(received.receiptEvent);
  assert.deepEqual(await opensUsed(sent.parcel), [1]);
});

test('an opening whose every answer is lost is asked for again by the next click, and counts once', async () => {
  const sent = await sendParcel(plain, alice, orderOf(new Uint8Array(10)), quiet, never);
  let isDown = true;
  const tools = visitor(losing((_, path) => isDown && path.endsWith('/openings')));
  const opener = await linkOpener(tools, sent.link);
  await assert.rejects(openParcel(tools, opener), { code: 'io' });
  isDown = false;
  await openParcel(tools, opener);
  assert.deepEqual(await opensUsed(sent.parcel), [1]);
});

test('a wrong passphrase uses up nothing, and the right one fits however it is typed', async () => {
  const sent = await sendParcel(plain, alice, orderOf(new Uint8Array(10), { link: 'with_passphrase' }), quiet, never);
  const tools = visitor();
  await assert.rejects(openParcel(tools, await linkOpener(tools, sent.link, 'not this one')), { code: 'no_match' });
  assert.deepEqual(await opensUsed(sent.parcel), [0]);
  const typed = ` ${sent.passphrase.toUpperCase().replaceAll('-', ' ')}`;
  await openParcel(tools, await linkOpener(tools, sent.link, typed));
  assert.deepEqual(await opensUsed(sent.parcel), [1]);
  const late = visitor();
  await assert.rejects(openParcel(late, await linkOpener(late, sent.link, sent.passphrase)), { code: 'conflict' });
});

test('a hand-in that ended just after it was complete is found complete', async () => {
  const request = await createRequest(alice, { title: 'Slips', sizeBytesMax: 1_000_000, lifetimeMs: day, parcelsMax: 1 });
  const { pathname, hash } = new URL(request.link);
  const link = parseRequestLink(pathname, hash);
  const entries = orderOf(new Uint8Array(1000)).entries;
  const sendings = sendingsInMemory();
  let isDown = true;
  const tools = { ...visitor(losing((_, path) => isDown && path.endsWith('/complete'))), sendings };
  await assert.rejects(handIn(tools, tools.api, { link, entries, note: '' }, quiet, never), { code: 'io' });
  isDown = false;
  const sent = await handIn(tools, tools.api, { link, entries, note: '' }, quiet, never);
  assert.ok(sent.wasContinued && sent.event !== undefined);
  const { requests } = await alice.api.call('request.list');
  assert.equal(requests[0]?.parcels_used, 1);
  await openParcel(plain, { kind: 'account', account: alice, parcel: sent.parcel });
});

test('receiving goes on where it stopped, and fetches nothing twice', async () => {
  const bytes = new Uint8Array(randomBytes(40 * 1024 * 1024 + 7));
  const sent = await sendParcel(plain, alice, orderOf(bytes, { to: ['alice@example.org'], link: 'none' }), quiet, never);
  let fetchedBytes = 0;
  const counting: typeof fetch = async (input, init) => {
    const range = /bytes=(\d+)-(\d+)/.exec(new Headers(init?.headers).get('Range') ?? '');
    if (range) fetchedBytes += Number(range[2]) - Number(range[1]) + 1;
    return fetch(input, init);
  };
  const tools = visitor(counting);
  const account = await logIn(tools, 'alice@example.org', password);
  const opened = await openParcel(tools, { kind: 'account', account, parcel: sent.parcel });
  const destination = new MemoryDestination();
  const stop = new AbortController();
  const progress: number[] = [];
  const stopped = receiveParcel(tools, opened, destination, {
    onProgress: ({ doneBytes }) => {
      if (doneBytes > bytes.length / 4) stop.abort();
    },
    signal: stop.signal,
  });
  await assert.rejects(stopped, { code: 'aborted' });
  const received = await receiveParcel(tools, opened, destination, {
    onProgress: ({ doneBytes }) => progress.push(doneBytes),
    signal: never,
  });
  assert.ok((progress[0] ?? 0) > bytes.length / 4, 'it did not begin at 0');
  assert.ok(fetchedBytes < bytes.length * 1.9, String(fetchedBytes));
  const blob = received.files[0]?.blob;
  assert.ok(blob !== undefined && Buffer.from(await blob.arrayBuffer()).equals(bytes));
  assert.ok(received.receiptEvent);
  const { openings } = await alice.api.call('parcel.list_openings', { path: { parcel: sent.parcel } });
  assert.equal(openings.length, 1);
});
