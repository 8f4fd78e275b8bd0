// A server that lies to the page's code: another parcel's parts, another file of ours, another request, a
// parcel held back. Each lie ends in a refusal, and nothing is sealed to anybody or shown as verified.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Account } from '../account/account.ts';
import { fromBase64, toBase64, toUtf8 } from '../api/encoding.ts';
import { splitHeader } from '../crypto/sealed_file.ts';
import { addRecipient } from './add_recipient.ts';
import { createRequest, handIn, parseRequestLink } from './requests.ts';
import { openParcel } from './receive.ts';
import { sendParcel } from './send.ts';
import { TestServer, type TestClient } from './server_for_test.ts';

const day = 86_400_000;
const quiet = (): void => undefined;
const never = new AbortController().signal;

type Lie = (path: string, answer: Uint8Array) => Uint8Array | undefined;

let server: TestServer;
let page: TestClient;
let theirs: TestClient;
let alice: Account;
let bob: Account;
let mallory: Account;
let lie: Lie | undefined;
let asked: string[] = [];

// Passes everything on, and changes what `lie` changes.
const lyingFetch: typeof fetch = async (input, init) => {
  const path = new URL(String(input)).pathname;
  asked.push(`${init?.method ?? 'GET'} ${path}`);
  const answer = await fetch(input, init);
  if (lie === undefined || !answer.ok) return answer;
  const body = new Uint8Array(await answer.arrayBuffer());
  const changed = lie(path, body) ?? body;
  return new Response(changed.length === 0 ? null : new Uint8Array(changed), { status: answer.status, headers: answer.headers });
};

before(async () => {
  server = await TestServer.start();
  page = server.client(lyingFetch);
  theirs = server.client();
  alice = await server.enrol(page, 'alice@example.org');
  bob = await server.enrol(page, 'bob@example.org');
  mallory = await server.enrol(theirs, 'mallory@example.org');
});
after(async () => {
  for (const client of [page, theirs]) {
    client.core.close();
    client.pool.close();
  }
  await server.stop();
});

async function send(): Promise<string> {
  const entries = [{ path: 'paper.txt', file: new File(['a paper'], 'paper.txt', { lastModified: 1_700_000_000_000 }) }];
  const order = { entries, to: ['bob@example.org'], link: 'none', lifetimeMs: day, note: '' } as const;
  return (await sendParcel(page, alice, order, quiet, never)).parcel;
}

async function lying<Value>(how: Lie, work: () => Promise<Value>): Promise<Value> {
  lie = how;
  asked = [];
  try {
    return await work();
  } finally {
    lie = undefined;
  }
}

const partNames = ['content/header', 'manifest/header', 'manifest'] as const;
type Parts = Readonly<Partial<Record<(typeof partNames)[number], Uint8Array>>>;

async function refusesToAdd(parcel: string, parts: Parts): Promise<void> {
  const serve: Lie = (path) => partNames.flatMap((name) => (path.endsWith(`/${name}`) ? [parts[name]] : [])).find(Boolean);
  await assert.rejects(
    lying(serve, () => addRecipient(alice, parcel, 'mallory@example.org')),
    (error: { code: string }) => ['damaged', 'malformed', 'no_match'].includes(error.code),
    Object.keys(parts).join(),
  );
  assert.deepEqual(asked.filter((each) => each.startsWith('PUT')), [], 'something was sealed to a stranger');
}

test('who was added later is named by the sender, and told by whom', async () => {
  const parcel = await send();
  const added = await addRecipient(alice, parcel, 'mallory@example.org');
  assert.match(added.newFingerprint ?? '', /^[0-9a-f]{4}( [0-9a-f]{4}){7}$/);
  const opened = await openParcel(theirs, { kind: 'account', account: mallory, parcel });
  assert.equal(opened.addedBy, 'alice@example.org');
  assert.equal(opened.senderIs, 'verified');
  assert.equal((await openParcel(page, { kind: 'account', account: bob, parcel })).addedBy, '');
});

