// Recovery in shares, as the owner's browser deals it and officers' browsers use it: nobody has the keys alone, and what
// is given out once is never lost.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromBase64, toBase64 } from '../api/encoding.ts';
import type { OwnRecovery, Recovery } from '../api/generated/types.ts';
import { testCore } from '../crypto/core_for_test.ts';
import type { AccountKeys } from '../crypto/core.ts';
import type { Account } from './account.ts';
import { openLabel, sealLabel } from './labels.ts';
import { recoveryNeed, recoverySlot, recoveryThreshold } from './own_recovery.ts';
import { prepareApproval, releaseRecovery } from './recovery.ts';

const core = testCore();
const owner = await core.generateAccountKeys('owner@example.org');
const officers = [await core.generateAccountKeys('one@example.org'), await core.generateAccountKeys('two@example.org')] as const;
const [one, two] = officers;
const id = '07'.repeat(16);
const told = officers.map((each, index) => ({ account: String(index + 1).repeat(32), recipient: each.recipient }));
const slot = await recoverySlot(core, owner, id, told, 2);
const dealt = slot.recovery;
assert.ok(dealt);

interface Asked {
  readonly name: string;
  readonly body?: { readonly share: string };
}

/** An officer's account at a server that answers `released`, and knows `account` as the owner's. */
function officerAt(keys: AccountKeys, released: unknown, account = id): Account & { readonly asked: Asked[] } {
  const asked: Asked[] = [];
  const act = (name: string, { body }: { body?: { share: string } }) => {
    asked.push(body === undefined ? { name } : { name, body });
    return Promise.resolve(released);
  };
  const findKeys = () => Promise.resolve({ account, keys: [{ signing_key: toBase64(owner.signingKey) }] });
  return { core, keys, act, findKeys, asked } as unknown as Account & { readonly asked: Asked[] };
}

function waitingFor(recipient: string, share = dealt?.shares[0]?.file): Recovery {
  const waiting = { id: '00', account: id, asked_by: '11'.repeat(16), approvals: 0, created: 0, not_before: 0 };
  return { ...waiting, in_shares: true, recipient, ...(share === undefined ? {} : { share }) };
}

async function approvedFor(recipient: string): Promise<readonly string[]> {
  return Promise.all(
    officers.map(async (keys, index) => {
      const officer = officerAt(keys, undefined);
      await (await prepareApproval(officer, waitingFor(recipient, dealt?.shares[index]?.file))).give();
      assert.equal(officer.asked[0]?.name, 'recovery.give_share');
      return officer.asked[0].body?.share ?? '';
    }),
  );
}

test('two officers’ shares and the server’s half bring the owner’s keys back', async () => {
  const released = { slot: { file: slot.file }, half: dealt.half, shares: await approvedFor(one.recipient) };
  const keys = await releaseRecovery(officerAt(one, released), '00', 'Owner@Example.org');
  assert.ok(keys.isOpened);
  assert.deepEqual(keys.file, Uint8Array.from(owner.keysFile));
});

test('an officer who has new keys since gives and opens what was dealt to the old ones', async () => {
  const renewed = await core.nextKeys((await core.nextKeys(one.keysFile)).keysFile);
  const officer = officerAt(renewed, undefined);
  await (await prepareApproval(officer, waitingFor(two.recipient))).give();
  const share = officer.asked[0]?.body?.share ?? '';
  const [, other] = await approvedFor(two.recipient);
  const released = { slot: { file: slot.file }, half: dealt.half, shares: [share, other] };
  assert.ok((await releaseRecovery(officerAt(await core.nextKeys(two.keysFile), released), '00', owner.address)).isOpened);
  assert.ok(!(await releaseRecovery(officerAt(renewed, released), '00', owner.address)).isOpened);
});

test('an officer with all that the server has opens nothing alone', async () => {
  await assert.rejects(core.openSlot(fromBase64(slot.file), one.identity, owner.address), { code: 'no_match' });
  const [mine, other] = dealt.shares.map((each) => fromBase64(each.file));
  assert.ok(mine && other);
  await assert.rejects(core.ownerOfShare(other, one.identity), { code: 'no_match' });
  for (const shares of [[mine], [mine, mine], [mine, other]])
    await assert.rejects(core.openRecovery(fromBase64(slot.file), fromBase64(dealt.half), one.identity, owner.address, shares), { code: 'no_match' });
});

