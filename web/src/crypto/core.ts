// Core: what the C++ core (web/core, the same code as the command line's) does for the page. Every
// method runs in a worker; none touches the network, the disk or the document. A method that is given
// bytes copies them. Failures are SealiftErrors with the core's own codes.
//
// Keys cross this border as text and bytes because pages have no protected memory; nothing but the
// account and transfer modules holds them, and pages pass them on without looking.

/** An account's secrets: the keys file of docs/formats/account.md, and what follows from it. */
export interface AccountKeys {
  readonly address: string;
  readonly generation: number;
  readonly keysFile: Uint8Array;
  readonly identity: string;
  readonly recipient: string;
  readonly signingSeed: Uint8Array;
  readonly signingKey: Uint8Array;
  /** Of the generations before, newest first. */
  readonly former: readonly FormerKeys[];
}

/** Of a generation that was replaced. */
export interface FormerKeys {
  /** "" when it was erased, and the recipient too. */
  readonly identity: string;
  readonly recipient: string;
  readonly signingSeed: Uint8Array;
  readonly signingKey: Uint8Array;
}

export interface Unlocking {
  /** Goes to the server; opens nothing. */
  readonly authenticationKey: Uint8Array;
  /** Opens the slot; never leaves. */
  readonly slotIdentity: string;
  readonly slotRecipient: string;
}

export type EntryKind = 'file' | 'folder';

export interface Entry {
  readonly path: string;
  readonly kind: EntryKind;
  readonly permissions: number;
  /** Seconds since 1970. */
  readonly modified: number;
  readonly size: number;
}

export interface ManifestEntry extends Entry {
  /** Of the content, in the stream. */
  readonly offset: number;
  readonly hash: Uint8Array;
}

export interface ManifestRecipient {
  /** Empty for the holder of a link. */
  readonly address: string;
  readonly fingerprint: Uint8Array;
  /** The parcel that the sender's client sent to them before this one; empty: this is the first. */
  readonly previous: string;
}

export interface Manifest {
  readonly parcel: string;
  readonly created: number;
  /** Empty for an outsider. */
  readonly senderAddress: string;
  readonly recipients: readonly ManifestRecipient[];
  readonly policy: { readonly expires: number; readonly opensMax: number; readonly needsPassphrase: boolean };
  readonly note: string;
  readonly payloadNonce: Uint8Array;
  readonly entries: readonly ManifestEntry[];
}

/** The sender's signed word that somebody was added after the parcel was sent. */
export interface Addendum {
  readonly address: string;
  readonly fingerprint: Uint8Array;
  /** The address of who added them, and signs. */
  readonly by: string;
  readonly signedBy: Uint8Array;
  readonly created: number;
}

/** Of the parcel that was asked for, under the file key that it commits to. */
export interface OpenedManifest {
  readonly manifest: Manifest;
  readonly signedBy: Uint8Array;
  /** SHA-256 of the signed manifest, for the receipt. */
  readonly hash: Uint8Array;
  /** To the content's file key. */
  readonly contentKey: Uint8Array;
  readonly addenda: readonly Addendum[];
}

/** What a server gave of a parcel that is to get one recipient more; nothing of it is believed. */
export interface ServedParcel {
  readonly parcel: string;
  readonly manifestHeader: Uint8Array;
  readonly manifestPayload: Uint8Array;
  readonly contentHeader: Uint8Array;
}

/** What is known of it by ourselves. */
export interface OwnParcel {
  readonly identities: readonly string[];
  /** One of them signed the manifest: our own keys; of what was handed in to us, the request's. */
  readonly manifestSignedBy: readonly Uint8Array[];
  /** SHA-256 of the signed manifest as it was sent from here; empty: sent from elsewhere. */
  readonly manifestHash: Uint8Array;
}

export interface Newcomer {
  readonly address: string;
  readonly recipient: string;
  /** Who adds them. */
  readonly by: string;
  readonly signingSeed: Uint8Array;
  readonly created: number;
}

/** A recipient's signed word that all of a parcel came and was verified. */
export interface Receipt {
  readonly parcel: string;
  readonly opening: string;
  /** SHA-256 of the signed manifest. */
  readonly manifest: Uint8Array;
  readonly entries: number;
  /** Milliseconds since 1970, by the receiver's clock. */
  readonly received: number;
}

export interface Layout {
  /** Of each entry's content, from the start of the tar stream. */
  readonly contentOffsets: Float64Array;
  readonly endOffset: number;
  /** Of the stream, padded. */
  readonly size: number;
}