test('nothing is sealed again that is not of the parcel', async () => {
  const [mine, other] = [await send(), await send()];
  const path = { parcel: other };
  const contentHeader = await alice.api.call('parcel.read_header', { path: { ...path, part: 'content' } });
  const manifestHeader = await alice.api.call('parcel.read_header', { path: { ...path, part: 'manifest' } });
  const manifest = await alice.api.call('parcel.read_manifest', { path });
  await refusesToAdd(mine, { 'content/header': contentHeader });
  await refusesToAdd(mine, { 'manifest/header': manifestHeader });
  await refusesToAdd(mine, { 'content/header': contentHeader, 'manifest/header': manifestHeader });
  await refusesToAdd(mine, { 'manifest/header': manifestHeader, manifest });
  await refusesToAdd(mine, { 'content/header': contentHeader, 'manifest/header': manifestHeader, manifest });
  // What an account's recovery slot is: a file that our key opens.
  const slot = splitHeader(await alice.core.sealSmall(toUtf8('# sealift account keys v1'), [alice.keys.recipient]));
  await refusesToAdd(mine, { 'content/header': slot.header });
  await refusesToAdd(mine, { 'manifest/header': slot.header });
  await refusesToAdd(mine, { 'manifest/header': slot.header, manifest: slot.payload });
});

test('the header of another parcel is not opened as the content', async () => {
  const [mine, other] = [await send(), await send()];
  const header = await alice.api.call('parcel.read_header', { path: { parcel: other, part: 'content' } });
  const opening = lying(
    (path) => (path.endsWith('/content/header') ? header : undefined),
    () => openParcel(page, { kind: 'account', account: bob, parcel: mine }),
  );
  await assert.rejects(opening, { code: 'damaged' });
});

test('what was handed in for one request does not pass for an answer to another', async () => {
  const wish = { title: 'Papers', sizeBytesMax: 1e6, lifetimeMs: day };
  const [first, second] = [await createRequest(alice, wish), await createRequest(alice, wish)];
  const url = new URL(first.link);
  const link = parseRequestLink(url.pathname, url.hash);
  const entries = [{ path: 'scan.pdf', file: new File(['scan'], 'scan.pdf') }];
  const { parcel } = await handIn(theirs, theirs.api, { link, entries, note: '' }, quiet, never);
  const swap: Lie = (path, answer) => {
    if (!path.endsWith(`/parcels/${parcel}`)) return undefined;
    return toUtf8(new TextDecoder().decode(answer).replace(first.record.id, second.record.id));
  };
  const opener = { kind: 'account', account: alice, parcel } as const;
  await assert.rejects(lying(swap, () => openParcel(page, opener)), { code: 'damaged' });
  assert.equal((await openParcel(page, opener)).senderIs, 'outsider');
});

test('a parcel that the server holds back is named by the next one', async () => {
  const [, hidden, last] = [await send(), await send(), await send()];
  const opener = { kind: 'account', account: bob, parcel: last } as const;
  assert.equal((await openParcel(page, opener)).missing, '', 'it waits in the inbox');
  const hide: Lie = (path, answer) => {
    if (!path.endsWith(`/parcels/${hidden}`)) return undefined;
    return toUtf8(new TextDecoder().decode(answer).replace('"state":"whole"', '"state":"recalled"'));
  };
  assert.equal((await lying(hide, () => openParcel(page, opener))).missing, hidden);
});

test('a key that the directory does not prove is sealed to by nobody', async () => {
  const findings = (change: (told: Record<string, unknown>) => void): Lie => (path, answer) => {
    if (!path.endsWith('/directory/find')) return undefined;
    const told = JSON.parse(new TextDecoder().decode(answer)) as Record<string, unknown>;
    change(told);
    return toUtf8(JSON.stringify(told));
  };
  const flipped = (text: string, line: number): string => {
    const lines = text.split('\n');
    const [name, value = ''] = (lines[line] ?? '').split(' ');
    const bytes = fromBase64(value);
    const middle = bytes.length >> 1;
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    lines[line] = `${name} ${toBase64(bytes)}`;
    return lines.join('\n');
  };
  const lies: Record<string, (told: Record<string, unknown>) => void> = {
    'no proof': (told) => delete told['lookup'],
    'the word that an account has ended': (told) => (told['lookup'] = 'ended'),
    'another place': (told) => (told['lookup'] = flipped(String(told['lookup']), 1)),
    'another map': (told) => (told['lookup'] = flipped(String(told['lookup']), 2)),
    'another last entry': (told) => (told['lookup'] = flipped(String(told['lookup']), 3)),
    'no opening': (told) => delete told['opening'],
    'an opening of something else': (told) => (told['opening'] = toBase64(new Uint8Array(65).fill(1))),
  };
  for (const [name, change] of Object.entries(lies)) {
    await assert.rejects(
      lying(findings(change), send),
      (error: { code: string }) => ['damaged', 'malformed'].includes(error.code),
      name,
    );
    assert.ok(asked.some((each) => each.endsWith('/directory/find')), 'nothing was lied about');
    assert.deepEqual(asked.filter((each) => each === 'POST /api/v1/parcels'), [], name);
  }
  await send();
});