test('what is for another key is kept as it was given', async () => {
  const released = { slot: { file: slot.file }, half: dealt.half, shares: await approvedFor(two.recipient) };
  const kept = await releaseRecovery(officerAt(one, released), '00', owner.address);
  assert.ok(!kept.isOpened);
  assert.deepEqual(JSON.parse(new TextDecoder().decode(kept.file)), released);
});

test('a slot that was sealed to each officer still opens, or is kept as it was given', async () => {
  for (const [recipient, address, isOpened] of [
    [one.recipient, owner.address, true],
    [owner.recipient, owner.address, false],
    [one.recipient, 'other@example.org', false],
  ] as const) {
    const sealed = await core.sealSlot(owner.keysFile, [recipient]);
    const released = await releaseRecovery(officerAt(one, { slot: { file: toBase64(sealed) } }), '00', address);
    assert.equal(released.isOpened, isOpened);
    assert.deepEqual(released.file, Uint8Array.from(isOpened ? owner.keysFile : sealed));
  }
});

test('whose keys go to whom is shown before a share is given', async () => {
  const officer = officerAt(one, undefined);
  const own = await prepareApproval(officer, waitingFor(one.recipient));
  assert.deepEqual([own.address, own.fingerprint], [owner.address, '']);
  const forAnother = await prepareApproval(officer, waitingFor(two.recipient));
  assert.equal(forAnother.fingerprint.replaceAll(' ', ''), Buffer.from(await core.fingerprint(two.recipient)).toString('hex').slice(0, 32));
  assert.deepEqual(officer.asked, []);
});

test('a share of another account, of another owner, or none at all approves nothing', async () => {
  await assert.rejects(prepareApproval(officerAt(one, undefined, '08'.repeat(16)), waitingFor(one.recipient)), { code: 'damaged' });
  const other = await recoverySlot(core, await core.generateAccountKeys(owner.address), id, told, 2);
  await assert.rejects(prepareApproval(officerAt(one, undefined), waitingFor(one.recipient, other.recovery?.shares[0]?.file)), { code: 'damaged' });
  const { share: _, ...without } = waitingFor(one.recipient);
  await assert.rejects(prepareApproval(officerAt(one, undefined), without), { code: 'not_found' });
});

test('a recovery is dealt again where it is weaker than it could be', async () => {
  const entries = told.map(({ account }) => ({ account })) as unknown as OwnRecovery['officers'];
  const own: OwnRecovery = { has_slot: true, threshold: 2, officers: entries, shared_with: told.map((each) => each.account), shares_needed: 2, generation: 1 };
  const { shares_needed: _, ...each } = own;
  assert.equal(recoveryNeed(own, 1), 'nothing');
  assert.equal(recoveryNeed(own, 2), 'outdated');
  assert.equal(recoveryNeed({ ...own, shared_with: ['33'.repeat(16)] }, 1), 'outdated');
  assert.equal(recoveryNeed(each, 1), 'each');
  assert.equal(recoveryNeed({ ...own, has_slot: false }, 1), 'missing');
  assert.equal(recoveryNeed({ ...own, has_slot: false, officers: entries.slice(1) }, 1), 'too_few');
  assert.deepEqual([undefined, 0, 1, 2, 3].map(recoveryThreshold), [2, 2, 2, 2, 3]);
  await assert.rejects(recoverySlot(core, owner, id, told.slice(1), 2), { code: 'usage' });
});

test('a label is read by its owner alone', async () => {
  const mine = { core, keys: one } as unknown as Account;
  const sealed = await sealLabel(mine, 'the scanner, étage 2');
  assert.equal(await openLabel(mine, sealed), 'the scanner, étage 2');
  assert.equal(await openLabel({ core, keys: owner } as unknown as Account, sealed), '');
  assert.equal(await openLabel(mine, 'bm8gYWdlIGZpbGU='), '');
  assert.equal(await openLabel(mine, undefined), '');
});
