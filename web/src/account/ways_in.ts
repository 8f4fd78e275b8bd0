// WaysIn: what opens an account, as its owner changes it: a new paper key, or a new password with one.
//
//   const draft = await account.waysIn.draftPaperKey(password);   to be printed; nothing has changed
//   await account.adopt(draft);                                   its owner has it on paper
//
// A draft is of this page alone. Every change is an act that lists the slots after it (acting.ts).
import type { ApiClient } from '../api/client.ts';
import { fromBase64, toBase64 } from '../api/encoding.ts';
import { SealiftError } from '../api/error.ts';
import type { NewSlot } from '../api/generated/types.ts';
import type { AccountKeys, Core, Unlocking } from '../crypto/core.ts';
import type { Acting } from './acting.ts';

export const passwordBytesMin = 10;
export const passwordBytesMax = 1024;

/** What adopt() makes good. */
export interface PaperKeyDraft {
  readonly text: string;
  readonly slot: NewSlot;
  /** That begins with it. */
  readonly password?: PasswordDraft;
}

export interface PasswordDraft {
  /** Proves that its owner knows a way in. */
  readonly presentKey: string;
  readonly replacement: NewSlot;
}

export interface WaysInTools {
  readonly api: ApiClient;
  readonly core: Core;
  readonly keys: AccountKeys;
  readonly acting: Acting;
  /** Of the login, in base64, judged. */
  readonly parameters: () => Promise<string>;
}

export class WaysIn {
  readonly #tools: WaysInTools;

  constructor(tools: WaysInTools) {
    this.#tools = tools;
  }

  /**
   * A paper key to be printed. It opens nothing, and the old one stays good, until adopt(). Throws no_match when
   * `password` is not the account's.
   */
  async draftPaperKey(password: string): Promise<PaperKeyDraft> {
    await this.#needSlot('password', await this.#unlockWithPassword(password));
    return this.#draft();
  }

  /**
   * A new password, and a paper key to be printed; both begin with adopt(), which ends every other way in: slots,
   * logins and tokens. Throws no_match when `present` is not the password; usage: `next` is too short.
   */
  async draftPassword(present: string, next: string): Promise<PaperKeyDraft> {
    checkNewPassword(next);
    return this.#draftPassword('password', await this.#unlockWithPassword(present), next);
  }

  /** For somebody who logged in with the paper key, having lost the password. As draftPassword(). */
  async draftPasswordWithPaperKey(typedPaperKey: string, next: string): Promise<PaperKeyDraft> {
    checkNewPassword(next);
    const { core, keys } = this.#tools;
    return this.#draftPassword('paper_key', await core.unlockWithPaperKey(typedPaperKey, keys.address), next);
  }

  /** Once its owner has the paper key on paper: the draft becomes good, and what it replaces ends. */
  async adopt(draft: PaperKeyDraft): Promise<void> {
    const { acting } = this.#tools;
    await acting.follow();
    // The same slot is there when this is asked again after a lost answer.
    const isThere = acting.slots.some((each) => each.file === draft.slot.file);
    if (draft.password !== undefined) {
      if (!isThere) await this.#adoptPassword(draft.slot, draft.password);
    } else {
      await this.#adoptPaperKey(draft.slot, isThere);
    }
  }

  async #adoptPaperKey(slot: NewSlot, isThere: boolean): Promise<void> {
    const { acting } = this.#tools;
    if (!isThere) await acting.call('slot.add', { body: slot }, [...acting.slots, slot]);
    await acting.follow();
    // The old ones go once the new one is there: a lost connection leaves one too many, never none.
    for (const old of acting.slots) {
      if (old.kind !== 'paper_key' || old.file === slot.file) continue;
      const after = acting.slots.filter((each) => each.id !== old.id);
      await acting.call('slot.remove', { path: { slot: old.id } }, after);
      await acting.follow();
    }
  }

  async #adoptPassword(paperKey: NewSlot, password: PasswordDraft): Promise<void> {
    const { acting } = this.#tools;
    const { slots } = acting;
    const slot = slots.find((each) => each.kind === 'password');
    if (slot === undefined) throw new SealiftError('damaged', 'the account has no password');
    const others = slots.filter((each) => each.id !== slot.id && each.kind !== 'recovery');
    const body = {
      authentication_key: password.presentKey,
      slot: slot.id,
      expected_revision: slot.revision,
      replacement: password.replacement,
      ends: others.map((each) => each.id),
      paper_key: paperKey,
    };
    await acting.call('account.change_password', { body }, [password.replacement, paperKey]);
  }

  async #draft(): Promise<PaperKeyDraft> {
    const { core, keys } = this.#tools;
    const text = await core.generatePaperKey();
    const unlocking = await core.unlockWithPaperKey(text, keys.address);
    return { text, slot: await slotFor(core, keys, unlocking, 'paper_key', '') };
  }

  async #draftPassword(kind: 'password' | 'paper_key', present: Unlocking, next: string): Promise<PaperKeyDraft> {
    const { core, keys } = this.#tools;
    await this.#needSlot(kind, present);
    const parameters = await this.#tools.parameters();
    const replacement = await slotFor(core, keys, await this.#unlockWithPassword(next), 'password', parameters);
    return { ...(await this.#draft()), password: { presentKey: toBase64(present.authenticationKey), replacement } };
  }

  async #unlockWithPassword(password: string): Promise<Unlocking> {
    const { core, keys } = this.#tools;
    const parameters = await this.#tools.parameters();
    return core.unlockWithPassword(password, fromBase64(parameters), keys.address);
  }

  // One of the kind's slots, as the server has them, opens with it.
  async #needSlot(kind: 'password' | 'paper_key', unlocking: Unlocking): Promise<void> {
    const { api, core, keys } = this.#tools;
    const { slots } = await api.call('slot.list');
    for (const slot of slots) {
      if (slot.kind !== kind) continue;
      try {
        await core.openSlot(fromBase64(slot.file), unlocking.slotIdentity, keys.address);
        return;
      } catch (error) {
        if (!(error instanceof SealiftError) || error.code !== 'no_match') throw error;
      }
    }
    throw new SealiftError('no_match', 'the password or paper key is wrong');
  }
}

export async function slotFor(
  core: Core,
  keys: AccountKeys,
  unlocking: Unlocking,
  kind: 'password' | 'paper_key',
  parameters: string,
): Promise<NewSlot> {
  return {
    kind,
    generation: keys.generation,
    file: toBase64(await core.sealSlot(keys.keysFile, [unlocking.slotRecipient])),
    authentication: { kind: 'authentication_key', parameters, key: toBase64(unlocking.authenticationKey) },
  };
}

export function checkNewPassword(password: string): void {
  const size = new TextEncoder().encode(password).length;
  if (size < passwordBytesMin || size > passwordBytesMax)
    throw new SealiftError('usage', 'a password has 10 to 1024 bytes');
}
