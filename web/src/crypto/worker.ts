// The script of a browser's worker: one instance of the core.
import { makeWorkerHalf, type Request, type Response } from './worker_protocol.ts';

const scope = globalThis as unknown as {
  postMessage(message: Response, transfer: ArrayBuffer[]): void;
  onmessage: ((event: MessageEvent<Request>) => void) | null;
};

const take = makeWorkerHalf((response, transfer) => scope.postMessage(response, transfer));
scope.onmessage = (event): void => void take(event.data);
