// Core over a CoreModule: which operation each method is, and which fields it has (web/core).
// Runs in the thread of the module; core_pool.ts has it run in workers.
import type {
  AccountAct,
  AccountKeys,
  FormerKeys,
  Checkpoint,
  Core,
  DirectoryKey,
  Entry,
  KeyPair,
  Layout,
  LinkHalves,
  Manifest,
  MendedLink,
  Newcomer,
  OpenedManifest,
  Organisation,
  OwnParcel,
  Receipt,
  RestoreStatement,
  ServedParcel,
  TreeHead,
  Unlocking,
} from './core.ts';
import type { AnswerReader, CoreModule, Field } from './core_module.ts';
import { fromBase64, fromHex, fromUtf8, toBase64, toHex } from '../api/encoding.ts';

interface SigningKey {
  readonly seed: Uint8Array;
  readonly publicKey: Uint8Array;
}

/** Everything but close(), at once. */
export type CoreCalls = {
  readonly [Name in Exclude<keyof Core, 'close'>]: (...args: Parameters<Core[Name]>) => Awaited<ReturnType<Core[Name]>>;
};

export function makeCoreCalls(module: CoreModule): CoreCalls {
  const ask = (operation: string, ...fields: Field[]): AnswerReader => module.call(operation, fields);
  const bytes = (operation: string, ...fields: Field[]): Uint8Array => ask(operation, ...fields).bytes();
  const key = (operation: string, ...fields: Field[]): SigningKey => {
    const answer = ask(operation, ...fields);
    return { seed: answer.bytes(), publicKey: answer.bytes() };
  };
  return {
    generateAccountKeys: (address) => readKeys(ask('account.generate', address)),
    readAccountKeys: (keysFile) => readKeys(ask('account.read', keysFile)),
    parseAddress: (text) => ask('address.parse', text).text(),
    unlockWithPassword: (password, parameters, address) =>
      readUnlocking(ask('account.unlock_with_password', password, parameters, address)),
    unlockWithPaperKey: (typed, address) => readUnlocking(ask('account.unlock_with_paper_key', typed, address)),
    generatePaperKey: () => ask('paper_key.generate').text(),
    nextKeys: (keysFile) => readKeys(ask('account.next', keysFile)),
    endorsingKey: (endorser, address) => bytes('paper_key.endorsing_key', endorser, address),
    withoutEndorsing: (keysFile) => bytes('account.without_endorsing', keysFile),
    withEndorsing: (keysFile, endorser, address) => bytes('account.with_endorsing', keysFile, endorser, address),
    sealSlot: (keysFile, recipients) => bytes('slot.seal', keysFile, ...list(recipients)),
    openSlot: (slot, identity, address) => readKeys(ask('slot.open', slot, identity, address)),

    dealRecovery: (keysFile, account, threshold, officers) => {
      const answer = ask('recovery.deal', keysFile, account, threshold, ...list(officers));
      const [slot, half] = [answer.bytes(), answer.bytes()];
      return { slot, half, shares: Array.from({ length: answer.number() }, () => answer.bytes()) };
    },
    ownerOfShare: (share, identity) => ask('recovery.owner_of_share', share, identity).text(),
    resealShare: (share, identity, account, signingKeys, to) =>
      bytes('recovery.reseal', share, identity, account, signingKeys.length, ...signingKeys, to),
    openRecovery: (slot, half, identity, address, shares) => {
      const answer = ask('recovery.open', slot, half, identity, address, shares.length, ...shares);
      return { keysFile: answer.bytes(), wrongShares: answer.number() };
    },

    fingerprint: (recipient) => bytes('recipient.fingerprint', recipient),
    directoryKeyDigest: (directoryKey) => bytes('directory_key.digest', ...directoryFields(directoryKey)),
    endorse: (directoryKey, seed) => bytes('directory_key.endorse', ...directoryFields(directoryKey), seed),
    isEndorsed: (directoryKey, endorsement, before) =>
      ask('directory_key.is_endorsed', ...directoryFields(directoryKey), endorsement, before).number() === 1,
    countersign: (directoryKey, endorsing, endorser, address) =>
      bytes('directory_key.countersign', ...directoryFields(directoryKey), endorsing, endorser, address),
    isCountersigned: (directoryKey, endorsing, signature, before) =>
      ask('directory_key.is_countersigned', ...directoryFields(directoryKey), endorsing, signature, before).number() === 1,
    retire: (directoryKey, { size, root }, seed) => bytes('directory_key.retire', ...directoryFields(directoryKey), size, root, seed),
    readRetirement: (directoryKey, retirement) => {
      const answer = ask('directory_key.read_retirement', ...directoryFields(directoryKey), retirement);
      return { size: answer.number(), root: answer.bytes() };
    },

    signAct: (act, seed) => {
      const answer = ask('act.sign', ...actFields(act), seed);
      return { field: answer.text(), digest: answer.bytes() };
    },
    checkAct: (act, signature, key_) => {
      const answer = ask('act.check', ...actFields(act), signature, key_);
      return { isGood: answer.number() === 1, digest: answer.bytes() };
    },
    slotsDigest: (slots) => bytes('act.slots', slots.length, ...slots.flatMap(({ kind, generation, file }) => [kind, generation, file])),
    digest: (text) => bytes('bytes.digest', text),

    random: (size) => bytes('random.bytes', size),
    sealHeader: (fileKey, recipients) => bytes('header.seal', fileKey, ...list(recipients)),
    openContentHeader: (parcel, contentKey, header, identities) =>
      bytes('content.open', parcel, contentKey, header, ...list(identities)),
    widenHeaders: (served, own, newcomer) => {
      const answer = ask('parcel.widen', ...widenFields(served, own, newcomer));
      return { content: answer.bytes(), manifest: answer.bytes() };
    },
    layOut: (entries) => readLayout(ask('entries.lay_out', ...entriesFields(entries)), entries.length),
    treeDigest: (entries) => bytes('entries.digest', ...entriesFields(entries)),
    contentRoot: (leaves) => bytes('content.root', leaves),
    sealSmall: (text, recipients) => bytes('small.seal', text, ...list(recipients)),
    openSmall: (header, payload, identities) => bytes('small.open', header, payload, ...list(identities)),
    signManifest: (manifest, contentKey, manifestKey, seed) =>
      bytes('manifest.sign', contentKey, manifestKey, ...manifestFields(manifest), seed),
    sealManifest: (manifestKey, signed, recipients) => bytes('manifest.seal', manifestKey, signed, ...list(recipients)),
    openManifest: (parcel, header, payload, identities) =>
      readManifest(ask('manifest.open', parcel, header, payload, ...list(identities))),
    signReceipt: (receipt, seed) => ask('receipt.sign', ...receiptFields(receipt), seed).text(),
    readReceipt: (note, keys) => readReceipt(ask('receipt.read', note, keys.length, ...keys)),

    mendLink: (pasted) => readMended(ask('link.mend', pasted)),
    stretchPassphrase: (parcel, secret, passphrase) => bytes('link.stretch_passphrase', parcel, secret, passphrase),
    linkKeys: (halves) => readKeyPair(ask('link.keys', ...halvesFields(halves))),
    linkProofKey: (parcel, secret, stretched) => key('link.proof_key', parcel, secret, stretched),
    generateSigningKey: () => key('signing_key.generate'),
    signChallenge: (seed, challenge) => bytes('challenge.sign', seed, challenge),
    requestSecret: (seed, request) => bytes('request.secret', seed, request),
    requestProofKey: (secret, request) => key('request.proof_key', secret, request),
    requestManifestKey: (secret, request) => key('request.manifest_key', secret, request),
    sealTitle: (secret, request, title) => bytes('title.seal', secret, request, title),
    openTitle: (secret, request, sealed) => ask('title.open', secret, request, sealed).text(),

    openCheckpoint: (note, verifierKey) => readCheckpoint(ask('checkpoint.open', note, verifierKey)),
    verifyProof: (proof, salt, event, verifierKey) => {
      const answer = ask('proof.verify', proof, salt, event, verifierKey);
      return { ...readCheckpoint(answer), note: answer.text() };
    },
    judgeConsistency: (older, newer, tiles) => {
      const heads = [older.size, older.root, newer.size, newer.root];
      const answer = ask('consistency.judge', ...heads, tiles.size, ...[...tiles].flat());
      return answer.atEnd ? [] : [answer.text()];
    },
    judgeRestore: (note, seen) => {
      const answer = ask('restore.judge', note, seen.key, seen.size, seen.restored, ...list(seen.reopenKeys));
      return answer.atEnd ? undefined : readRestore(answer);
    },
    judgeOrganisation: (told, seen, named) => {
      const known = seen ?? { key: '', number: 0, digest: toBase64(new Uint8Array(32)) };
      const before = [known.key, known.number, fromBase64(known.digest)];
      const answer = ask('organisation.judge', told.key ?? '', told.set ?? '', ...before, named);
      return answer.atEnd ? undefined : readOrganisation(answer);
    },
    organisationFingerprint: (key) => ask('organisation.fingerprint', key).text(),
    firstOfDirectory: (head, tiles) => {
      const answer = ask('directory.read_first', head.size, head.root, tiles.size, ...[...tiles].flat());
      const needed = answer.text();
      return { needed, vrfKey: needed === '' ? answer.bytes() : new Uint8Array() };
    },
    openLookup: (lookup, verifierKey) => {
      const answer = ask('lookup.open', lookup, verifierKey);
      return { ...readCheckpoint(answer), note: answer.text() };
    },
    judgeLookup: (lookup, address, verifierKey, vrfKey, keys) => {
      const told = keys.flatMap((each) => [...directoryFields(each), each.opening]);
      ask('lookup.judge', lookup, address, verifierKey, vrfKey, keys.length, ...told);
    },
  };
}

