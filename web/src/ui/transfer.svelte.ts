// One transfer as pages show it: running, paused, failed, done; progress with an honest rate. It outlives
// the page that began it, every page shows it, and the browser asks before the tab closes while one is not over.
import { codeOf } from '../api/error.ts';
import type { Progress } from '../transfer/types.ts';
import { sentenceOf, type Sentences } from './errors.ts';
import { RateMeter } from './rate.ts';

export type TransferState = 'idle' | 'running' | 'paused' | 'failed' | 'done';
type Work<Result> = (onProgress: (progress: Progress) => void, signal: AbortSignal) => Promise<Result>;

/** What the bar on other pages says of a transfer, and where its own page is. */
export interface TransferPlace {
  readonly kind: 'send' | 'receive' | 'handIn';
  readonly path: string;
}

class UnderWay {
  /** Begun and not given up; a finished one stays until its page has shown it. */
  all: readonly Transfer<unknown>[] = $state.raw([]);

  get unfinished(): readonly Transfer<unknown>[] {
    return this.all.filter((each) => each.state !== 'done');
  }

  add(transfer: Transfer<unknown>): void {
    if (!this.all.includes(transfer)) this.all = [...this.all, transfer];
  }

  remove(transfer: Transfer<unknown>): void {
    this.all = this.all.filter((each) => each !== transfer);
  }

  forgetAll(): void {
    for (const each of this.all) each.forget();
  }
}

export const underWay = new UnderWay();

export class Transfer<Result> {
  state: TransferState = $state('idle');
  doneBytes = $state(0);
  totalBytes = $state(0);
  rate: number | undefined = $state();
  /** The server can't be reached just now; it is tried again. */
  isWaiting = $state(false);
  failure = $state('');
  result: Result | undefined = $state.raw();
  readonly place: TransferPlace;
  readonly msLeft: number | undefined = $derived(
    this.rate !== undefined && this.rate > 0 ? ((this.totalBytes - this.doneBytes) * 1000) / this.rate : undefined,
  );
  readonly percent: number = $derived(this.totalBytes > 0 ? Math.floor((this.doneBytes * 100) / this.totalBytes) : 0);
  readonly #work: Work<Result>;
  readonly #sentences: Sentences;
  #stop: AbortController | undefined;

  /** `work` is called again to go on after a pause or a failure. */
  constructor(place: TransferPlace, work: Work<Result>, sentences: Sentences = {}) {
    this.place = place;
    this.#work = work;
    this.#sentences = sentences;
  }

  async run(): Promise<void> {
    if (this.state === 'running' || this.state === 'done') return;
    const stop = new AbortController();
    const meter = new RateMeter();
    this.#stop = stop;
    this.state = 'running';
    this.failure = '';
    this.rate = undefined;
    this.isWaiting = false;
    underWay.add(this);
    try {
      this.result = await this.#work((progress) => {
        this.doneBytes = progress.doneBytes;
        this.totalBytes = progress.totalBytes;
        this.isWaiting = progress.isWaiting ?? false;
        meter.add(performance.now(), progress.doneBytes);
        this.rate = this.isWaiting ? undefined : meter.rate();
      }, stop.signal);
      this.state = 'done';
    } catch (error) {
      if (codeOf(error) === 'aborted' && stop.signal.aborted) {
        this.state = 'paused';
        return;
      }
      this.failure = sentenceOf(error, this.#sentences);
      this.state = 'failed';
    }
  }

  pause(): void {
    this.#stop?.abort();
  }

  /** It is given up, or was shown: nothing keeps the tab open for it any more. */
  forget(): void {
    this.#stop?.abort();
    underWay.remove(this);
  }
}

/** Other reasons not to close the tab: a paper key that was not kept yet. */
export const unsaved = new Set<string>();

addEventListener('beforeunload', (event) => {
  if (underWay.unfinished.length === 0 && unsaved.size === 0) return;
  event.preventDefault();
});
