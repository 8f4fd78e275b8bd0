// judgeOfficers, before anything is asked of the log.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DirectoryEntry } from '../api/generated/types.ts';
import type { EnterTools } from './account.ts';
import { judgeOfficers } from './officers.ts';

const asked = new Error('the log was asked');
const tools = { pins: { load: () => Promise.reject(asked) } } as unknown as EnterTools;

function officer(account: string, recipient: string): DirectoryEntry {
  return { account, key: { recipient }, proof: 'proof' } as unknown as DirectoryEntry;
}
const judged = (...told: DirectoryEntry[]): Promise<unknown> => judgeOfficers(tools, told, () => Promise.resolve(told));

test('an officer who is named twice would agree with themselves, and is refused', async () => {
  const named = { code: 'damaged', message: /names a recovery officer twice/ };
  await assert.rejects(judged(officer('a', 'age1one'), officer('a', 'age1two')), named, 'with two keys');
  await assert.rejects(judged(officer('a', 'age1one'), officer('b', 'age1one')), named, 'with two accounts');
  await assert.rejects(judged(officer('a', 'age1one'), officer('b', 'age1two')), asked);
});
