// Restores: a server whose log or directory went back behind what this browser saw, because it was restored from a
// backup. Only its operator can show that it was no break-in, with a key that isn't on the machine: the core judges the
// signed statement as the command line does (src/log/restore_statement.h), a person reads it, and their yes moves
// the pins of the two logs. What was pinned of people's keys stays.
import type { EnterTools } from './account.ts';
import { SealiftError } from '../api/error.ts';
import { LogWatch, type ServerLog } from './log_watch.ts';
import type { LogPin, Pins } from './pins.ts';

/** What a person is asked about. */
export interface StatedRestore {
  /** As the operator signed it. */
  readonly note: string;
  /** Of the log's entries. */
  readonly kept: number;
  /** By this browser. */
  readonly seen: number;
  /** When the backup was made, and put back; milliseconds since 1970. */
  readonly backup: number;
  readonly restored: number;
  /** Parcels whose bytes the backup did not have. */
  readonly lost: number;
}

/**
 * What the operator states of a server that went back; undefined: it did not, or there is no statement that counts (none;
 * by a key that was not pinned; of a restore that is known). Changes nothing. Throws damaged (the logs are not what the
 * statement kept), and the calls' codes.
 */
export async function findRestore(tools: EnterTools): Promise<StatedRestore | undefined> {
  const pins = await tools.pins.load();
  if (pins.log?.reopenKeys === undefined) return undefined;
  const { restore_statement: note } = await tools.api.call('server.describe');
  if (note === undefined) return undefined;
  const found = await judge(tools, pins, pins.log, note);
  if (found === undefined || !(await hasGoneBack(tools, pins))) return undefined;
  return found.stated;
}

/** After a person's yes to what findRestore() gave. Throws as it, and damaged: the statement no longer counts. */
export async function acceptRestore(tools: EnterTools, { note, restored }: StatedRestore): Promise<void> {
  const pins = await tools.pins.load();
  // By another tab.
  if (pins.log?.restored === restored) return;
  const found = pins.log === undefined ? undefined : await judge(tools, pins, pins.log, note);
  if (found === undefined) throw new SealiftError('damaged', 'the statement of the restore does not count');
  pins.log = found.log;
  if (found.directory !== undefined) pins.directory = found.directory;
  // Some of them may be lost with it: who is sealed to next is judged then. So are one's own acts.
  pins.toCheckAgain = {};
  pins.acts = {};
  await tools.pins.save(pins);
}

interface JudgedRestore {
  readonly stated: StatedRestore;
  readonly log: LogPin;
  readonly directory: LogPin | undefined;
}

async function judge({ api, core }: EnterTools, pins: Pins, pin: LogPin, note: string): Promise<JudgedRestore | undefined> {
  const { key, size, restored: known = 0, reopenKeys = [] } = pin;
  const statement = await core.judgeRestore(note, { key, size, restored: known, reopenKeys });
  if (statement === undefined) return undefined;
  const { kept, keptDirectory, backup, restored, lost } = statement;
  const log = await new LogWatch(api, core, pins).pinAfterRestore(pin, kept, restored);
  const watch = new LogWatch(api, core, pins, 'directory');
  const directory = pins.directory && (await watch.pinAfterRestore(pins.directory, keptDirectory, restored));
  return { stated: { note, kept: kept.size, seen: size, backup, restored, lost }, log, directory };
}

// A statement is about a log that went back: of one that continues what was seen, nobody is asked to accept less.
async function hasGoneBack({ api, core }: EnterTools, pins: Pins): Promise<boolean> {
  const logs: readonly ServerLog[] = pins.directory === undefined ? ['events'] : ['events', 'directory'];
  for (const which of logs) {
    try {
      await new LogWatch(api, core, { ...pins }, which).follow();
    } catch (error) {
      if (error instanceof SealiftError && error.code === 'damaged') return true;
      throw error;
    }
  }
  return false;
}
