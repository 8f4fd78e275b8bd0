// What one worker seals and opens in a second, beside npm's age-encryption in the same run; for
// web/tools/bench.mjs, which runs it in Node and in a browser's worker. Rounds are interleaved: each
// does every measurement once, so that a busy machine is as busy for all.
import { openRun, runBatches, runTextSize, sealRun } from './content_worker.ts';
import { CoreModule } from './core_module.ts';
import type { OpenRun, Piece, SealRun } from './seal_pool.ts';

/** Of age-encryption, what is compared. */
export interface Peer {
  encrypt(text: Uint8Array): Promise<Uint8Array>;
  decrypt(file: Uint8Array): Promise<Uint8Array>;
}

/** MB/s of each round, by what was measured. */
export type Figures = Readonly<Record<string, readonly number[]>>;

const fileKey = new Uint8Array(16).fill(1);
const nonce = new Uint8Array(16).fill(2);
const peerBytes = 16 * 1024 * 1024;

export async function benchSealing(compiled: WebAssembly.Module, mib: number, rounds: number, peer: Peer): Promise<Figures> {
  const module = await CoreModule.create(compiled);
  const figures: Record<string, number[]> = {};
  const measure = async (name: string, bytes: number, work: () => Promise<unknown> | void): Promise<void> => {
    const begun = performance.now();
    await work();
    (figures[name] ??= []).push(bytes / 1000 / (performance.now() - begun));
  };
  const runs = Math.max(1, Math.round((mib * 1024 * 1024) / runTextSize));
  const total = runs * runTextSize;
  const text = new Uint8Array(runTextSize).map((_, at) => at * 31);
  const blob = new Blob([text]);
  const peerText = text.slice(0, Math.min(peerBytes, text.length));
  const peerFile = await peer.encrypt(peerText);
  const spare = new ArrayBuffer(2 * runTextSize);
  const { sealed } = await sealRun(module, sealOf(0, blob));

  for (let round = 0; round < rounds; round += 1) {
    await measure('seal', total, () => {
      module.call('run.set_key', [fileKey, nonce]);
      const out = new Uint8Array(spare);
      for (let run = 0; run < runs; run += 1) {
        const size = module.run.run_seal(runBatches * run, runTextSize, 0);
        out.set(module.view(module.run.run_sealed(), size));
      }
    });
    await measure('seal, read and hashed', total, async () => {
      for (let run = 0; run < runs; run += 1) await sealRun(module, sealOf(run, blob), spare);
    });
    await measure('open and hashed', total, async () => {
      for (let run = 0; run < runs; run += 1) {
        // It is opened in its place.
        const again = new Uint8Array(spare, 0, sealed.length);
        again.set(sealed);
        await openRun(module, openOf(again));
      }
    });
    await measure('age-encryption seals', peerText.length, () => peer.encrypt(peerText));
    await measure('age-encryption opens', peerText.length, () => peer.decrypt(peerFile));
  }
  return figures;
}

function piecesOf(blob?: Blob): Piece[] {
  return [{ kind: 'content', entry: 0, at: 0, size: runTextSize, total: 2 * runTextSize, ...(blob === undefined ? {} : { blob }) }];
}

function sealOf(run: number, blob: Blob): SealRun {
  return { fileKey, nonce, firstBatch: runBatches * run, isLast: false, pieces: piecesOf(blob) };
}

function openOf(sealed: Uint8Array<ArrayBuffer>): OpenRun {
  return { fileKey, nonce, firstBatch: 0, isLast: false, pieces: piecesOf(), sealed };
}
