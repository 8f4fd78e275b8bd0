// ContentHashes: the content hash of every entry of a parcel, from the leaves and fragments that runs
// bring, in any order (docs/formats/parcel.md, "Content hash"). 32 bytes are kept for each MiB of the
// entries that are not finished, and at most two MiB of fragments for each run's edge.
import { SealiftError } from '../api/error.ts';
import { toHex } from '../api/encoding.ts';
import type { Core, Entry } from '../crypto/core.ts';
import { hashPieceSize } from '../crypto/content_worker.ts';
import type { Leaf, LeafFragment } from '../crypto/seal_pool.ts';

interface UnderWay {
  readonly leaves: Uint8Array;
  missing: number;
}
interface Unfinished {
  /** After a byte of zero, as a leaf is hashed. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  missing: number;
}

export class ContentHashes {
  readonly #core: Core;
  readonly #entries: readonly Entry[];
  readonly #underWay = new Map<number, UnderWay>();
  readonly #unfinished = new Map<string, Unfinished>();
  readonly #roots = new Map<number, Uint8Array>();

  constructor(core: Core, entries: readonly Entry[]) {
    this.#core = core;
    this.#entries = entries;
  }

  /** Gives the entries that this has completed. */
  async add(leaves: readonly Leaf[], fragments: readonly LeafFragment[]): Promise<readonly number[]> {
    const joined = await Promise.all(fragments.map((fragment) => this.#join(fragment)));
    const complete: number[] = [];
    for (const leaf of [...leaves, ...joined.filter((each) => each !== undefined)]) {
      const entry = this.#put(leaf);
      if (entry.missing > 0) continue;
      this.#underWay.delete(leaf.entry);
      this.#roots.set(leaf.entry, await this.#core.contentRoot(entry.leaves));
      complete.push(leaf.entry);
    }
    return complete;
  }

  /** Of a complete entry, or one without content. */
  async root(entry: number): Promise<Uint8Array> {
    const known = this.#roots.get(entry);
    if (known !== undefined) return known;
    if (this.#entries[entry]?.size !== 0) throw new SealiftError('internal', 'an entry was not hashed to its end');
    return this.#core.contentRoot(new Uint8Array());
  }

  #put(leaf: Leaf): UnderWay {
    const pieces = Math.ceil((this.#entries[leaf.entry]?.size ?? 0) / hashPieceSize);
    let entry = this.#underWay.get(leaf.entry);
    if (entry === undefined) {
      entry = { leaves: new Uint8Array(32 * pieces), missing: pieces };
      this.#underWay.set(leaf.entry, entry);
    }
    entry.leaves.set(leaf.digest, 32 * leaf.piece);
    entry.missing -= 1;
    return entry;
  }

  async #join(fragment: LeafFragment): Promise<Leaf | undefined> {
    const { entry, piece } = fragment;
    const name = `${String(entry)}/${String(piece)}`;
    const begin = piece * hashPieceSize;
    const size = Math.min(hashPieceSize, (this.#entries[entry]?.size ?? 0) - begin);
    const unfinished = this.#unfinished.get(name) ?? { bytes: new Uint8Array(1 + size), missing: size };
    this.#unfinished.set(name, unfinished);
    unfinished.bytes.set(fragment.bytes, 1 + fragment.at - begin);
    unfinished.missing -= fragment.bytes.length;
    if (unfinished.missing > 0) return undefined;
    this.#unfinished.delete(name);
    return { entry, piece, digest: new Uint8Array(await crypto.subtle.digest('SHA-256', unfinished.bytes)) };
  }
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && toHex(a) === toHex(b);
}
