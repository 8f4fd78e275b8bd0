// A worker may end by itself: out of memory, or its script could not be loaded. What it was asked fails; what is asked
// afterwards goes to another.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeCore, makeDiskLane, makeSealPool, type WorkerLike } from './core_pool.ts';

const module = {} as WebAssembly.Module;
const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Workers of which the first ends at its request number `at`, and the others answer everything. */
function workers(at: number): { made: number; make: () => WorkerLike } {
  const counter = {
    made: 0,
    make(): WorkerLike {
      counter.made += 1;
      const mayEnd = counter.made === 1;
      let requests = 0;
      const worker: WorkerLike = {
        post(request) {
          requests += 1;
          const ends = mayEnd && requests === at;
          if (mayEnd && requests > at) return;
          void tick().then(() => (ends ? worker.onFailure() : worker.onResponse({ id: request.id, value: undefined })));
        },
        onResponse: () => undefined,
        onFailure: () => undefined,
        terminate: () => undefined,
      };
      return worker;
    },
  };
  return counter;
}

const run = { sealed: new Uint8Array(1) } as unknown as Parameters<ReturnType<typeof makeSealPool>['open']>[0];
const disk = { act: 'close', file: 1 } as const;

for (const at of [1, 2]) {
  void test(`after a worker that ended at its request ${String(at)} there is another`, { timeout: 5000 }, async () => {
    const forContent = workers(at);
    const pool = makeSealPool(forContent.make, module, 1);
    await assert.rejects(pool.open(run), { code: 'internal' });
    await pool.open(run);
    assert.equal(forContent.made, 2);

    const forCalls = workers(at);
    const core = makeCore(forCalls.make, module);
    await assert.rejects(core.random(16), { code: 'internal' });
    await core.random(16);
    assert.equal(forCalls.made, 2);

    const forDisk = workers(at);
    const lane = makeDiskLane(forDisk.make);
    if (at === 2) await lane.ask(disk);
    await assert.rejects(lane.ask(disk), { code: 'internal' });
    await lane.ask(disk);
    assert.equal(forDisk.made, 2);
  });
}