/** The two halves of a link, and the passphrase where there is one. */
export interface LinkHalves {
  readonly parcel: string;
  readonly secret: Uint8Array;
  readonly serverHalf: Uint8Array;
  /** Of stretchPassphrase(). */
  readonly stretched: Uint8Array;
}

export interface MendedLink {
  /** cut: its end is missing, or was changed to capitals. */
  readonly state: 'none' | 'cut' | 'whole';
  readonly kind: 'parcel' | 'request' | 'enrolment';
  /** Of a whole one: as it was sent. */
  readonly text: string;
  /** Of a cut one: characters at its end. */
  readonly missing: number;
  /** Servers on its way could read its secret. */
  readonly wasSeen: boolean;
}

export interface KeyPair {
  readonly identity: string;
  readonly recipient: string;
}

export interface DirectoryKey {
  readonly account: string;
  readonly generation: number;
  readonly recipient: string;
  readonly signingKey: Uint8Array;
}

/** A generation of an account's keys, with what opens the directory's commitment to it; empty: none was sent. */
export interface ToldKey extends DirectoryKey {
  readonly opening: Uint8Array;
}

/** What an account's owner signs: docs/formats/account.md, Acts. */
export interface AccountAct {
  readonly account: string;
  readonly generation: number;
  readonly operation: string;
  /** An id, or empty. */
  readonly target: string;
  readonly body: Uint8Array;
  readonly revision: number;
  readonly previous: Uint8Array;
  readonly slots: Uint8Array;
  readonly challenge: Uint8Array;
}

export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

/** What a browser remembers of a log. */
export interface SeenLog {
  /** The log's verifier key. */
  readonly key: string;
  readonly size: number;
  /** When the newest restore that it knows of took place, in milliseconds since 1970. */
  readonly restored: number;
  readonly reopenKeys: readonly string[];
}

export interface TreeHead {
  readonly size: number;
  readonly root: Uint8Array;
}

/** What a server's operator signs of a restore: how much of both logs it kept, and what it lost. */
export interface RestoreStatement {
  readonly kept: TreeHead;
  readonly keptDirectory: TreeHead;
  /** When the backup was made, in milliseconds since 1970. */
  readonly backup: number;
  readonly restored: number;
  /** Parcels whose bytes the backup did not have. */
  readonly lost: number;
}

export interface DealtShares {
  readonly slot: Uint8Array;
  /** The server's, which gives it out late. */
  readonly half: Uint8Array;
  /** In the order of the officers. */
  readonly shares: readonly Uint8Array[];
}

export interface RecoveredKeys {
  readonly keysFile: Uint8Array;
  readonly wrongShares: number;
}

/** Another text was sealed under this key before: nothing more may leave under it. */
export type JournalJudgement = 'new' | 'same' | 'changed';

/** A paper key as typed, or the text of the keys file that recovery officers brought back. */
export type Endorser = string;

export interface ToldOrganisation {
  readonly key: string | undefined;
  readonly set: string | undefined;
}

/** Of a key that a person knew by its fingerprint. */
export interface SeenOrganisation {
  /** As a signed note's verifier key. */
  readonly key: string;
  /** Of the newest set of officers; 0: none yet. */
  readonly number: number;
  /** Of that set, base64. */
  readonly digest: string;
}

export interface Organisation extends SeenOrganisation {
  readonly isKnown: boolean;
  /** How many officers have to agree. */
  readonly needed: number;
  readonly officers: readonly { readonly account: string; readonly recipient: string }[];
}

export interface Core {
  // --- accounts ---
  generateAccountKeys(address: string): Promise<AccountKeys>;
  readAccountKeys(keysFile: Uint8Array): Promise<AccountKeys>;
  /** The one spelling of an address. Throws malformed. */
  parseAddress(text: string): Promise<string>;
  /** Half a second, on purpose. Throws unsupported when the server names a cost that is too low or too high. */
  unlockWithPassword(password: string, parameters: Uint8Array, address: string): Promise<Unlocking>;
  unlockWithPaperKey(typed: string, address: string): Promise<Unlocking>;
  generatePaperKey(): Promise<string>;
  /** The next generation, with these as its former keys. */
  nextKeys(keysFile: Uint8Array): Promise<AccountKeys>;
  /** The public half of what endorses the account's next keys. Throws usage: a keys file that endorses none of this account. */
  endorsingKey(endorser: Endorser, address: string): Promise<Uint8Array>;
  /** A keys file that has it: for recovery alone. */
  withEndorsing(keysFile: Uint8Array, endorser: Endorser, address: string): Promise<Uint8Array>;
  /** Of what recovery brought back, for every other use. */
  withoutEndorsing(keysFile: Uint8Array): Promise<Uint8Array>;
  sealSlot(keysFile: Uint8Array, recipients: readonly string[]): Promise<Uint8Array>;
  /** Throws no_match when the slot is for another identity. */
  openSlot(slot: Uint8Array, identity: string, address: string): Promise<AccountKeys>;

