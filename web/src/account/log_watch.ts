// LogWatch: follows one of a server's two logs, and refuses one that went back or forked, as the command line
// does (src/client/account/log_watch.h). The first checkpoint seen is taken as it is, with the key that
// the server names; every other one has to be of the same key and consistent with the newest pinned.
// A pin changes only after all of it was proved; its owner saves it.
import { ApiClient } from '../api/client.ts';
import { fromBase64, fromUtf8, toBase64 } from '../api/encoding.ts';
import { SealiftError } from '../api/error.ts';
import type { Checkpoint, Core, TreeHead } from '../crypto/core.ts';
import type { LogPin, Pins } from './pins.ts';

/** Of events, and of the directory (directory_watch.ts). */
export type ServerLog = 'events' | 'directory';

export class LogWatch {
  readonly #api: ApiClient;
  readonly #core: Core;
  readonly #pins: Pins;
  readonly #which: ServerLog;

  constructor(api: ApiClient, core: Core, pins: Pins, which: ServerLog = 'events') {
    this.#api = api;
    this.#core = core;
    this.#pins = pins;
    this.#which = which;
  }

  /** The newest checkpoint, accepted and pinned. Throws damaged, no_match, malformed, io. */
  async follow(): Promise<Checkpoint> {
    const key = await this.key();
    const note = fromUtf8(await this.#api.call(this.#which === 'events' ? 'log.checkpoint' : 'directory.checkpoint'));
    const checkpoint = await this.#core.openCheckpoint(note, key);
    const pin = this.#pin;
    if (pin !== undefined && checkpoint.size < pin.size)
      throw new SealiftError('damaged', "the server's log went back to an older state");
    await this.accept(checkpoint, note, key);
    await this.pinReopenKeys();
    return checkpoint;
  }

  /**
   * What may sign that the log goes back: as the server first names it, and kept, because a server that was broken into
   * may name others. A statement that is there already is of a restore from before this browser came.
   */
  async pinReopenKeys(): Promise<void> {
    const pin = this.#pins.log;
    if (this.#which !== 'events' || pin === undefined || pin.reopenKeys !== undefined) return;
    const { reopen_keys: reopenKeys = [], restore_statement: note = '' } = await this.#api.call('server.describe');
    if (reopenKeys.length === 0) return;
    const before = await this.#core.judgeRestore(note, { key: pin.key, size: Number.MAX_SAFE_INTEGER, restored: 0, reopenKeys });
    this.#pins.log = { ...pin, reopenKeys, ...(before === undefined ? {} : { restored: before.restored }) };
  }

  /**
   * The pin of a log that goes on from what a restore kept; from what was pinned, where the restore kept more. Throws
   * damaged: the log is another one, or shorter than its operator states.
   */
  async pinAfterRestore(pin: LogPin, kept: TreeHead, restored: number): Promise<LogPin> {
    const note = fromUtf8(await this.#api.call(this.#which === 'events' ? 'log.checkpoint' : 'directory.checkpoint'));
    const seen = await this.#core.openCheckpoint(note, pin.key);
    if (seen.size < kept.size)
      throw new SealiftError('damaged', "the server's log is shorter than its operator states");
    const from = pin.size < kept.size ? checkpointOf(pin) : { origin: pin.origin, ...kept };
    await this.#proveConsistent(from, seen);
    return { ...pin, size: seen.size, root: toBase64(seen.root), note, restored };
  }

  /** Judges an event's proof and the checkpoint in it. Throws as follow(). */
  async acceptProof(proof: string, salt: Uint8Array, event: Uint8Array): Promise<void> {
    if (this.#pin === undefined) await this.follow();
    const pin = this.#pin;
    if (pin === undefined) throw new SealiftError('internal', 'following pins the log');
    const seen = await this.#core.verifyProof(proof, salt, event, pin.key);
    await this.accept(seen, seen.note, pin.key);
  }

  /** Whether the log had this head once, by whose word soever. Throws as follow(). */
  async acceptHead(head: TreeHead): Promise<void> {
    if (this.#pin === undefined || this.#pin.size < head.size) await this.follow();
    const pin = this.#pin;
    if (pin === undefined || pin.size < head.size)
      throw new SealiftError('damaged', "the server's log is shorter than somebody else saw it");
    await this.accept({ origin: pin.origin, ...head }, '', pin.key);
  }

  /** Judges a checkpoint whose signature by `key` was verified. Throws damaged, io. */
  async accept(seen: Checkpoint, note: string, key: string): Promise<void> {
    const pin = this.#pin;
    if (pin === undefined) {
      this.#pin = pinned(seen, key, note);
      return;
    }
    const kept = checkpointOf(pin);
    if (seen.size === kept.size && toBase64(seen.root) !== pin.root)
      throw new SealiftError('damaged', "the server's log is not the one seen before: it has forked");
    if (seen.size < kept.size) await this.#proveConsistent(seen, kept);
    if (seen.size > kept.size) {
      await this.#proveConsistent(kept, seen);
      this.#pin = { ...pin, size: seen.size, root: toBase64(seen.root), note };
    }
  }

  /** The pinned one; or, the first time, the one that the server names. */
  async key(): Promise<string> {
    if (this.#pin !== undefined) return this.#pin.key;
    const server = await this.#api.call('server.describe');
    const isDirectory = this.#which === 'directory';
    const key = isDirectory ? (server.directory_key ?? '') : server.log_key;
    const origin = isDirectory ? `${this.#pins.log?.origin ?? server.log_origin}/directory` : server.log_origin;
    if (!key.startsWith(`${origin}+`))
      throw new SealiftError('malformed', "the log's key is not of the log's name");
    return key;
  }

  /** Empty: the server has no such file (a partial tile goes when the full one is there). */
  async tile(path: string): Promise<Uint8Array> {
    const asked = { path: { tile: path.replace(/^tile\//, '') } };
    try {
      if (this.#which === 'events') return await this.#api.call('log.tile', asked);
      return await this.#api.call('directory.tile', asked);
    } catch (error) {
      if (error instanceof SealiftError && error.code === 'not_found') return new Uint8Array();
      throw error;
    }
  }

  get #pin(): LogPin | undefined {
    return this.#which === 'events' ? this.#pins.log : this.#pins.directory;
  }
  set #pin(pin: LogPin) {
    if (this.#which === 'events') this.#pins.log = pin;
    else this.#pins.directory = pin;
  }

  // The core says which tiles it needs; they are fetched until it needs none.
  async #proveConsistent(older: Checkpoint, newer: Checkpoint): Promise<void> {
    const tiles = new Map<string, Uint8Array>();
    for (;;) {
      const needed = await this.#core.judgeConsistency(older, newer, tiles);
      if (needed.length === 0) return;
      for (const path of needed) {
        if (tiles.has(path)) throw new SealiftError('damaged', "a tile of the server's log is not one");
        tiles.set(path, await this.tile(path));
      }
    }
  }
}

function checkpointOf(pin: LogPin): Checkpoint {
  return { origin: pin.origin, size: pin.size, root: fromBase64(pin.root) };
}

function pinned(checkpoint: Checkpoint, key: string, note: string): LogPin {
  return { key, origin: checkpoint.origin, size: checkpoint.size, root: toBase64(checkpoint.root), note };
}
