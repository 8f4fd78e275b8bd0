// How long a transfer keeps trying when the network goes away: waits that double, from half a second to
// half a minute, begun anew whenever something got through; a browser that says it is back online is
// asked at once. After about three minutes of nothing the transfer ends with io; going on later is
// cheap.
import { SealiftError } from '../api/error.ts';

const firstWaitMs = 500;
const waitMsMax = 30_000;
const failuresMax = 12;

export class Patience {
  #failures = 0;
  readonly #onWaiting: (isWaiting: boolean) => void;

  /** `onWaiting` is told when it waits, and when something got through again. */
  constructor(onWaiting: (isWaiting: boolean) => void = () => undefined) {
    this.#onWaiting = onWaiting;
  }

  gotThrough(): void {
    if (this.#failures > 0) this.#onWaiting(false);
    this.#failures = 0;
  }

  /** Waits before another attempt. Throws `error` itself when it is not the network's, or patience ends. */
  async afterFailure(error: unknown, signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw new SealiftError('aborted', 'stopped by the person');
    const mayHelp = error instanceof SealiftError && (error.code === 'io' || error.code === 'limit');
    this.#failures += 1;
    if (!mayHelp || this.#failures >= failuresMax) throw error;
    this.#onWaiting(true);
    const asked = error.retryAfterMs ?? 0;
    await pause(Math.max(asked, Math.min(waitMsMax, firstWaitMs * 2 ** (this.#failures - 1))), signal);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      globalThis.removeEventListener?.('online', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    globalThis.addEventListener?.('online', done);
    signal.addEventListener('abort', done);
  });
}
