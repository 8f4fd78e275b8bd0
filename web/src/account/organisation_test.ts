// The organisation's key at a real server: who enrols by a link that names it gives shares to officers whom it signed, and to nobody whom
// the server names besides or instead (docs/decisions/0220).
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { EnrolmentOffer, OwnRecovery, Server } from '../api/generated/types.ts';
import { password, Person, TestServer, type TestClient } from '../transfer/server_for_test.ts';
import { enrol, enrolmentLink, lookAtEnrolment, officersToEnrol, type Account } from './account.ts';
import { renewRecovery } from './own_recovery.ts';

let server: TestServer;
let root: Person;
let people: Record<'olga' | 'otto' | 'rita', Person>;
let key = '';
let fingerprint = '';
type Told = Partial<Server & OwnRecovery & EnrolmentOffer>;
let lies: Record<string, (told: Told) => Told> = {};
const clients: TestClient[] = [];
const refused = { code: 'damaged' };

const lyingFetch: typeof fetch = async (input, init) => {
  const answer = await fetch(input, init);
  const lie = lies[new URL(String(input)).pathname];
  return lie === undefined ? answer : Response.json(lie((await answer.json()) as Told), { status: answer.status });
};

function browser(): TestClient {
  const client = server.client(lyingFetch);
  clients.push(client);
  return client;
}

const id = (person: Person) => person.json<{ account: string }>('whoami').account;
const digits = (text: string) => text.replaceAll(' ', '');

function sign(...names: ('olga' | 'otto' | 'rita')[]): void {
  const keys = names.flatMap((each) => ['--recovery-officer-key', people[each].json<{ fingerprint: string }>('whoami').fingerprint]);
  root.run('organisation', 'sign', '--key-file', key, ...keys, ...names.map((each) => `${each}@example.org`));
}

/** Somebody whom an administrator invited, in a browser of their own. */
async function newcomer(name: string): Promise<Account> {
  const client = browser();
  const link = enrolmentLink(root.json<{ link: string }>('people', 'invite', `${name}@example.org`).link);
  const offer = await lookAtEnrolment(client, link.token);
  const dealing = await officersToEnrol(client, link, offer);
  const { account } = await enrol(client, { ...dealing, token: link.token, offer, password, language: 'en' });
  return account;
}

const sharedWith = async (account: Account) => new Set((await account.api.call('recovery.read_own')).shared_with);

before(async () => {
  server = await TestServer.start();
  root = Person.enrolled(server, 'root@example.org', '--admin');
  const officer = (name: string) => Person.enrolled(server, `${name}@example.org`, '--recovery-officer');
  people = { olga: officer('olga'), otto: officer('otto'), rita: officer('rita') };
  key = join(server.folder, 'organisation.key');
  const made = root.json<{ fingerprint: string; key: string }>('organisation', 'init', '--output', key);
  fingerprint = made.fingerprint;
  server.admin('organisation-key', made.key);
  sign('olga', 'otto');
});
after(async () => {
  for (const client of clients) {
    client.core.close();
    client.pool.close();
  }
  await server.stop();
});

test('a link is read with the fingerprint that it names, or without one', () => {
  const token = 'k'.repeat(43);
  assert.deepEqual(enrolmentLink(`https://files.example.org/e#${token}`), { token, organisation: '' });
  assert.deepEqual(enrolmentLink(`${token}.${'a'.repeat(32)}`), { token, organisation: 'a'.repeat(32) });
  for (const bad of ['', token.slice(1), `${token}.`, `${token}.${'a'.repeat(31)}`, `${token}.${'g'.repeat(32)}`])
    assert.throws(() => enrolmentLink(bad), { code: 'malformed' }, bad);
});

test('who enrols gives shares to signed officers alone, and hands the fingerprint on', async () => {
  const alice = await newcomer('alice');
  assert.deepEqual(await sharedWith(alice), new Set([id(people.olga), id(people.otto)]), 'rita is an officer whom nobody signed');
  assert.ok((await alice.enrolmentLink('https://files.example.org', 'k'.repeat(43))).endsWith(`.${digits(fingerprint)}`));
  const dealing = await alice.recoveryOfficers(await alice.ownRecovery());
  assert.equal(dealing.organisation?.isKnown, true);
});

test('a server that hides the key, or has one of its own, enrols nobody', async () => {
  const thiefs = root.json<{ key: string }>('organisation', 'init', '--output', join(server.folder, 'thief.key')).key;
  for (const lie of [({ organisation_key: _, ...told }: Told) => told, (told: Told) => ({ ...told, organisation_key: thiefs })]) {
    lies = { '/api/v1/server': lie };
    await assert.rejects(newcomer('bob'), refused);
  }
  lies = {};
  await newcomer('bob');
});

test('a set that was replaced does not come back, and a newer one is followed', async () => {
  const carol = await newcomer('carol');
  const old = (await carol.api.call('recovery.read_own')).officer_set;
  sign('otto', 'rita');
  const own = await carol.ownRecovery();
  assert.deepEqual(new Set(own.officers.map((each) => each.account)), new Set([id(people.otto), id(people.rita)]));
  const dealing = await carol.recoveryOfficers(own);
  await renewRecovery(carol, dealing.officers, dealing.threshold, '');
  await carol.acceptOrganisation(dealing);
  assert.deepEqual(await sharedWith(carol), new Set([id(people.otto), id(people.rita)]));
  lies = { '/api/v1/account/recovery': (told) => ({ ...told, ...(old === undefined ? {} : { officer_set: old }) }) };
  await assert.rejects(carol.ownRecovery(), refused);
  lies = { '/api/v1/account/recovery': ({ officer_set: _, ...told }) => told };
  await assert.rejects(carol.ownRecovery(), refused);
  lies = {};
  await carol.ownRecovery();
});
