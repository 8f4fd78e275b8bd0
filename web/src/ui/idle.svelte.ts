// Locks the page when nobody is at it: the keys go, but for what is under way, which goes on. A minute before that it
// warns (docs/decisions/0164-locked-when-idle.md).
import { session } from './session.svelte.ts';
import { unsaved } from './transfer.svelte.ts';

export const lockAfterMs = 15 * 60_000;
const warnBeforeMs = 60_000;
const endWarnMs = 10 * 60_000;
const inputs = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;

class Idle {
  isWarning = $state(false);
  /** The login itself ends within minutes, even if somebody is working. */
  endsSoon = $state(false);
  #lastInput = Date.now();

  constructor() {
    // Looks before it believes that somebody is there: the first touch may come hours after the last.
    for (const input of inputs)
      addEventListener(
        input,
        () => {
          if (this.#look()) return;
          this.#lastInput = Date.now();
          this.isWarning = false;
        },
        { passive: true, capture: true },
      );
    addEventListener('visibilitychange', () => this.#look());
    setInterval(() => {
      this.#look();
      this.endsSoon = session.account !== undefined && session.account.expires - Date.now() < endWarnMs;
    }, 1000);
  }

  /** True: it is locked now. */
  #look(): boolean {
    // A paper key that is not kept yet would be lost.
    if (session.account === undefined || unsaved.size > 0) {
      this.#lastInput = Date.now();
      this.isWarning = false;
      return false;
    }
    const idleMs = Date.now() - this.#lastInput;
    this.isWarning = idleMs >= lockAfterMs - warnBeforeMs;
    if (idleMs < lockAfterMs) return false;
    this.isWarning = false;
    session.lock();
    return true;
  }
}

export const idle = new Idle();