  // --- recovery in shares (docs/formats/account.md) ---
  /** The account's keys in shares for `officers`, of whom `threshold` are needed. Throws usage: there are fewer. */
  dealRecovery(keysFile: Uint8Array, account: string, threshold: number, officers: readonly string[]): Promise<DealtShares>;
  /** Whose an officer's own share is. Throws no_match (not this officer's), malformed. */
  ownerOfShare(share: Uint8Array, identity: string): Promise<string>;
  /** The share, sealed to `to` instead. Throws damaged: no key of `signingKeys` dealt it, or it is another account's. */
  resealShare(share: Uint8Array, identity: string, account: string, signingKeys: readonly Uint8Array[], to: string): Promise<Uint8Array>;
  /** The keys file. Throws no_match: the shares are too few, or for another key. */
  openRecovery(slot: Uint8Array, half: Uint8Array, identity: string, address: string, shares: readonly Uint8Array[]): Promise<RecoveredKeys>;

  // --- keys of others ---
  /** SHA-256 of a recipient's text. Throws malformed when it is none. */
  fingerprint(recipient: string): Promise<Uint8Array>;
  directoryKeyDigest(key: DirectoryKey): Promise<Uint8Array>;
  endorse(key: DirectoryKey, signingSeed: Uint8Array): Promise<Uint8Array>;
  isEndorsed(key: DirectoryKey, endorsement: Uint8Array, generationBefore: Uint8Array): Promise<boolean>;
  /** `endorsing`: what endorses from that generation on; the endorser's is the one before. */
  countersign(key: DirectoryKey, endorsing: Uint8Array, endorser: Endorser, address: string): Promise<Uint8Array>;
  isCountersigned(key: DirectoryKey, endorsing: Uint8Array, signature: Uint8Array, endorsingBefore: Uint8Array): Promise<boolean>;
  /** What new keys say of where in the log the ones before end; signed by the new ones (docs/decisions/0215). */
  retire(key: DirectoryKey, end: TreeHead, signingSeed: Uint8Array): Promise<Uint8Array>;
  /** Throws damaged: not signed with that key. */
  readRetirement(key: DirectoryKey, retirement: Uint8Array): Promise<TreeHead>;

  // --- acts ---
  /** The field that goes with the request, and the act's digest. */
  signAct(act: AccountAct, signingSeed: Uint8Array): Promise<{ readonly field: string; readonly digest: Uint8Array }>;
  checkAct(act: AccountAct, signature: Uint8Array, key: Uint8Array): Promise<{ readonly isGood: boolean; readonly digest: Uint8Array }>;
  slotsDigest(slots: readonly { readonly kind: string; readonly generation: number; readonly file: Uint8Array }[]): Promise<Uint8Array>;
  /** SHA-256. */
  digest(bytes: Uint8Array): Promise<Uint8Array>;

  // --- parcels ---
  random(size: number): Promise<Uint8Array>;
  sealHeader(fileKey: Uint8Array, recipients: readonly string[]): Promise<Uint8Array>;
  /** The content's file key. Throws no_match, malformed, damaged (also: not the one that was committed to). */
  openContentHeader(
    parcel: string,
    contentKey: Uint8Array,
    header: Uint8Array,
    identities: readonly string[],
  ): Promise<Uint8Array>;
  /**
   * Both headers for one recipient more, with an addendum that names them. Nothing is sealed again that was not
   * authenticated before. Throws damaged (not our parcel, or another's header), no_match, malformed, usage.
   */
  widenHeaders(
    served: ServedParcel,
    own: OwnParcel,
    newcomer: Newcomer,
  ): Promise<{ readonly content: Uint8Array; readonly manifest: Uint8Array }>;
  layOut(entries: readonly Entry[]): Promise<Layout>;
  /** SHA-256 over the tar headers of all entries: whether two lists of files are the same. */
  treeDigest(entries: readonly Entry[]): Promise<Uint8Array>;
  /** The root over the leaves of one entry, 32 bytes each. */
  contentRoot(leaves: Uint8Array): Promise<Uint8Array>;
  /** A whole small age file. */
  sealSmall(text: Uint8Array, recipients: readonly string[]): Promise<Uint8Array>;
  openSmall(header: Uint8Array, payload: Uint8Array, identities: readonly string[]): Promise<Uint8Array>;
  /** With commitments to the file keys of content and manifest. */
  signManifest(manifest: Manifest, contentKey: Uint8Array, manifestKey: Uint8Array, signingSeed: Uint8Array): Promise<Uint8Array>;
  /** A whole age file under the manifest's file key. */
  sealManifest(manifestKey: Uint8Array, signed: Uint8Array, recipients: readonly string[]): Promise<Uint8Array>;
  /**
   * Throws damaged (a wrong signature; another parcel's; under a key that it doesn't commit to), no_match,
   * malformed when it is not to the letter.
   */
  openManifest(parcel: string, header: Uint8Array, payload: Uint8Array, identities: readonly string[]): Promise<OpenedManifest>;
  signReceipt(receipt: Receipt, signingSeed: Uint8Array): Promise<string>;
  /** A receipt that one of `keys` signed. Throws no_match when none did, malformed. */
  readReceipt(note: string, keys: readonly Uint8Array[]): Promise<Receipt>;

