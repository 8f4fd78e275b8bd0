// Keys that an account has replaced: what they signed counts if the log had it before (docs/decisions/0215;
// src/client/account/retired_keys.h, src/client/transfer/judge_signer.h).
import type { ApiClient } from '../api/client.ts';
import { fromBase64, fromUtf8 } from '../api/encoding.ts';
import { SealiftError } from '../api/error.ts';
import type { DirectoryEntry } from '../api/generated/types.ts';
import type { Core, TreeHead } from '../crypto/core.ts';
import type { FoundKeys } from './key_finder.ts';
import type { LogWatch } from './log_watch.ts';
import { toldBy } from './pins.ts';

const retirementSize = 104;

/** What an entry's event says of the generations before it. Throws damaged: not signed with the entry's key. */
export async function retirementOf(core: Core, entry: DirectoryEntry): Promise<TreeHead | undefined> {
  const told = toldBy(entry, 'retirement', retirementSize);
  if (told === undefined) return undefined;
  const { generation, recipient, signing_key: signingKey } = entry.key;
  return core.readRetirement({ account: entry.account, generation, recipient, signingKey: fromBase64(signingKey) }, told);
}

/**
 * The log in which everything stands that counts of what `key` (base64) signed; undefined: it is the newest, and all
 * counts. Throws damaged: none of their keys, or keys that follow it don't say.
 */
export function lastLogOf({ keys, retirements }: Pick<FoundKeys, 'keys' | 'retirements'>, key: string): TreeHead | undefined {
  const at = keys.map((each) => each.signing_key).lastIndexOf(key);
  if (at < 0) throw new SealiftError('damaged', 'the parcel is not signed by whom it names as sender');
  return retirements.slice(at + 1).reduce<TreeHead | undefined>((last, here) => {
    if (here === undefined) throw new SealiftError('damaged', "the sender's keys were replaced, and the new ones don't say when");
    return last === undefined || here.size < last.size ? here : last;
  }, undefined);
}

/** The event, which the log that `watch` follows had at `last` already; undefined: nothing proves it. Throws damaged. */
export async function eventBefore(
  api: ApiClient,
  watch: LogWatch,
  last: TreeHead,
  event: string,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  await watch.acceptHead(last);
  try {
    const proof = await api.call('log.prove', { path: { event } });
    const statement = fromBase64(proof.statement);
    await watch.acceptProof(proof.proof, fromBase64(proof.salt), statement);
    const index = /^index (\d+)$/m.exec(proof.proof)?.[1];
    if (index === undefined || Number(index) >= last.size) return undefined;
    const told: unknown = JSON.parse(fromUtf8(statement));
    return typeof told === 'object' && told !== null ? (told as Record<string, unknown>) : undefined;
  } catch (error) {
    const isWithheld = error instanceof SealiftError && (error.code === 'not_found' || error.code === 'conflict');
    if (isWithheld) return undefined;
    throw error;
  }
}
