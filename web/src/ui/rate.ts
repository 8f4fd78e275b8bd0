// How fast a transfer goes, told honestly: from what arrived, not from what was asked for. Pure.
//
// Over the last ten seconds: long enough not to jump, short enough to follow a network that changes.
const windowMs = 10_000;
const settleMs = 2_000;

export class RateMeter {
  #samples: { at: number; bytes: number }[] = [];

  add(at: number, bytes: number): void {
    if (this.#samples.length > 0 && bytes < (this.#samples.at(-1)?.bytes ?? 0)) this.#samples = [];
    this.#samples.push({ at, bytes });
    while (this.#samples.length > 2 && at - (this.#samples[0]?.at ?? at) > windowMs) this.#samples.shift();
  }

  /** Bytes a second; undefined until there is enough to tell. */
  rate(): number | undefined {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (!first || !last || last.at - first.at < settleMs) return undefined;
    return ((last.bytes - first.bytes) * 1000) / (last.at - first.at);
  }
}
