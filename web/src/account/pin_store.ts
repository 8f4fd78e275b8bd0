// Where pins are kept: in the browser's database, one record for each server; in memory for tests and for
// browsers that keep nothing (who then sees every key for the first time).
import type { BrowserDatabase } from '../transfer/browser_database.ts';
import { emptyPins, mergePins, type Pins, type PinStore } from './pins.ts';

export class MemoryPinStore implements PinStore {
  readonly #kept = emptyPins();

  load(): Promise<Pins> {
    return Promise.resolve(copyOf(this.#kept));
  }
  save(pins: Pins): Promise<void> {
    mergePins(this.#kept, pins);
    return Promise.resolve();
  }
}

export class BrowserPinStore implements PinStore {
  readonly #database: BrowserDatabase;
  readonly #server: string;

  constructor(database: BrowserDatabase, server: string) {
    this.#database = database;
    this.#server = server;
  }

  async load(): Promise<Pins> {
    return copyOf((await this.#database.get<Pins>('pins', this.#server)) ?? emptyPins());
  }

  /** Merged with what another tab saved meanwhile, under a lock. */
  async save(pins: Pins): Promise<void> {
    await navigator.locks.request(`sealift-pins-${this.#server}`, async () => {
      const kept = await this.load();
      mergePins(kept, pins);
      await this.#database.put('pins', this.#server, JSON.parse(JSON.stringify(kept)));
    });
  }
}

function copyOf(pins: Pins): Pins {
  const copy = emptyPins();
  mergePins(copy, pins);
  return copy;
}
