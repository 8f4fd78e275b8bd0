// What lists say of parcels beyond what the server knows: what is in those that we sent, and which request a
// hand-in answers. Read once in a visit, and forgotten when somebody else comes.
import type { Account } from '../account/account.ts';
import { listRequests } from '../transfer/requests.ts';
import { readSentSummary, type SentSummary } from '../transfer/sent_summary.ts';
import { session } from './session.svelte.ts';

const atOnceMax = 4;
const requestPagesMax = 10;
const summaries = new Map<string, Promise<SentSummary | undefined>>();
let titles: Promise<ReadonlyMap<string, string>> | undefined;
let running = 0;
const waiting: (() => void)[] = [];

session.onChange(() => {
  summaries.clear();
  titles = undefined;
});

/** Undefined: it can't be read (any more). A list is whole without it. */
export function summaryOf(account: Account, parcel: string): Promise<SentSummary | undefined> {
  const known = summaries.get(parcel);
  if (known) return known;
  const read = inTurn(() => readSentSummary(account, parcel)).catch(() => undefined);
  summaries.set(parcel, read);
  return read;
}

/** By request. `needed`: read again when one of them is not known yet. */
export async function requestTitles(account: Account, needed: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const known = await (titles ?? new Map<string, string>());
  if (needed.every((each) => known.has(each))) return known;
  titles = readTitles(account);
  return titles;
}

async function readTitles(account: Account): Promise<ReadonlyMap<string, string>> {
  const all = new Map<string, string>();
  let before: string | undefined;
  for (let page = 0; page < requestPagesMax; page += 1) {
    const { requests, next } = await listRequests(account, before);
    for (const { record, title } of requests) all.set(record.id, title);
    if (next === undefined) break;
    before = next;
  }
  return all;
}

async function inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
  if (running >= atOnceMax) await new Promise<void>((resolve) => waiting.push(resolve));
  running += 1;
  try {
    return await work();
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}
