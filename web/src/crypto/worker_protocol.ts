// What a page and a worker of the core say to each other, and the worker's half of it: pure of any
// worker API, so that a browser's Worker, a thread of Node and a test can each run it.
import { codeOf, type ErrorCode, SealiftError } from '../api/error.ts';
import { openRun, sealRun } from './content_worker.ts';
import { makeCoreCalls, type CoreCalls } from './core_calls.ts';
import { onDisk, type DiskTask } from './disk_worker.ts';
import { CoreModule } from './core_module.ts';
import type { OpenedRun, OpenRun, SealedRun, SealRun } from './seal_pool.ts';

export type Task =
  | { readonly kind: 'start'; readonly module: WebAssembly.Module }
  | { readonly kind: 'call'; readonly name: keyof CoreCalls; readonly args: readonly unknown[] }
  // `into`: a buffer that the page is done with: fresh memory costs more than sealing.
  | { readonly kind: 'seal'; readonly run: SealRun; readonly into: ArrayBuffer | undefined }
  | { readonly kind: 'open'; readonly run: OpenRun }
  /** Needs no core. */
  | { readonly kind: 'disk'; readonly task: DiskTask };

export interface Request {
  readonly id: number;
  readonly task: Task;
}

export type Response =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly code: ErrorCode; readonly text: string };

export type Reply = (response: Response, transfer: ArrayBuffer[]) => void;

/** The worker's half. Requests come one at a time: the page sends the next after the answer. */
export function makeWorkerHalf(reply: Reply): (request: Request) => Promise<void> {
  let module: CoreModule | undefined;
  let calls: CoreCalls | undefined;

  async function run(task: Task): Promise<{ value: unknown; transfer: ArrayBuffer[] }> {
    if (task.kind === 'start') {
      module = await CoreModule.create(task.module);
      calls = makeCoreCalls(module);
      return { value: undefined, transfer: [] };
    }
    if (task.kind === 'disk') {
      const buffer = await onDisk(task.task);
      return { value: buffer, transfer: buffer === undefined ? [] : [buffer] };
    }
    if (module === undefined || calls === undefined) throw new SealiftError('internal', 'the worker was not started');
    if (task.kind === 'call') return { value: callByName(calls, task.name, task.args), transfer: [] };
    if (task.kind === 'seal') return transferred(await sealRun(module, task.run, task.into));
    return transferred(await openRun(module, task.run));
  }

  return async ({ id, task }) => {
    try {
      const { value, transfer } = await run(task);
      reply({ id, value }, transfer);
    } catch (error) {
      reply({ id, code: codeOf(error), text: error instanceof Error ? error.message : 'unknown' }, []);
    }
  };
}

function callByName(calls: CoreCalls, name: keyof CoreCalls, args: readonly unknown[]): unknown {
  const method = calls[name] as (...args: readonly unknown[]) => unknown;
  return method(...args);
}

function transferred(result: SealedRun | OpenedRun): { value: unknown; transfer: ArrayBuffer[] } {
  const main = 'sealed' in result ? result.sealed : result.text;
  const fragments = result.fragments.map((fragment) => fragment.bytes.buffer as ArrayBuffer);
  return { value: result, transfer: [main.buffer, ...fragments] };
}
