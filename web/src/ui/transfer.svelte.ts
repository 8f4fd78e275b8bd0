// One transfer as pages show it: running, paused, failed, done; progress with an honest rate. It outlives
// the page that began it, and the browser asks before the tab closes while one is not over.
import { codeOf } from '../api/error.ts';
import type { Progress } from '../transfer/types.ts';
import { sentenceOf, type Sentences } from './errors.ts';
import { RateMeter } from './rate.ts';

export type TransferState = 'idle' | 'running' | 'paused' | 'failed' | 'done';

const unfinished = new Set<Transfer<unknown>>();

export class Transfer<Result> {
  state: TransferState = $state('idle');
  doneBytes = $state(0);
  totalBytes = $state(0);
  rate: number | undefined = $state();
  failure = $state('');
  result: Result | undefined = $state.raw();
  readonly msLeft: number | undefined = $derived(
    this.rate !== undefined && this.rate > 0 ? ((this.totalBytes - this.doneBytes) * 1000) / this.rate : undefined,
  );
  readonly #work: (onProgress: (progress: Progress) => void, signal: AbortSignal) => Promise<Result>;
  readonly #sentences: Sentences;
  #stop: AbortController | undefined;

  /** `work` is called again to go on after a pause or a failure. */
  constructor(
    work: (onProgress: (progress: Progress) => void, signal: AbortSignal) => Promise<Result>,
    sentences: Sentences = {},
  ) {
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
    unfinished.add(this);
    try {
      this.result = await this.#work((progress) => {
        this.doneBytes = progress.doneBytes;
        this.totalBytes = progress.totalBytes;
        meter.add(performance.now(), progress.doneBytes);
        this.rate = meter.rate();
      }, stop.signal);
      this.state = 'done';
      unfinished.delete(this);
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

  /** It is given up: nothing keeps the tab open for it any more. */
  forget(): void {
    this.#stop?.abort();
    unfinished.delete(this);
  }
}

/** Other reasons not to close the tab: a paper key that was not kept yet. */
export const unsaved = new Set<string>();

addEventListener('beforeunload', (event) => {
  if (unfinished.size === 0 && unsaved.size === 0) return;
  event.preventDefault();
});
