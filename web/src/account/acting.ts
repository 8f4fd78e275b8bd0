// Acting: what an account's owner signs, and the chain of it (docs/formats/account.md, Acts;
// src/client/account/acting.h). The chain is followed from what this browser saw last, never from the
// server's word: an act or a slot that the account's keys didn't sign is an error.
import type { ApiClient, Asked } from '../api/client.ts';
import { fromBase64, toBase64 } from '../api/encoding.ts';
import { SealiftError } from '../api/error.ts';
import type { Act, EnrolmentOffer, FirstAct, NewSlot, NextAct, OperationName, Operations, Slot } from '../api/generated/types.ts';
import type { AccountAct, AccountKeys, Core } from '../crypto/core.ts';
import { judgeKeys, type ActPin, type Pins } from './pins.ts';

type ListedSlot = Pick<Slot, 'kind' | 'generation' | 'file'>;
type Path = Readonly<Record<string, string>>;

// After one of them, the key that signed it signs nothing more.
const publishesKeys: ReadonlySet<string> = new Set(['account.publish_key', 'account.rotate']);

export interface ActingTools {
  readonly api: ApiClient;
  readonly core: Core;
  readonly keys: AccountKeys;
  readonly account: string;
  readonly pins: Pins;
}

export class Acting {
  readonly #tools: ActingTools;
  #next: NextAct | undefined;
  /** The account's ways in, as follow() found them. */
  slots: readonly Slot[] = [];

  constructor(tools: ActingTools) {
    this.#tools = tools;
  }

  /** Throws damaged (the chain went back, or has what no key of the account signed), unauthorized (new keys). */
  async follow(): Promise<void> {
    const { api, core, keys, pins } = this.#tools;
    const pinned = pins.acts[keys.address];
    const acts = await this.#newActs(pinned === undefined ? 0 : pinned.revision - 1);
    if (acts.length === 0 && pinned === undefined) {
      // It began with 0.1.0, and its owner has signed nothing yet.
      this.slots = (await api.call('slot.list')).slots;
      return;
    }
    if (pinned !== undefined && acts[0]?.revision !== pinned.revision) throw contradiction("the account's acts went back");
    let at: ActPin = pinned ?? { revision: 0, digest: toBase64(new Uint8Array(32)) };
    let listed: string | undefined;
    let generationMin = 1;
    for (const act of acts) {
      if (act.generation < generationMin) throw contradiction('an act of the account is signed with a key that was replaced before');
      generationMin = act.generation + (publishesKeys.has(act.operation) ? 1 : 0);
      const { isGood, digest } = await core.checkAct(this.#actOf(act), fromBase64(act.signature), await this.#keyOf(act.generation));
      if (!isGood) throw contradiction('an act of the account has no signature of its keys');
      const isNext = act.revision === at.revision + 1 && act.previous === at.digest;
      const isPinned = act.revision === at.revision && toBase64(digest) === at.digest;
      if (!isNext && !isPinned) throw contradiction("the account's acts are not the ones seen before");
      at = { revision: act.revision, digest: toBase64(digest) };
      listed = act.slots;
    }
    this.slots = (await api.call('slot.list')).slots;
    if (listed !== (await slotsDigest(core, this.slots)))
      throw contradiction('the account has a way in that its owner never listed, or lacks one');
    pins.acts[keys.address] = at;
  }

  /** Asks as the owner; the slots become `after`, or stay as they are. Throws conflict: they were changed elsewhere. */
  async call<Name extends OperationName>(
    name: Name,
    asked: Asked<Name> = {},
    after?: readonly ListedSlot[],
  ): Promise<Operations[Name]['answer']> {
    await this.follow();
    const { api, core, keys, pins, account } = this.#tools;
    const at = pins.acts[keys.address] ?? { revision: 0, digest: toBase64(new Uint8Array(32)) };
    if (this.#next === undefined) throw new SealiftError('internal', 'no act to follow');
    const place: FirstAct = { ...this.#next, account, revision: at.revision + 1, previous: at.digest };
    const signed = await signAct(core, keys, name, asked, place, await slotsDigest(core, after ?? this.slots));
    const answer = await api.call(name, { ...asked, headers: { ...asked.headers, 'Sealift-Act': signed.field } });
    pins.acts[keys.address] = signed.pin;
    return answer;
  }

  /** Oldest first, from the one after `known` on. */
  async #newActs(known: number): Promise<Act[]> {
    const acts: Act[] = [];
    let before: string | undefined;
    for (;;) {
      const page = await this.#tools.api.call('act.list', { query: before === undefined ? {} : { before } });
      if (before === undefined) this.#next = page.next;
      for (const act of page.acts) {
        const last = acts.at(-1);
        if (last !== undefined && act.revision + 1 !== last.revision) throw contradiction('the server leaves acts out');
        if (act.revision <= known) break;
        acts.push(act);
      }
      const last = acts.at(-1);
      if (page.acts.length === 0 || last === undefined || last.revision <= known + 1) return acts.reverse();
      before = String(last.revision);
    }
  }

  async #keyOf(generation: number): Promise<Uint8Array> {
    const { api, core, keys, account } = this.#tools;
    if (generation === keys.generation) return keys.signingKey;
    if (generation > keys.generation) throw new SealiftError('unauthorized', "the account's keys were replaced");
    const { entries } = await api.call('directory.history', { path: { account } });
    const newest = await judgeKeys(core, undefined, entries);
    const entry = entries[generation - 1];
    if (newest.signingKey !== toBase64(keys.signingKey) || entry === undefined)
      throw contradiction('the directory has other keys of this account');
    return fromBase64(entry.key.signing_key);
  }

  #actOf(act: Act): AccountAct {
    return {
      account: this.#tools.account,
      generation: act.generation,
      operation: act.operation,
      target: act.target ?? '',
      body: fromBase64(act.body),
      revision: act.revision,
      previous: fromBase64(act.previous),
      slots: fromBase64(act.slots),
      challenge: fromBase64(act.challenge),
    };
  }
}

