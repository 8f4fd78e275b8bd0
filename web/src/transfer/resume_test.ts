// Sendings that are cut: the network goes away in the middle of requests, the visit ends and another
// continues, the files change in between. At no time do two texts leave as one chunk under one key.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { Account } from '../account/account.ts';
import { SealiftError } from '../api/error.ts';
import { runSealedSize } from '../crypto/content_worker.ts';
import { MemoryDestination } from './destination.ts';
import { openParcel, receiveParcel } from './receive.ts';
import { sendParcel, unfinishedSendings } from './send.ts';
import { TestServer, type TestClient } from './server_for_test.ts';
import type { SendOrder } from './types.ts';

const day = 86_400_000;
const quiet = (): void => undefined;
const never = new AbortController().signal;
// More than is in flight at once: what was stopped at the first answer lacks something.
const size = 34 * 1024 * 1024 + 5;

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

function orderOf(bytes: Uint8Array<ArrayBuffer>, note: string): SendOrder {
  const file = new File([bytes], 'large.bin', { lastModified: 1_700_000_000_000 });
  return { entries: [{ path: 'large.bin', file }], to: ['alice@example.org'], link: 'none', lifetimeMs: day, note };
}

/** Every byte that left, by upload and place: fails when one leaves as two. */
class Wire {
  readonly #uploads = new Map<string, { readonly bytes: Uint8Array; readonly isKnown: Uint8Array }>();
  sentBytes = 0;

  note(upload: string, offset: number, sent: Uint8Array): void {
    const seen = this.#uploads.get(upload) ?? { bytes: new Uint8Array(2 * size), isKnown: new Uint8Array(2 * size) };
    this.#uploads.set(upload, seen);
    const known = seen.isKnown.subarray(offset, offset + sent.length);
    const before = seen.bytes.subarray(offset, offset + sent.length);
    assert.ok(sent.every((byte, at) => known[at] === 0 || before[at] === byte), 'two texts left as one chunk');
    before.set(sent);
    known.fill(1);
    this.sentBytes += sent.length;
  }
  get uploads(): number {
    return this.#uploads.size;
  }
}

/** The network: notes what leaves; `cut` says which request of an upload breaks off, after how many bytes. */
function network(wire: Wire, cut: (request: number) => number | undefined): typeof fetch {
  let requests = 0;
  return async (input, init) => {
    const url = new URL(String(input));
    if (init?.method !== 'PATCH' || !(init.body instanceof Uint8Array)) return fetch(input, init);
    const offset = Number(new Headers(init.headers).get('Upload-Offset'));
    const after = cut(requests);
    requests += 1;
    const sent = after === undefined ? init.body : init.body.subarray(0, after);
    wire.note(url.pathname, offset, sent);
    if (after === undefined) return fetch(input, init);
    if (after > 0) await fetch(input, { ...init, body: sent as Uint8Array<ArrayBuffer> });
    throw new TypeError('the network went away');
  };
}

async function receivedIs(account: Account, parcel: string, bytes: Uint8Array): Promise<void> {
  const opened = await openParcel(plain, { kind: 'account', account, parcel });
  const received = await receiveParcel(plain, opened, new MemoryDestination(), { onProgress: quiet, signal: never });
  const blob = received.files[0]?.blob;
  assert.ok(blob !== undefined && Buffer.from(await blob.arrayBuffer()).equals(bytes));
}

async function accountOver(client: TestClient, over: typeof fetch): Promise<{ client: TestClient; account: Account }> {
  const { logIn } = await import('../account/account.ts');
  const other = server.client(over);
  const shared = { ...client, api: other.api };
  return { client: shared, account: await logIn(shared, 'alice@example.org', 'correct horse battery') };
}

test('a network that breaks off in the middle of requests delays and harms nothing', async () => {
  const wire = new Wire();
  const cut = (request: number): number | undefined => (request % 2 === 0 ? 100_000 * request : undefined);
  const { client, account } = await accountOver(plain, network(wire, cut));
  const bytes = new Uint8Array(randomBytes(size));
  const sent = await sendParcel(client, account, orderOf(bytes, 'cut'), quiet, never);
  assert.equal(wire.uploads, 1);
  await receivedIs(alice, sent.parcel, bytes);
});

test('a sending that was stopped goes on in another visit, where it stopped', async () => {
  const wire = new Wire();
  const bytes = new Uint8Array(randomBytes(size));
  const stop = new AbortController();
  const { client, account } = await accountOver(plain, network(wire, () => undefined));
  const stopped = sendParcel(client, account, orderOf(bytes, 'stop'), ({ doneBytes }) => {
    if (doneBytes > size / 8) stop.abort();
  }, stop.signal);
  await assert.rejects(stopped, { code: 'aborted' });
  const left = (await unfinishedSendings(client, alice)).find((each) => each.totalBytes === size);
  assert.deepEqual(left?.names, ['large.bin']);
  const before = wire.sentBytes;
  const sent = await sendParcel(client, account, orderOf(bytes, 'stop'), quiet, never);
  assert.ok(sent.wasContinued);
  assert.ok(wire.sentBytes < before + size, 'what the server had was not sent again');
  assert.equal(wire.uploads, 1);
  assert.equal((await unfinishedSendings(client, alice)).length, 0);
  await receivedIs(alice, sent.parcel, bytes);
});

test('a file that changed in between is sent anew, under another key', async () => {
  const wire = new Wire();
  const bytes = new Uint8Array(randomBytes(size));
  const { client, account } = await accountOver(plain, network(wire, () => undefined));
  const stop = new AbortController();
  const begun = sendParcel(client, account, orderOf(bytes, 'change'), ({ doneBytes }) => {
    if (doneBytes > size / 8) stop.abort();
  }, stop.signal);
  await assert.rejects(begun, { code: 'aborted' });
  // Same name, size and time: only the bytes tell.
  const changed = bytes.slice();
  changed[1000] = (changed[1000] ?? 0) ^ 1;
  const sent = await sendParcel(client, account, orderOf(changed, 'change'), quiet, never);
  assert.equal(wire.uploads, 2);
  await receivedIs(alice, sent.parcel, changed);
});

test('a server that lies in the content is found out, and nothing is kept', async () => {
  const bytes = new Uint8Array(randomBytes(size));
  const sent = await sendParcel(plain, alice, orderOf(bytes, 'lie'), quiet, never);
  const lying: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    const range = new Headers(init?.headers).get('Range') ?? '';
    if (!String(input).endsWith('/parts/content/payload') || !range.startsWith(`bytes=${String(16 + runSealedSize)}-`)) return response;
    const changed = new Uint8Array(await response.arrayBuffer());
    changed[70_000] = (changed[70_000] ?? 0) ^ 1;
    return new Response(changed, { status: 206 });
  };
  const { client, account } = await accountOver(plain, lying);
  const opened = await openParcel(client, { kind: 'account', account, parcel: sent.parcel });
  const destination = new MemoryDestination();
  const receiving = receiveParcel(client, opened, destination, { onProgress: quiet, signal: never });
  await assert.rejects(receiving, (error) => error instanceof SealiftError && error.code === 'damaged');
  assert.deepEqual(await destination.files(), []);
  const { openings } = await alice.api.call('parcel.list_openings', { path: { parcel: sent.parcel } });
  assert.ok(openings.every((opening) => opening.received === undefined), 'no receipt');
});
