// Entering an account, and what an entered account can do (src/client/account/entering.h). The server
// isn't believed: it never gets the password or anything that opens a slot; salt and cost are judged
// and compared with what was pinned, and so are the keys that come out of a slot.
//
//   const account = await logIn(tools, 'marie@example.org', password);
//   const page = await account.api.call('parcel.list_received');
//   await account.logOut();
//
// An Account lives in memory alone: closing or reloading the page forgets its keys. Unfinished sendings
// are kept (transfer/send.ts) and go on after the next login.
import { ApiClient, type Asked } from '../api/client.ts';
import { fromBase64, toBase64 } from '../api/encoding.ts';
import { SealiftError } from '../api/error.ts';
import { SessionProof } from '../api/session_proof.ts';
import type {
  Account as AccountRecord,
  Begun,
  DirectoryEntry,
  EnrolmentOffer,
  Key,
  Language,
  NewSlot,
  Opening,
  OperationName,
  Operations,
  OwnRecovery,
  Slot,
} from '../api/generated/types.ts';
import type { AccountKeys, Core, Endorser, Organisation, TreeHead, Unlocking } from '../crypto/core.ts';
import { Acting, signFirstAct } from './acting.ts';
import { DirectoryWatch } from './directory_watch.ts';
import { checkAgain, findKeys, fingerprintText, type FoundKeys, type KeyUse } from './key_finder.ts';
import { LogWatch } from './log_watch.ts';
import { mergePins, samePin, type KeyPin, type Pins, type PinStore, type SentPin } from './pins.ts';
import { judgeOfficers, type Dealing, type Officer } from './officers.ts';
import { judgeOrganisation, keepSigned, pinOrganisation, seenOf, signedOfficers, thresholdOf } from './organisation.ts';
import { recoverySlot, recoveryThreshold } from './own_recovery.ts';
import { judgeReceipt, type JudgedReceipt } from './receipts.ts';
import { eventBefore } from './retired_keys.ts';
import { closeRequests, rotateKeys, type Rotated, type RotationWish } from './rotating.ts';
import { checkNewPassword, slotFor, WaysIn, type PaperKeyDraft } from './ways_in.ts';

/** What entering needs; borrowed. */
export interface EnterTools {
  readonly api: ApiClient;
  readonly core: Core;
  readonly pins: PinStore;
}

export class Account {
  /** Asks with the session's right. */
  api: ApiClient;
  readonly core: Core;
  readonly keys: AccountKeys;
  #begun: Begun;
  readonly #store: PinStore;
  readonly #pins: Pins;
  #acting: Acting;

  constructor(tools: EnterTools, pins: Pins, begun: Begun, keys: AccountKeys, proof: SessionProof) {
    this.api = tools.api.with('session', begun.token, proof);
    this.core = tools.core;
    this.keys = keys;
    this.#begun = begun;
    this.#store = tools.pins;
    this.#pins = pins;
    this.#acting = this.#newActing();
  }

  get record(): AccountRecord {
    return this.#begun.account;
  }
  get sessionId(): string {
    return this.#begun.session.id;
  }
  /** When the session ends, in milliseconds since 1970. */
  get expires(): number {
    return this.#begun.session.expires;
  }

