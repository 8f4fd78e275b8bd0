// DirectoryWatch: whether what a server says of an address is what its directory says to everybody
// (src/client/account/directory_watch.h, docs/formats/directory.md). The directory's log is followed as the
// server's own is; with its first checkpoint the VRF's key is pinned, out of entry 0.
import { ApiClient } from '../api/client.ts';
import { fromBase64, toBase64 } from '../api/encoding.ts';
import { SealiftError } from '../api/error.ts';
import type { DirectoryEntry } from '../api/generated/types.ts';
import type { Checkpoint, Core, ToldKey } from '../crypto/core.ts';
import { LogWatch } from './log_watch.ts';
import type { Pins } from './pins.ts';

export class DirectoryWatch {
  readonly #core: Core;
  readonly #pins: Pins;
  readonly #watch: LogWatch;

  constructor(api: ApiClient, core: Core, pins: Pins) {
    this.#core = core;
    this.#pins = pins;
    this.#watch = new LogWatch(api, core, pins, 'directory');
  }

  /**
   * Whether the newest map has just these keys of the address, oldest first. None: nobody published any for it; then
   * conflict is that somebody did. Throws damaged (a proof is wrong or missing, or the log isn't the one seen before),
   * conflict (the directory doesn't have the newest yet), no_match, malformed, io.
   */
  async judge(lookup: string | undefined, address: string, entries: readonly DirectoryEntry[]): Promise<void> {
    if (lookup === undefined)
      throw new SealiftError('damaged', 'the server gives no proof of what its directory has');
    const key = await this.#watch.key();
    const seen = await this.#core.openLookup(lookup, key);
    const pin = this.#pins.directory;
    // An older map than the one seen has an older answer: the newest is asked for, and nothing else.
    if (pin !== undefined && seen.size < pin.size)
      throw new SealiftError('damaged', "the server's directory went back to an older state");
    const vrfKey = this.#pins.vrfKey === undefined ? await this.#vrfKey(seen) : fromBase64(this.#pins.vrfKey);
    await this.#core.judgeLookup(lookup, address, key, vrfKey, entries.map(toldKey));
    await this.#watch.accept(seen, seen.note, key);
    this.#pins.vrfKey = toBase64(vrfKey);
  }

  async #vrfKey(head: Checkpoint): Promise<Uint8Array> {
    const tiles = new Map<string, Uint8Array>();
    for (;;) {
      const { needed, vrfKey } = await this.#core.firstOfDirectory(head, tiles);
      if (needed === '') return vrfKey;
      if (tiles.has(needed)) throw new SealiftError('damaged', "a tile of the server's directory is not one");
      tiles.set(needed, await this.#watch.tile(needed));
    }
  }
}

function toldKey(entry: DirectoryEntry): ToldKey {
  return {
    account: entry.account,
    generation: entry.key.generation,
    recipient: entry.key.recipient,
    signingKey: fromBase64(entry.key.signing_key),
    opening: entry.opening === undefined ? new Uint8Array() : fromBase64(entry.opening),
  };
}
