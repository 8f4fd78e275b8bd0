// New keys at a real server, made and followed by the page's code: what was sent before still opens, what was begun with
// the old keys ends, and the recovery officers' shares are of the new ones (docs/decisions/0118).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { logIn, logInWithPaperKey, type Account } from '../account/account.ts';
import { recoveryNeed } from '../account/own_recovery.ts';
import { toBase64, toUtf8 } from '../api/encoding.ts';
import { addRecipient } from './add_recipient.ts';
import { MemoryDestination } from './destination.ts';
import { openParcel, receiveParcel } from './receive.ts';
import { createRequest, handIn, listRequests, parseRequestLink } from './requests.ts';
import { sendParcel, unfinishedSendings } from './send.ts';
import { readSentSummary } from './sent_summary.ts';
import { password, Person, TestServer, type TestClient } from './server_for_test.ts';
import type { SendOrder } from './types.ts';

const day = 86_400_000;
const quiet = (): void => undefined;
const never = new AbortController().signal;
const alicesAddress = 'alice@example.org';
const bobsAddress = 'bob@example.org';

let server: TestServer;
let page: TestClient;
let alice: Account;
let elsewhere: TestClient;
let bob: Account;

before(async () => {
  server = await TestServer.start();
  for (const name of ['olga', 'oscar']) Person.enrolled(server, `${name}@example.org`, '--recovery-officer');
  page = server.client();
  elsewhere = server.client();
  alice = await server.enrol(page, alicesAddress);
  bob = await server.enrol(elsewhere, bobsAddress);
});
after(async () => {
  page.core.close();
  page.pool.close();
  await server.stop();
});

function letter(to: string, more: Partial<SendOrder> = {}): SendOrder {
  const file = new File([toUtf8('dear colleague')], 'letter.txt', { lastModified: 1_700_000_000_000 });
  return { entries: [{ path: 'letter.txt', file }], to: [to], link: 'none', lifetimeMs: day, note: 'the letter', ...more };
}

async function send(client: TestClient, account: Account, to: string): Promise<string> {
  return (await sendParcel(client, account, letter(to), quiet, never)).parcel;
}

async function reads(client: TestClient, account: Account, parcel: string): Promise<void> {
  const opened = await openParcel(client, { kind: 'account', account, parcel });
  const { files } = await receiveParcel(client, opened, new MemoryDestination(), { onProgress: quiet, signal: never });
  assert.equal(await files[0]?.blob.text(), 'dear colleague');
}

async function officers() {
  const own = await alice.api.call('recovery.read_own');
  return alice.recoveryOfficers(own);
}

const paperKey = (): string => server.paperKeys.get(alicesAddress) ?? '';
const rotate = async (more: { paperKey?: string; password?: string; endorser?: string } = {}): Promise<boolean> =>
  alice.rotateKeys({ paperKey: paperKey(), password, endorser: '', ...(await officers()), ...more });

