// The door to everything below the pages: makes, once a page, what accounts and transfers need.
//
//   const client = await startClient();
//   const account = await logIn(client, address, password);
//   const sent = await sendParcel(client, account, order, onProgress, signal);
//
// Starting fetches the core (web/core, WebAssembly) and starts a worker; call it while the first page is
// shown already. Throws unsupported when the browser lacks WebAssembly with vectors, or when this
// server was built without the core.
import workerUrl from './crypto/worker.ts?worker&url';
import { BrowserPinStore, MemoryPinStore } from './account/pin_store.ts';
import type { PinStore } from './account/pins.ts';
import { ApiClient } from './api/client.ts';
import { SealiftError } from './api/error.ts';
import { contentWorkersMax, makeCore, makeDiskLane, makeSealPool, type DiskLane, type WorkerLike } from './crypto/core_pool.ts';
import type { Core } from './crypto/core.ts';
import type { SealPool } from './crypto/seal_pool.ts';
import type { Request, Response } from './crypto/worker_protocol.ts';
import { BrowserDatabase } from './transfer/browser_database.ts';
import { clearPrivateDisk } from './transfer/destination.ts';
import { sendingsInBrowser, sendingsInMemory } from './transfer/sending_store.ts';
import { BrowserNotes, MemoryNotes, type KeptNotes } from './transfer/sealed_notes.ts';
import type { SendingStores } from './transfer/types.ts';

/** Is an EnterTools and a TransferTools. */
export interface Client {
  readonly api: ApiClient;
  readonly core: Core;
  readonly pool: SealPool;
  readonly pins: PinStore;
  readonly sendings: SendingStores;
  readonly notes: KeptNotes;
  readonly disk: DiskLane;
  readonly now: () => number;
  close(): void;
}

export async function startClient(api: ApiClient = new ApiClient()): Promise<Client> {
  const module = await compileCore();
  const core = makeCore(makeBrowserWorker, module);
  const workers = Math.max(1, Math.min(contentWorkersMax, navigator.hardwareConcurrency || 1));
  const pool = makeSealPool(makeBrowserWorker, module, workers);
  // What an earlier visit left behind.
  await clearPrivateDisk();
  const disk = makeDiskLane(makeBrowserWorker);
  const database = await BrowserDatabase.open().catch(() => undefined);
  const pins = database === undefined ? new MemoryPinStore() : new BrowserPinStore(database, api.serverUrl);
  const sendings = database === undefined ? sendingsInMemory() : sendingsInBrowser(database);
  const notes = database === undefined ? new MemoryNotes() : new BrowserNotes(database);
  const close = (): void => {
    core.close();
    pool.close();
    disk.close();
    database?.close();
  };
  return { api, core, pool, pins, sendings, notes, disk, now: () => Date.now(), close };
}

async function compileCore(): Promise<WebAssembly.Module> {
  const url = new URL('./crypto/generated/core.wasm', import.meta.url);
  let response: globalThis.Response;
  try {
    response = await fetch(url, { credentials: 'omit', referrerPolicy: 'no-referrer' });
  } catch {
    throw new SealiftError('io', 'the server cannot be reached');
  }
  if (!response.ok) throw new SealiftError('unsupported', 'this server was built without the core');
  try {
    return await WebAssembly.compile(await response.arrayBuffer());
  } catch {
    throw new SealiftError('unsupported', 'this browser lacks WebAssembly with vectors');
  }
}

// The page's policy (src/http/response_head.h) lets this module alone name scripts, and it names one.
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

const workerPolicy = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy('sealift-worker', {
  createScriptURL(url: string): string {
    if (url !== workerUrl) throw new SealiftError('internal', 'a script that is not the worker');
    return url;
  },
});

function makeBrowserWorker(): WorkerLike {
  const worker = new Worker(workerPolicy?.createScriptURL(workerUrl) ?? workerUrl, { type: 'module' });
  const wrapped: WorkerLike = {
    post: (request: Request, transfer: ArrayBuffer[]) => worker.postMessage(request, transfer),
    onResponse: () => undefined,
    onFailure: () => undefined,
    terminate: () => worker.terminate(),
  };
  worker.onmessage = (event: MessageEvent<Response>): void => wrapped.onResponse(event.data);
  worker.onerror = (): void => wrapped.onFailure();
  return wrapped;
}
