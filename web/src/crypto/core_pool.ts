// The page's half of the workers: one for keys and headers (Core), as many as there are processors, up to
// four, for content (SealPool), and one for the private disk; these start when they are first needed.
import { SealiftError } from '../api/error.ts';
import { runSealedSize } from './content_worker.ts';
import type { Core } from './core.ts';
import type { DiskTask } from './disk_worker.ts';
import type { OpenedRun, OpenRun, SealedRun, SealPool, SealRun } from './seal_pool.ts';
import type { Request, Response, Task } from './worker_protocol.ts';

/** A worker of any kind: it answers each request once. */
export interface WorkerLike {
  post(request: Request, transfer: ArrayBuffer[]): void;
  onResponse: (response: Response) => void;
  /** It ended by itself: out of memory, or refused by the browser. */
  onFailure: () => void;
  terminate(): void;
}
export type MakeWorker = () => WorkerLike;

/** The content workers that a page starts at most: memory, and the other tabs. */
export const contentWorkersMax = 4;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: SealiftError) => void;
}

interface Posted {
  readonly task: Task;
  readonly transfer: ArrayBuffer[];
}

/** One worker and the requests that wait for it. */
class Lane {
  readonly #worker: WorkerLike;
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;
  #tail: Promise<unknown>;
  #load = 0;
  #hasEnded = false;

  constructor(make: MakeWorker, module?: WebAssembly.Module) {
    this.#worker = make();
    this.#worker.onResponse = (response): void => this.#answer(response);
    this.#worker.onFailure = (): void => this.#fail();
    this.#tail = module === undefined ? Promise.resolve() : this.#send({ task: { kind: 'start', module }, transfer: [] });
    this.#tail.catch(() => undefined);
  }

  /** How many requests are not answered yet. */
  get load(): number {
    return this.#load;
  }

  /** Its worker ended: what is asked now needs another lane. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** After what was asked before; `make` is called when its turn comes. The start's failure is every request's. */
  ask(make: () => Posted): Promise<unknown> {
    this.#load += 1;
    const started = this.#tail;
    const answer = started.then(() => this.#send(make()));
    // The next waits for this one, and not for its success.
    this.#tail = answer.then(
      () => started,
      () => started,
    );
    this.#tail.catch(() => undefined);
    return answer.finally(() => {
      this.#load -= 1;
    });
  }

  close(): void {
    this.#worker.terminate();
    this.#fail();
  }

  #send({ task, transfer }: Posted): Promise<unknown> {
    if (this.#hasEnded) return Promise.reject(new SealiftError('internal', 'a worker ended'));
    const id = this.#next;
    this.#next += 1;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.post({ id, task }, transfer);
    });
  }

  #answer(response: Response): void {
    const waiting = this.#waiting.get(response.id);
    this.#waiting.delete(response.id);
    if ('code' in response) waiting?.reject(new SealiftError(response.code, response.text));
    else waiting?.resolve(response.value);
  }

  #fail(): void {
    this.#hasEnded = true;
    for (const waiting of this.#waiting.values()) waiting.reject(new SealiftError('internal', 'a worker ended'));
    this.#waiting.clear();
  }
}

/** Every method of Core, asked of one worker. */
export function makeCore(make: MakeWorker, module: WebAssembly.Module): Core {
  let lane = new Lane(make, module);
  const close = (): void => lane.close();
  return new Proxy({} as Core, {
    get(_, name): unknown {
      if (name === 'close') return close;
      // A promise that resolves to a Core asks for this.
      if (name === 'then' || typeof name === 'symbol') return undefined;
      return (...args: unknown[]) => {
        if (lane.hasEnded) lane = new Lane(make, module);
        return lane.ask(() => ({ task: { kind: 'call', name: name as Exclude<keyof Core, 'close'>, args }, transfer: [] }));
      };
    },
  });
}

/** What the private disk is asked for; in order. A written buffer comes back. */
export interface DiskLane {
  ask(task: DiskTask): Promise<ArrayBuffer | undefined>;
  close(): void;
}

export function makeDiskLane(make: MakeWorker): DiskLane {
  let lane: Lane | undefined;
  return {
    ask(task: DiskTask): Promise<ArrayBuffer | undefined> {
      if (lane === undefined || lane.hasEnded) lane = new Lane(make);
      const transfer = task.act === 'write' ? [task.buffer] : [];
      return lane.ask(() => ({ task: { kind: 'disk', task }, transfer })) as Promise<ArrayBuffer | undefined>;
    },
    close: () => lane?.close(),
  };
}

export function makeSealPool(make: MakeWorker, module: WebAssembly.Module, workers: number): SealPool {
  const lanes: Lane[] = [];
  const spares: ArrayBuffer[] = [];

  function lane(): Lane {
    for (const each of lanes.filter((one) => one.hasEnded)) lanes.splice(lanes.indexOf(each), 1);
    const idle = lanes.find((each) => each.load === 0);
    if (idle !== undefined) return idle;
    if (lanes.length < workers) {
      const fresh = new Lane(make, module);
      lanes.push(fresh);
      return fresh;
    }
    return lanes.reduce((least, each) => (each.load < least.load ? each : least));
  }

  return {
    workers,
    seal(run: SealRun): Promise<SealedRun> {
      return lane().ask(() => {
        const into = spares.pop();
        return { task: { kind: 'seal', run, into }, transfer: into === undefined ? [] : [into] };
      }) as Promise<SealedRun>;
    },
    open: (run: OpenRun) =>
      lane().ask(() => ({ task: { kind: 'open', run }, transfer: [run.sealed.buffer] })) as Promise<OpenedRun>,
    room: () => spares.pop() ?? new ArrayBuffer(runSealedSize),
    recycle(buffer: ArrayBuffer): void {
      if (buffer.byteLength === runSealedSize && spares.length <= workers) spares.push(buffer);
    },
    close(): void {
      for (const each of lanes.splice(0)) each.close();
    },
  };
}
