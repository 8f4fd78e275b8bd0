// judgeOfficers: who gets shares of an account's recovery, when it is dealt (src/client/account/officers.h). A server
// that lies would name keys of its own: each key that it names has to stand in its log as somebody's key of the
// directory, and is shown to people before anything is sealed to it.
import { sleep } from '../api/client.ts';
import { SealiftError } from '../api/error.ts';
import type { DirectoryEntry } from '../api/generated/types.ts';
import type { Organisation } from '../crypto/core.ts';
import type { EnterTools } from './account.ts';
import { checkLogged } from './key_finder.ts';
import { LogWatch } from './log_watch.ts';

// The log takes an event up within a fraction of a second.
const triesMax = 12;
const waitMs = 150;

export interface Officer {
  readonly account: string;
  readonly recipient: string;
}

/** Who gets shares, and how many of them it takes. */
export interface Dealing {
  readonly officers: readonly Officer[];
  readonly threshold: number;
  readonly organisation: Organisation | undefined;
}

/** Throws damaged (a key without an event of its own in the log, an officer named twice), conflict (not in it yet). `again` asks once more. */
export async function judgeOfficers(
  tools: EnterTools,
  told: readonly DirectoryEntry[],
  again: () => Promise<readonly DirectoryEntry[]>,
): Promise<readonly Officer[]> {
  let officers = told;
  for (let tried = 1; officers.some((each) => each.proof === undefined) && tried < triesMax; tried += 1) {
    await sleep(waitMs);
    officers = await again();
  }
  const repeated = (of: (entry: DirectoryEntry) => string): boolean => new Set(officers.map(of)).size < officers.length;
  // One officer with two shares would be two who agree.
  if (repeated((each) => each.account) || repeated((each) => each.key.recipient))
    throw new SealiftError('damaged', 'the server names a recovery officer twice');
  const pins = await tools.pins.load();
  const watch = new LogWatch(tools.api, tools.core, pins);
  for (const entry of officers) await checkLogged(tools.core, watch, entry);
  await tools.pins.save(pins);
  return officers.map((entry) => ({ account: entry.account, recipient: entry.key.recipient }));
}
