// The organisation's key, which says who gets shares of an account's recovery (src/parcel/organisation.h). The server tells it; it counts once a
// person knew its fingerprint: from their enrolment link, or by their yes. From then on nobody else gets a share.
import type { EnterTools } from './account.ts';
import type { Organisation, SeenOrganisation } from '../crypto/core.ts';
import type { OwnRecovery } from '../api/generated/types.ts';
import type { Officer } from './officers.ts';
import { recoveryThreshold } from './own_recovery.ts';

/**
 * `set`: of officers, as the server tells it. `named`: 32 hexadecimal digits that a link has, or "". undefined: there is no key, and none was
 * expected. Throws damaged: another key than is known, none, or an older set.
 */
export async function judgeOrganisation(tools: EnterTools, set: string | undefined, named: string): Promise<Organisation | undefined> {
  const { organisation: seen } = await tools.pins.load();
  const { organisation_key: key } = await tools.api.call('server.describe');
  return tools.core.judgeOrganisation({ key, set }, seen, named);
}

export function seenOf({ key, number, digest }: Organisation): SeenOrganisation {
  return { key, number, digest };
}

/** After its owner's yes, or where it is known. */
export async function pinOrganisation(tools: EnterTools, organisation: Organisation): Promise<void> {
  const pins = await tools.pins.load();
  pins.organisation = seenOf(organisation);
  await tools.pins.save(pins);
}

/** Of `officers`, those whom it names with just these keys; all of them where there is no organisation. */
export function signedOfficers(organisation: Organisation | undefined, officers: readonly Officer[]): readonly Officer[] {
  if (organisation === undefined) return officers;
  return officers.filter((each) =>
    organisation.officers.some((named) => named.account === each.account && named.recipient === each.recipient),
  );
}

/** How many have to agree: what it says, if that is more than `told`. */
export function thresholdOf(organisation: Organisation | undefined, told: number | undefined): number {
  return Math.max(recoveryThreshold(told), organisation?.needed ?? 0);
}

/** What the server says of an account's own recovery, with only the officers whom the organisation signed. */
export function keepSigned(organisation: Organisation | undefined, own: OwnRecovery): OwnRecovery {
  const signed = new Set(
    signedOfficers(
      organisation,
      own.officers.map((each) => ({ account: each.account, recipient: each.key.recipient })),
    ).map((each) => each.account),
  );
  return { ...own, officers: own.officers.filter((each) => signed.has(each.account)), threshold: thresholdOf(organisation, own.threshold) };
}