function list(items: readonly string[]): Field[] {
  return [items.length, ...items];
}

function directoryFields(key: DirectoryKey): Field[] {
  return [key.account, key.generation, key.recipient, key.signingKey];
}

function actFields(act: AccountAct): Field[] {
  const target = act.target === '' ? new Uint8Array() : fromHex(act.target);
  return [act.account, act.generation, act.operation, target, act.body, act.revision, act.previous, act.slots, act.challenge];
}

function halvesFields(halves: LinkHalves): Field[] {
  return [halves.parcel, halves.secret, halves.serverHalf, halves.stretched];
}

export function entryFields(entry: Entry): Field[] {
  return [entry.path, entry.kind === 'folder' ? 1 : 0, entry.permissions, entry.modified, entry.size];
}

function entriesFields(entries: readonly Entry[]): Field[] {
  return [entries.length, ...entries.flatMap(entryFields)];
}

function manifestFields(manifest: Manifest): Field[] {
  const { policy } = manifest;
  return [
    manifest.parcel,
    manifest.created,
    manifest.senderAddress,
    manifest.recipients.length,
    ...manifest.recipients.flatMap((recipient) => [recipient.address, recipient.fingerprint, recipient.previous]),
    policy.expires,
    policy.opensMax,
    policy.needsPassphrase ? 1 : 0,
    manifest.note,
    manifest.payloadNonce,
    manifest.entries.length,
    ...manifest.entries.flatMap((entry) => [...entryFields(entry), entry.hash]),
  ];
}

