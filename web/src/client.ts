// The door to everything below the pages: makes, once a page, what accounts and transfers need.
//
//   const client = await startClient();
//   const account = await logIn(client, address, password);
//   const sent = await sendParcel(client, account, order, onProgress, signal);
//
// Starting fetches the core (web/core, WebAssembly) and starts a worker; call it while the first page is
// shown already. Throws unsupported when the browser lacks WebAssembly with SIMD.
import type { PinStore } from './account/pins.ts';
import { ApiClient } from './api/client.ts';
import { SealiftError } from './api/error.ts';
import type { Core } from './crypto/core.ts';
import type { SealPool } from './crypto/seal_pool.ts';
import type { SendingStore } from './transfer/types.ts';

/** Is an EnterTools and a TransferTools. */
export interface Client {
  readonly api: ApiClient;
  readonly core: Core;
  readonly pool: SealPool;
  readonly pins: PinStore;
  readonly sendings: SendingStore;
  readonly now: () => number;
  close(): void;
}

export function startClient(): Promise<Client> {
  return Promise.reject(new SealiftError('unsupported', 'the core is not there yet'));
}