test('what was sent and asked for with the old keys stays readable, and nothing else of theirs stays', async () => {
  const [received, sent] = [await send(elsewhere, bob, alicesAddress), await send(page, alice, bobsAddress)];
  const stranger = Person.enrolled(server, 'carol@example.org');
  const request = await createRequest(alice, { title: 'the papers', sizeBytesMax: 1 << 20, lifetimeMs: day });
  const link = new URL(request.link);
  const parsed = parseRequestLink(link.pathname, link.hash);
  const handedIn = await handIn(page, page.api, { link: parsed, entries: letter('').entries, note: '' }, quiet, never);
  const other = await logIn(server.client(), alicesAddress, password);

  const stop = new AbortController();
  const large = new File([new Uint8Array(40 * 1024 * 1024)], 'large.bin', { lastModified: 1_700_000_000_000 });
  const begun = letter(bobsAddress, { entries: [{ path: 'large.bin', file: large }] });
  const stopped = sendParcel(page, alice, begun, ({ doneBytes }) => {
    if (doneBytes > 0) stop.abort();
  }, stop.signal);
  await assert.rejects(stopped, { code: 'aborted' });
  assert.equal((await unfinishedSendings(page, alice)).length, 1);

  for (const wrong of [{ password: 'not the password' }, { paperKey: server.paperKeys.get(bobsAddress) ?? '' }])
    await assert.rejects(rotate(wrong), { code: 'no_match' });
  await assert.rejects(rotate({ paperKey: 'mistyped' }), { code: 'malformed' });
  assert.equal((await alice.api.call('account.read')).address, alicesAddress, 'nothing has ended');
  const old = alice;
  assert.ok(await rotate());
  await assert.rejects(other.api.call('account.read'), { code: 'unauthorized' });

  alice = await logIn(page, alicesAddress, password);
  assert.equal(alice.keys.generation, 2);
  assert.notEqual(alice.keys.recipient, old.keys.recipient);
  assert.ok(!alice.renew(old), 'a visit with the old keys does not go on');
  await reads(page, alice, received);
  await reads(page, alice, handedIn.parcel);
  assert.equal((await readSentSummary(alice, sent)).subject, 'the letter');
  await addRecipient(alice, sent, 'carol@example.org');
  assert.equal(stranger.json<readonly unknown[]>('inbox').length, 1);
  const [closed] = (await listRequests(alice)).requests;
  assert.deepEqual([closed?.title, closed?.link, closed?.record.closed !== undefined], ['the papers', '', true]);
  assert.equal((await unfinishedSendings(page, alice)).length, 0);
  assert.equal((await (await page.sendings.openedWith(old.keys.signingSeed)).list()).length, 0, 'nor is it kept');
  await reads(page, await logInWithPaperKey(server.client(), alicesAddress, paperKey()), received);
});

test('a correspondent follows them, and is told once', async () => {
  const parcel = await send(elsewhere, bob, alicesAddress);
  const told = { endorsedBy: 'paper_key', fingerprint: await alice.fingerprint(), generation: 2 };
  assert.deepEqual((await elsewhere.pins.load()).newKeys[alicesAddress], { ...told, isRead: false });
  await bob.haveReadNewKeys(alicesAddress);
  await send(elsewhere, bob, alicesAddress);
  assert.deepEqual((await elsewhere.pins.load()).newKeys[alicesAddress], { ...told, isRead: true });
  assert.deepEqual(Object.keys((await page.pins.load()).newKeys), [], 'nobody is told of their own new keys');
  await reads(page, alice, parcel);
});

test('the officers have shares of the new keys, and what they bring back makes the next', async () => {
  const own = await alice.api.call('recovery.read_own');
  assert.equal(own.generation, 2);
  assert.equal(recoveryNeed(own, alice.keys.generation), 'nothing');
  // As it is in every slot but the officers': without what endorses.
  await assert.rejects(page.core.endorsingKey(new TextDecoder().decode(alice.keys.keysFile), alicesAddress), { code: 'usage' });
  const dealt = await page.core.withEndorsing(alice.keys.keysFile, paperKey(), alicesAddress);
  const text = new TextDecoder().decode(dealt);
  assert.equal(toBase64(await page.core.endorsingKey(text, alicesAddress)), toBase64(await page.core.endorsingKey(paperKey(), alicesAddress)));
  await assert.rejects(page.core.endorsingKey(text, bobsAddress), { code: 'usage' });
});

test('an earlier paper key signs until the next new keys, and is asked for', async () => {
  const earlier = paperKey();
  const draft = await alice.waysIn.draftPaperKey(password);
  assert.ok(await alice.isEndorsedBy(earlier));
  assert.ok(!(await alice.isEndorsedBy(draft.text)));
  await alice.adopt(draft);
  server.paperKeys.set(alicesAddress, draft.text);
  await assert.rejects(rotate(), { code: 'no_match' });
  assert.ok(await rotate({ endorser: earlier }));
  alice = await logIn(page, alicesAddress, password);
  assert.equal(alice.keys.generation, 3);
  assert.ok(await rotate(), 'the one that logs in signs now');
  alice = await logIn(page, alicesAddress, password);
  await reads(page, alice, await send(elsewhere, bob, alicesAddress));
});