export interface SignedAct {
  /** Of the header Sealift-Act. */
  readonly field: string;
  readonly pin: ActPin;
}

/** An enrolment's act: the first of a new account, or the next of one that is entered again. Throws damaged. */
export async function signFirstAct(
  core: Core,
  keys: AccountKeys,
  offer: EnrolmentOffer,
  asked: Asked<'enrolment.take'>,
  slots: readonly NewSlot[],
  pins: Pins,
): Promise<SignedAct> {
  const { act, account } = offer;
  if (act === undefined) throw contradiction('the server names no act to begin with');
  const seen = pins.acts[offer.address]?.revision ?? 0;
  const isFirst = act.revision === 1 && act.previous === toBase64(new Uint8Array(32));
  const isKnown = account === undefined ? isFirst : act.revision > seen;
  if (!isKnown || (account !== undefined && account !== act.account))
    throw contradiction("the server names another place among the account's acts");
  return signAct(core, keys, 'enrolment.take', asked, act, await slotsDigest(core, slots));
}

async function signAct<Name extends OperationName>(
  core: Core,
  keys: AccountKeys,
  operation: Name,
  asked: Asked<Name>,
  place: FirstAct,
  slots: string,
): Promise<SignedAct> {
  const body = asked.body === undefined ? '' : JSON.stringify(asked.body);
  const target = Object.values((asked.path ?? {}) as Path)[0] ?? '';
  const act: AccountAct = {
    account: place.account,
    generation: keys.generation,
    operation,
    target,
    body: await core.digest(new TextEncoder().encode(body)),
    revision: place.revision,
    previous: fromBase64(place.previous),
    slots: fromBase64(slots),
    challenge: fromBase64(place.challenge),
  };
  const { field, digest } = await core.signAct(act, keys.signingSeed);
  return { field, pin: { revision: place.revision, digest: toBase64(digest) } };
}

/** As acts list them: without the officers' slot. */
async function slotsDigest(core: Core, slots: readonly ListedSlot[]): Promise<string> {
  const listed = slots.filter((each) => each.kind !== 'recovery');
  return toBase64(
    await core.slotsDigest(listed.map(({ kind, generation, file }) => ({ kind, generation, file: fromBase64(file) }))),
  );
}

function contradiction(text: string): SealiftError {
  return new SealiftError('damaged', text);
}