function widenFields(served: ServedParcel, own: OwnParcel, newcomer: Newcomer): Field[] {
  return [
    served.parcel,
    served.manifestHeader,
    served.manifestPayload,
    served.contentHeader,
    ...list(own.identities),
    own.manifestSignedBy.length,
    ...own.manifestSignedBy,
    own.manifestHash,
    newcomer.address,
    newcomer.recipient,
    newcomer.by,
    newcomer.signingSeed,
    newcomer.created,
  ];
}

function receiptFields(receipt: Receipt): Field[] {
  return [receipt.parcel, receipt.opening, receipt.manifest, receipt.entries, receipt.received];
}

function readReceipt(answer: AnswerReader): Receipt {
  return {
    parcel: answer.text(),
    opening: answer.text(),
    manifest: answer.bytes(),
    entries: answer.number(),
    received: answer.number(),
  };
}

function readKeys(answer: AnswerReader): AccountKeys {
  return {
    address: answer.text(),
    generation: answer.number(),
    keysFile: answer.bytes(),
    identity: answer.text(),
    recipient: answer.text(),
    signingSeed: answer.bytes(),
    signingKey: answer.bytes(),
    former: Array.from({ length: answer.number() }, () => readFormer(answer)),
  };
}

function readFormer(answer: AnswerReader): FormerKeys {
  return { identity: answer.text(), recipient: answer.text(), signingSeed: answer.bytes(), signingKey: answer.bytes() };
}