  /**
   * Takes over the session of the same account, entered again: what is under way goes on with it. False: it has other
   * keys by now.
   */
  renew(entered: Account): boolean {
    const isSame = this.record.id === entered.record.id && this.keys.identity === entered.keys.identity;
    if (!isSame || this.keys.generation !== entered.keys.generation) return false;
    mergePins(this.#pins, entered.#pins);
    this.api = entered.api;
    this.#begun = entered.#begun;
    this.#acting = this.#newActing();
    return true;
  }

  /** After something else in this browser saved pins. */
  async takePins(): Promise<void> {
    mergePins(this.#pins, await this.#store.load());
  }

  #newActing(): Acting {
    return new Acting({ api: this.api, core: this.core, keys: this.keys, account: this.record.id, pins: this.#pins });
  }

  /** For people to compare. */
  fingerprint(): Promise<string> {
    return fingerprintText(this.core, this.keys.recipient);
  }

  /** Somebody's keys, judged and pinned. Throws not_found when the address has no account. */
  async findKeys(typed: string, use: KeyUse = 'seal'): Promise<FoundKeys> {
    const address = await this.core.parseAddress(typed);
    const found = await findKeys(this.api, this.core, this.#pins, address, use);
    await this.#store.save(this.#pins);
    return found;
  }

  /**
   * Whether the directory and its log prove that it is the address of this account. Nothing is pinned: the key is still
   * shown as new when something is sent to it. Throws as findKeys() does.
   */
  async proves(typed: string, owner: string): Promise<boolean> {
    const address = await this.core.parseAddress(typed);
    const found = await findKeys(this.api, this.core, structuredClone(this.#pins), address, 'verify');
    return found.account === owner;
  }

  /** The reader has read that somebody has new keys. */
  async haveReadNewKeys(address: string): Promise<void> {
    const told = this.#pins.newKeys[address];
    if (told !== undefined) this.#pins.newKeys[address] = { ...told, isRead: true };
    await this.#store.save(this.#pins);
  }

  /** The log as this browser follows it. Throws damaged when it went back or forked. */
  async followLog(): Promise<{ readonly size: number; readonly origin: string }> {
    const checkpoint = await new LogWatch(this.api, this.core, this.#pins).follow();
    await this.#store.save(this.#pins);
    return checkpoint;
  }

  /** Checks the log's proof of one event that this account may see. Throws damaged; conflict: not in it yet. */
  async checkEvent(event: string): Promise<{ readonly index: number; readonly statement: Uint8Array }> {
    const proof = await this.api.call('log.prove', { path: { event } });
    const statement = fromBase64(proof.statement);
    await new LogWatch(this.api, this.core, this.#pins).acceptProof(proof.proof, fromBase64(proof.salt), statement);
    await this.#store.save(this.#pins);
    return { index: proof.index, statement };
  }

  /** An event that the log had at `last` already; undefined: nothing proves it. Throws damaged: another log than the one followed here. */
  async eventBefore(last: TreeHead, event: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    const found = await eventBefore(this.api, new LogWatch(this.api, this.core, this.#pins), last, event);
    await this.#store.save(this.#pins);
    return found;
  }

  async rememberSent(parcel: string, sent: SentPin): Promise<void> {
    this.#pins.sent[parcel] = sent;
    await this.#store.save(this.#pins);
  }

  /** Of a link that was made after the parcel was sent: what receipts of its openings are signed with. */
  async rememberLinkKey(parcel: string, link: string, key: string): Promise<void> {
    const sent = this.#pins.sent[parcel];
    // Of a parcel that was sent from elsewhere there is nothing to compare receipts with.
    if (sent === undefined) return;
    this.#pins.sent[parcel] = { ...sent, laterLinkKeys: { ...sent.laterLinkKeys, [link]: key } };
    await this.#store.save(this.#pins);
  }

  /** As this browser sent it. */
  sentPin(parcel: string): SentPin | undefined {
    return this.#pins.sent[parcel];
  }

  /** The newest parcel that was sent to an account from here; "" for none. */
  lastSentTo(account: string): string {
    return this.#pins.lastSent[account] ?? '';
  }

  async rememberLastSent(accounts: readonly string[], parcel: string): Promise<void> {
    for (const account of accounts) this.#pins.lastSent[account] = parcel;
    await this.#store.save(this.#pins);
  }

  hasReceived(parcel: string): boolean {
    return this.#pins.received[parcel] === true;
  }

  async rememberReceived(parcel: string): Promise<void> {
    this.#pins.received[parcel] = true;
    await this.#store.save(this.#pins);
  }

  /** Whether an opening of a parcel that this account sent was received. Throws damaged: the server lies. */
  async judgeReceipt(parcel: string, opening: Opening): Promise<JudgedReceipt> {
    const judged = await judgeReceipt({ api: this.api, core: this.core, pins: this.#pins }, parcel, opening);
    await this.#store.save(this.#pins);
    return judged;
  }

  /**
   * Whether the directory has these keys for this address, and still has those that were sealed to. Throws damaged:
   * it has others.
   */
  async lookAtDirectory(): Promise<void> {
    const own = await findKeys(this.api, this.core, this.#pins, this.keys.address, 'verify');
    if (own.account !== this.record.id || own.newest.generation !== this.keys.generation)
      throw contradiction('the directory has another key for this account');
    await checkAgain(this.api, this.core, this.#pins);
    await new LogWatch(this.api, this.core, this.#pins).pinReopenKeys();
    await this.#store.save(this.#pins);
  }

  /** Follows what the owner signed. Throws damaged: an act or a way in is there that the owner never signed. */
  async followActs(): Promise<void> {
    await this.#acting.follow();
    await this.#store.save(this.#pins);
  }

  /** Asks for what only the account's owner may, signed with its keys; its ways in stay as they are. */
  async act<Name extends OperationName>(name: Name, asked: Asked<Name> = {}): Promise<Operations[Name]['answer']> {
    const answer = await this.#acting.call(name, asked);
    await this.#store.save(this.#pins);
    return answer;
  }

  /** One's own recovery, with those officers alone whom the organisation's key signed, where it has one. Throws damaged. */
  async ownRecovery(): Promise<OwnRecovery> {
    const own = await this.api.call('recovery.read_own');
    return keepSigned(await this.#organisation(own), own);
  }

  /** Who gets shares of it, judged: their owner compares the keys, unless the organisation's key is known here. */
  async recoveryOfficers(own: OwnRecovery): Promise<Dealing> {
    const organisation = await this.#organisation(own);
    const again = async (): Promise<readonly DirectoryEntry[]> => (await this.api.call('recovery.read_own')).officers;
    const officers = signedOfficers(organisation, await judgeOfficers(this.#enterTools, own.officers, again));
    await this.takePins();
    return { officers, organisation, threshold: thresholdOf(organisation, own.threshold) };
  }

  /** After the owner's yes to what recoveryOfficers() gave. */
  async acceptOrganisation({ organisation }: Dealing): Promise<void> {
    if (organisation === undefined) return;
    await pinOrganisation(this.#enterTools, organisation);
    await this.takePins();
  }

  /** What an administrator hands to somebody new: it names the organisation's key, where it is known here. */
  async enrolmentLink(origin: string, token: string): Promise<string> {
    const { organisation } = this.#pins;
    const tail = organisation === undefined ? '' : `.${await this.core.organisationFingerprint(organisation.key)}`;
    return `${origin}/e#${token}${tail}`;
  }

  // What is known here, and was seen, isn't taken back.
  async #organisation(own: OwnRecovery): Promise<Organisation | undefined> {
    const organisation = await judgeOrganisation(this.#enterTools, own.officer_set, '');
    if (organisation?.isKnown === true) {
      await pinOrganisation(this.#enterTools, organisation);
      await this.takePins();
    }
    return organisation;
  }

  get #enterTools(): EnterTools {
    return { api: this.api, core: this.core, pins: this.#store };
  }

  /** Drafts of a new paper key and a new password. */
  get waysIn(): WaysIn {
    return new WaysIn({
      api: this.api,
      core: this.core,
      keys: this.keys,
      acting: this.#acting,
      parameters: () => loginParameters(this.api, this.#pins, this.keys.address),
    });
  }

  /** Whether that is what endorses the account's next keys, as far as this browser knows. Throws as core.endorsingKey(). */
  async isEndorsedBy(endorser: Endorser): Promise<boolean> {
    const pinned = this.#pins.keys[this.keys.address]?.endorsingKey;
    return pinned === undefined || pinned === toBase64(await this.core.endorsingKey(endorser, this.keys.address));
  }

  /**
   * New keys, and all other ways in, logins and tokens end. This page has the old keys: leave it, and log in again. False:
   * the keys are new, but requests are still open or the officers have no new shares.
   */
  async rotateKeys(wish: RotationWish): Promise<boolean> {
    const { api, core, keys } = this;
    const rotated = await rotateKeys(
      {
        api,
        core,
        keys,
        account: this.record.id,
        acting: this.#acting,
        parameters: () => loginParameters(api, this.#pins, keys.address),
        followLog: () => new LogWatch(api, core, this.#pins).follow(),
        endorsingKey: this.#pins.keys[keys.address]?.endorsingKey,
      },
      wish,
    );
    const { generation, recipient, signing_key: signingKey, endorsing_key: endorsingKey } = rotated.key;
    const pin = { account: this.record.id, generation, recipient, signingKey };
    this.#pins.keys[keys.address] = endorsingKey === undefined ? pin : { ...pin, endorsingKey };
    await this.#store.save(this.#pins);
    return this.#followRotation(rotated, wish).catch(() => false);
  }

  // With the next keys: what the old ones left open or dealt.
  async #followRotation({ next }: Rotated, { officers, threshold, paperKey }: RotationWish): Promise<boolean> {
    const { api, core } = this;
    await closeRequests(api, next.generation);
    if (officers.length >= threshold) {
      const keysFile = await core.withEndorsing(next.keysFile, paperKey, next.address);
      const slot = await recoverySlot(core, { ...next, keysFile }, this.record.id, officers, threshold);
      await new Acting({ api, core, keys: next, account: this.record.id, pins: this.#pins }).call('slot.add', { body: slot });
      await this.#store.save(this.#pins);
    }
    return true;
  }

  /** Once its owner has the paper key on paper: the draft becomes good, and what it replaces ends. */
  async adopt(draft: PaperKeyDraft): Promise<void> {
    await this.waysIn.adopt(draft);
    await this.#store.save(this.#pins);
  }

  async logOut(): Promise<void> {
    await this.api.call('session.end');
  }
}

export interface EnrolmentLink {
  readonly token: string;
  /** The fingerprint of the organisation's key, 32 hexadecimal digits; "" where the link names none. */
  readonly organisation: string;
}

/** What an enrolment link's fragment has, or the fragment itself (src/client/account/entering.h). Throws malformed. */
export function enrolmentLink(linkOrSecret: string): EnrolmentLink {
  const [, token, organisation = ''] = /^([A-Za-z0-9_-]{43})(?:\.([0-9a-f]{32}))?$/.exec(linkOrSecret.slice(linkOrSecret.indexOf('#') + 1)) ?? [];
  if (token === undefined) throw new SealiftError('malformed', 'this is no enrolment link');
  return { token, organisation };
}

/** Who would get shares of the new account, as its link and the server say. Throws damaged. */
export async function officersToEnrol(tools: EnterTools, { token, organisation: named }: EnrolmentLink, offer: EnrolmentOffer): Promise<Dealing> {
  const again = async (): Promise<readonly DirectoryEntry[]> => (await lookAtEnrolment(tools, token)).recovery_officers;
  const judged = await judgeOfficers(tools, offer.recovery_officers, again);
  const organisation = await judgeOrganisation(tools, offer.officer_set, named);
  const threshold = thresholdOf(organisation, offer.recovery_threshold);
  const officers = signedOfficers(organisation, judged);
  // Fewer than it takes get nothing.
  return { officers: officers.length < threshold ? [] : officers, organisation, threshold };
}

/** What the link is for, before anybody chooses a password. Throws not_found (used up or expired). */
export function lookAtEnrolment(tools: EnterTools, token: string): Promise<EnrolmentOffer> {
  return tools.api.call('enrolment.look', { body: { token } });
}

export interface EnrolmentChoice {
  readonly token: string;
  readonly offer: EnrolmentOffer;
  readonly password: string;
  readonly language: Language;
  /** Of judgeOfficers(), shown before: who gets shares of the recovery. Fewer than it takes get none. */
  readonly officers: readonly Officer[];
  /** How many of them it takes; at least what the offer says. */
  readonly threshold?: number;
  /** Their organisation, which is known from then on. */
  readonly organisation?: Organisation | undefined;
  /** The keys file of the account that the address has already (offer.account). */
  readonly recovered?: Uint8Array;
}

export interface Enrolled {
  readonly account: Account;
  /** To be printed or saved, once. */
  readonly paperKey: string;
}

/** Throws usage (a short password; keys missing or too many), unsupported, damaged, and the call's codes. */
export async function enrol(tools: EnterTools, choice: EnrolmentChoice): Promise<Enrolled> {
  const { core } = tools;
  const { offer } = choice;
  checkNewPassword(choice.password);
  if ((await core.parseAddress(offer.address)) !== offer.address)
    throw new SealiftError('malformed', "the link's address is not one");
  const pins = await tools.pins.load();
  judgeParameters(pins, offer.address, offer.parameters);
  // With the log, the reopen keys are pinned: an account may be lost in a restore before its first login.
  await new LogWatch(tools.api, core, pins).follow();
  if (offer.account === undefined)
    await new DirectoryWatch(tools.api, core, pins).judge(offer.lookup, offer.address, []);
  const keys = await keysToEnrol(core, choice);
  const password = await core.unlockWithPassword(choice.password, fromBase64(offer.parameters), offer.address);
  const paperKey = await core.generatePaperKey();
  const paper = await core.unlockWithPaperKey(paperKey, offer.address);
  const slots: NewSlot[] = [
    await slotFor(core, keys, password, 'password', offer.parameters),
    await slotFor(core, keys, paper, 'paper_key', ''),
  ];
  const isNew = offer.account === undefined && offer.act !== undefined;
  const threshold = Math.max(recoveryThreshold(offer.recovery_threshold), choice.threshold ?? 0);
  if (offer.recovery_threshold !== undefined && choice.officers.length >= threshold) {
    // What the officers bring back endorses the account's next keys too, as the paper key does; no other slot has that.
    const dealt = choice.recovered ?? (isNew ? await core.withEndorsing(keys.keysFile, paperKey, offer.address) : keys.keysFile);
    slots.push(await recoverySlot(core, { ...keys, keysFile: dealt }, offer.act.account, choice.officers, threshold));
  }
  const endorsing = isNew ? { endorsing_key: toBase64(await core.endorsingKey(paperKey, offer.address)) } : {};
  const key: Key = { ...(await keyToEnrol(core, keys, offer.account)), ...endorsing };
  const asked = { body: { token: choice.token, language: choice.language, key, slots } };
  const act = await signFirstAct(core, keys, offer, asked, slots, pins);
  const begun = await take(tools, { ...asked, headers: { 'Sealift-Act': act.field } }, offer.address, password);
  if (begun.account.address !== offer.address) throw contradiction('the server enrolled another address');
  judgeOwnKeys(pins, keys, begun.account.id, key.endorsing_key);
  pins.loginParameters[offer.address] = offer.parameters;
  pins.acts[offer.address] = act.pin;
  // Unknown, and with nobody shown: nobody has said yes to it.
  if (choice.organisation !== undefined && (choice.organisation.isKnown || choice.officers.length > 0)) pins.organisation = seenOf(choice.organisation);
  await tools.pins.save(pins);
  const proof = await proofOf(begun);
  return { account: new Account(tools, pins, begun, keys, proof), paperKey };
}

// The link works once. If it is used up and the password just chosen logs in, it was used by this very call, whose
// answer was lost.
async function take(tools: EnterTools, asked: Asked<'enrolment.take'>, address: string, password: Unlocking): Promise<Begun> {
  try {
    return await tools.api.call('enrolment.take', asked);
  } catch (error) {
    if (!(error instanceof SealiftError) || error.code !== 'not_found') throw error;
    const authentication_key = toBase64(password.authenticationKey);
    return tools.api.call('session.begin', { body: { address, authentication_key } }).catch(() => {
      throw error;
    });
  }
}

/** Throws unauthorized (a wrong address or password), damaged, unsupported, limit (too often). */
export async function logIn(tools: EnterTools, typedAddress: string, password: string): Promise<Account> {
  const address = await tools.core.parseAddress(typedAddress);
  const pins = await tools.pins.load();
  const parameters = await loginParameters(tools.api, pins, address);
  const unlocking = await tools.core.unlockWithPassword(password, fromBase64(parameters), address);
  const account = await begin(tools, pins, address, unlocking, 'password');
  // Pinned once it has worked: a server could name anything for an account that isn't there.
  pins.loginParameters[address] = parameters;
  await tools.pins.save(pins);
  return account;
}

/** Throws malformed when the paper key is mistyped, and as logIn(). */
export async function logInWithPaperKey(tools: EnterTools, typedAddress: string, typedKey: string): Promise<Account> {
  const address = await tools.core.parseAddress(typedAddress);
  const pins = await tools.pins.load();
  const unlocking = await tools.core.unlockWithPaperKey(typedKey, address);
  const account = await begin(tools, pins, address, unlocking, 'paper_key');
  await tools.pins.save(pins);
  return account;
}

async function begin(
  tools: EnterTools,
  pins: Pins,
  address: string,
  unlocking: Unlocking,
  kind: Slot['kind'],
): Promise<Account> {
  const begun = await tools.api.call('session.begin', {
    body: { address, authentication_key: toBase64(unlocking.authenticationKey) },
  });
  if (begun.account.address !== address) throw contradiction('the server logged another account in');
  const proof = await proofOf(begun);
  const { slots } = await tools.api.with('session', begun.token, proof).call('slot.list');
  const keys = await openOneOf(tools.core, slots, kind, unlocking, address);
  judgeOwnKeys(pins, keys, begun.account.id);
  const account = new Account(tools, pins, begun, keys, proof);
  await account.followActs();
  await account.lookAtDirectory();
  return account;
}

async function openOneOf(
  core: Core,
  slots: readonly Slot[],
  kind: Slot['kind'],
  unlocking: Unlocking,
  address: string,
): Promise<AccountKeys> {
  for (const slot of slots) {
    if (slot.kind !== kind) continue;
    try {
      const keys = await core.openSlot(fromBase64(slot.file), unlocking.slotIdentity, address);
      if (keys.generation !== slot.generation)
        throw contradiction('a slot of the account is of another generation than it says');
      return keys;
    } catch (error) {
      if (!(error instanceof SealiftError) || error.code !== 'no_match') throw error;
    }
  }
  throw contradiction('the server has no slot that this opens');
}

async function keysToEnrol(core: Core, choice: EnrolmentChoice): Promise<AccountKeys> {
  const { offer, recovered } = choice;
  if (offer.account === undefined && recovered === undefined) return core.generateAccountKeys(offer.address);
  if (recovered === undefined) throw new SealiftError('usage', 'the address has an account: its keys are needed');
  if (offer.account === undefined) throw new SealiftError('usage', 'the address has no account that keys could be of');
  const keys = await core.readAccountKeys(await core.withoutEndorsing(recovered));
  if (keys.address !== offer.address) throw new SealiftError('usage', "these keys are another address's");
  return keys;
}

async function keyToEnrol(core: Core, keys: AccountKeys, account: string | undefined) {
  const { generation, recipient, signingKey } = keys;
  const key = { generation, recipient, signing_key: toBase64(signingKey) };
  if (account === undefined) return key;
  // By itself: it shows that these are the account's keys.
  const endorsement = await core.endorse({ account, generation, recipient, signingKey }, keys.signingSeed);
  return { ...key, endorsement: toBase64(endorsement) };
}

async function loginParameters(api: ApiClient, pins: Pins, address: string): Promise<string> {
  const { parameters } = await api.call('session.prepare', { body: { address } });
  judgeParameters(pins, address, parameters);
  return parameters;
}

// A server that asks for another salt or cost than before wants to know a key that it could guess at.
function judgeParameters(pins: Pins, address: string, parameters: string): void {
  const pinned = pins.loginParameters[address];
  if (pinned !== undefined && pinned !== parameters)
    throw contradiction('the server wants the password hashed in another way than before');
}

function judgeOwnKeys(pins: Pins, keys: AccountKeys, account: string, endorsingKey?: string): void {
  const pinned = pins.keys[keys.address];
  const endorsing = endorsingKey ?? (pinned?.generation === keys.generation ? pinned.endorsingKey : undefined);
  const own: KeyPin = {
    account,
    generation: keys.generation,
    recipient: keys.recipient,
    signingKey: toBase64(keys.signingKey),
    ...(endorsing === undefined ? {} : { endorsingKey: endorsing }),
  };
  const isKnown =
    pinned === undefined ||
    (pinned.account === account &&
      own.generation >= pinned.generation &&
      (own.generation > pinned.generation || samePin(own, pinned)));
  if (!isKnown) throw contradiction("the account's keys are not the ones seen before");
  pins.keys[keys.address] = own;
}

async function proofOf(begun: Begun): Promise<SessionProof> {
  if (begun.key === undefined) throw contradiction('the server gave the login no key');
  return SessionProof.of(fromBase64(begun.key));
}

function contradiction(text: string): SealiftError {
  return new SealiftError('damaged', text);
}