  /** What a server tells of the organisation's key, judged by what was seen and by a fingerprint that a person gave. Throws damaged. */
  judgeOrganisation(told: ToldOrganisation, seen: SeenOrganisation | undefined, named: string): Promise<Organisation | undefined>;
  /** 32 hexadecimal digits. */
  organisationFingerprint(key: string): Promise<string>;

  // --- links and file requests ---
  /** What a mail program made of a link, put right; from any text that it is in. */
  mendLink(pasted: string): Promise<MendedLink>;
  /** Nothing of nothing; else about a second of scrypt. Case, spaces and dashes don't count. */
  stretchPassphrase(parcel: string, secret: Uint8Array, passphrase: string): Promise<Uint8Array>;
  linkKeys(halves: LinkHalves): Promise<KeyPair>;
  /** Proves the secret and the passphrase. */
  linkProofKey(parcel: string, secret: Uint8Array, stretched: Uint8Array): Promise<{ readonly seed: Uint8Array; readonly publicKey: Uint8Array }>;
  generateSigningKey(): Promise<{ readonly seed: Uint8Array; readonly publicKey: Uint8Array }>;
  signChallenge(signingSeed: Uint8Array, challenge: Uint8Array): Promise<Uint8Array>;
  requestSecret(signingSeed: Uint8Array, request: string): Promise<Uint8Array>;
  requestProofKey(secret: Uint8Array, request: string): Promise<{ readonly seed: Uint8Array; readonly publicKey: Uint8Array }>;
  /** What the manifest of everything that is handed in is signed with. */
  requestManifestKey(secret: Uint8Array, request: string): Promise<{ readonly seed: Uint8Array; readonly publicKey: Uint8Array }>;
  sealTitle(secret: Uint8Array, request: string, title: string): Promise<Uint8Array>;
  openTitle(secret: Uint8Array, request: string, sealed: Uint8Array): Promise<string>;

  // --- the log ---
  /** Throws damaged or no_match when the note is not of the key. */
  openCheckpoint(note: string, verifierKey: string): Promise<Checkpoint>;
  /** The checkpoint in a proof, after the event was found to be in its tree. Throws damaged. */
  verifyProof(proof: string, salt: Uint8Array, event: Uint8Array, verifierKey: string): Promise<Checkpoint & { readonly note: string }>;
  /** The tiles that are still needed to judge whether `newer` continues `older`; none: it does. Throws damaged. */
  judgeConsistency(older: Checkpoint, newer: Checkpoint, tiles: ReadonlyMap<string, Uint8Array>): Promise<readonly string[]>;
  /** A statement by a pinned reopen key, of this log, new, of no more than was seen; undefined: any other note. */
  judgeRestore(note: string, seen: SeenLog): Promise<RestoreStatement | undefined>;
  /** The VRF's key that entry 0 of a directory's log names, or the tile that is still needed for it. Throws damaged. */
  firstOfDirectory(
    head: Checkpoint,
    tiles: ReadonlyMap<string, Uint8Array>,
  ): Promise<{ readonly needed: string; readonly vrfKey: Uint8Array }>;
  /** The checkpoint in a lookup, of which nothing but the signature is judged. */
  openLookup(lookup: string, verifierKey: string): Promise<Checkpoint & { readonly note: string }>;
  /** Whether the directory has just these keys of the address, oldest first; none: nobody's. Throws damaged, conflict. */
  judgeLookup(
    lookup: string,
    address: string,
    verifierKey: string,
    vrfKey: Uint8Array,
    keys: readonly ToldKey[],
  ): Promise<void>;

  /** Ends all workers. */
  close(): void;
}
