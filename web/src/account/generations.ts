// An account's keys of all generations: what was sealed to, signed with or derived from an earlier one still counts.
import type { AccountKeys, Core, KeyPair } from '../crypto/core.ts';

/** All that may open a parcel, newest first. */
export function keyPairsOf(keys: AccountKeys): readonly KeyPair[] {
  return [keys, ...keys.former].filter((each) => each.identity !== '').map(({ identity, recipient }) => ({ identity, recipient }));
}

export function identitiesOf(keys: AccountKeys): readonly string[] {
  return keyPairsOf(keys).map((each) => each.identity);
}

export function signingKeysOf(keys: AccountKeys): readonly Uint8Array[] {
  return [keys, ...keys.former].map((each) => each.signingKey);
}

export function signingSeedOf(keys: AccountKeys, generation: number): Uint8Array {
  return keys.former[keys.generation - generation - 1]?.signingSeed ?? keys.signingSeed;
}

/** What signs what is handed in for one's own request, by the keys of whichever generation made it. */
export async function handInSigners(core: Core, keys: AccountKeys, request: string): Promise<readonly Uint8Array[]> {
  const signers = [keys, ...keys.former].map(async (each) => {
    const secret = await core.requestSecret(each.signingSeed, request);
    return (await core.requestManifestKey(secret, request)).publicKey;
  });
  return Promise.all(signers);
}