function readUnlocking(answer: AnswerReader): Unlocking {
  return { authenticationKey: answer.bytes(), slotIdentity: answer.text(), slotRecipient: answer.text() };
}

function readMended(answer: AnswerReader): MendedLink {
  return {
    state: (['none', 'cut', 'whole'] as const)[answer.number()] ?? 'none',
    kind: (['parcel', 'request', 'enrolment'] as const)[answer.number()] ?? 'parcel',
    text: answer.text(),
    missing: answer.number(),
    wasSeen: answer.number() === 1,
  };
}

function readKeyPair(answer: AnswerReader): KeyPair {
  return { identity: answer.text(), recipient: answer.text() };
}

function readLayout(answer: AnswerReader, entries: number): Layout {
  const contentOffsets = Float64Array.from({ length: entries }, () => answer.number());
  return { contentOffsets, endOffset: answer.number(), size: answer.number() };
}

function readCheckpoint(answer: AnswerReader): Checkpoint {
  return { origin: answer.text(), size: answer.number(), root: answer.bytes() };
}

function readOrganisation(answer: AnswerReader): Organisation {
  const key = answer.text();
  const isKnown = answer.number() === 1;
  const number = answer.number();
  const digest = toBase64(answer.bytes());
  const needed = answer.number();
  const officers = Array.from({ length: answer.number() }, () => ({ account: toHex(answer.bytes()), recipient: answer.text() }));
  return { key, isKnown, number, digest, needed, officers };
}

function readHead(answer: AnswerReader): TreeHead {
  return { size: answer.number(), root: answer.bytes() };
}

function readRestore(answer: AnswerReader): RestoreStatement {
  return {
    kept: readHead(answer),
    keptDirectory: readHead(answer),
    backup: answer.number(),
    restored: answer.number(),
    lost: answer.number(),
  };
}

// As docs/formats/parcel.md has it. The core has checked every field before it gives the text away:
// what is read here is canonical JSON with integers only.
interface ManifestJson {
  readonly content: { readonly file_key: string; readonly nonce: string };
  readonly created: number;
  readonly entries: readonly {
    readonly hash: string;
    readonly kind: 'file' | 'folder';
    readonly modified: number;
    readonly offset: number;
    readonly path: string;
    readonly permissions: number;
    readonly size: number;
  }[];
  readonly note: string;
  readonly parcel: string;
  readonly policy: { readonly expires: number; readonly needs_passphrase: boolean; readonly opens_max: number };
  readonly recipients: readonly { readonly address: string; readonly fingerprint: string; readonly previous: string }[];
  readonly sender: { readonly address: string };
}

function readManifest(answer: AnswerReader): OpenedManifest {
  const signedBy = answer.bytes();
  const hash = answer.bytes();
  const json = JSON.parse(fromUtf8(answer.bytes())) as ManifestJson;
  const manifest: Manifest = {
    parcel: json.parcel,
    created: json.created,
    senderAddress: json.sender.address,
    recipients: json.recipients.map((each) => ({ ...each, fingerprint: fromHex(each.fingerprint) })),
    policy: {
      expires: json.policy.expires,
      opensMax: json.policy.opens_max,
      needsPassphrase: json.policy.needs_passphrase,
    },
    note: json.note,
    payloadNonce: fromHex(json.content.nonce),
    entries: json.entries.map((entry) => ({ ...entry, hash: fromHex(entry.hash) })),
  };
  const addenda = Array.from({ length: answer.number() }, () => ({
    address: answer.text(),
    fingerprint: answer.bytes(),
    by: answer.text(),
    signedBy: answer.bytes(),
    created: answer.number(),
  }));
  return { manifest, signedBy, hash, contentKey: fromHex(json.content.file_key), addenda };
}
