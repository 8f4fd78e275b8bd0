// The built core for tests in Node: a module, and workers of this thread.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { CoreModule } from './core_module.ts';
import { makeCore, makeSealPool, type WorkerLike } from './core_pool.ts';
import type { Core } from './core.ts';
import type { SealPool } from './seal_pool.ts';
import { makeWorkerHalf, type Request } from './worker_protocol.ts';

const source = process.env['SEALIFT_SOURCE_DIR'] ?? '.';

export function compiledCore(): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(process.env['SEALIFT_CORE'] ?? join(source, 'build/web-core/core.wasm')));
}

export function coreModule(): Promise<CoreModule> {
  return CoreModule.create(compiledCore());
}

/** Answers a turn later, as a worker would. */
export function inlineWorker(): WorkerLike {
  const worker: WorkerLike = {
    post(request: Request): void {
      setTimeout(() => void take(request), 0);
    },
    onResponse: () => undefined,
    onFailure: () => undefined,
    terminate: () => undefined,
  };
  const take = makeWorkerHalf((response) => worker.onResponse(response));
  return worker;
}

export function testCore(): Core {
  return makeCore(inlineWorker, compiledCore());
}

export function testPool(workers = 2): SealPool {
  return makeSealPool(inlineWorker, compiledCore(), workers);
}

/** A package of tools/npm. */
export function requireTool(name: string): unknown {
  return createRequire(join(source, 'tools/npm/package.json'))(name);
}

/** The same, for packages that are modules only. */
export async function importTool(name: string): Promise<unknown> {
  const path = createRequire(join(source, 'tools/npm/package.json')).resolve(name);
  return import(path);
}
