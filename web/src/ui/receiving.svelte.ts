// A parcel that is being received, as its page shows it. It outlives the page, so that looking into the outbox
// meanwhile loses nothing.
import { codeOf } from '../api/error.ts';
import type { ManifestEntry } from '../crypto/core.ts';
import { bytesMaxOf, makeDestination, possibleDestinations, probeLadder, type DestinationKind, type Ladder } from '../transfer/destination.ts';
import { openParcel, receiveParcel } from '../transfer/receive.ts';
import type { Destination, OpenedParcel, Opener, ReceivedParcel } from '../transfer/types.ts';
import { sentenceOf, type Sentences } from './errors.ts';
import { session } from './session.svelte.ts';
import { Transfer } from './transfer.svelte.ts';

export class Receiving {
  readonly path: string;
  opened: OpenedParcel | undefined = $state.raw();
  /** Paths that are not wanted. */
  left: ReadonlySet<string> = $state.raw(new Set());
  transfer: Transfer<ReceivedParcel> | undefined = $state.raw();
  isBusy = $state(false);
  failure = $state('');
  ladder: Ladder | undefined = $state.raw();
  readonly wanted: readonly ManifestEntry[] = $derived(this.opened?.entries.filter((entry) => !this.left.has(entry.path)) ?? []);
  readonly kinds: readonly DestinationKind[] = $derived(this.ladder ? possibleDestinations(this.ladder, this.wanted) : []);
  readonly bytesMax: number = $derived(this.ladder ? bytesMaxOf(this.ladder) : Number.POSITIVE_INFINITY);
  #destination: Destination | undefined;

  constructor(path: string) {
    this.path = path;
  }

  /** Which ways this browser has; before anything is opened. */
  async probe(): Promise<void> {
    if (this.ladder) return;
    try {
      this.ladder = await probeLadder((await session.client()).disk);
    } catch (error) {
      this.failure = sentenceOf(error);
    }
  }

  async open(opener: Opener, sentences: Sentences): Promise<void> {
    this.isBusy = true;
    this.failure = '';
    try {
      await this.probe();
      this.opened = await openParcel(await session.client(), opener);
      void session.learnAddresses();
    } catch (error) {
      this.failure = sentenceOf(error, sentences);
    } finally {
      this.isBusy = false;
    }
  }

  async receive(kind: DestinationKind, sentences: Sentences): Promise<void> {
    const { opened, wanted } = this;
    if (!opened) return;
    this.failure = '';
    const paths = new Set(wanted.map((entry) => entry.path));
    try {
      const client = await session.client();
      const destination = await makeDestination(kind, wanted, client.disk);
      this.#destination = destination;
      this.transfer = new Transfer(
        { kind: 'receive', path: this.path },
        (onProgress, signal) =>
          receiveParcel(client, opened, destination, { only: (entry) => paths.has(entry.path), onProgress, signal }),
        { damaged: 'receive.damaged', no_space: 'receive.noSpace', not_found: 'receive.gone' },
      );
      await this.transfer.run();
    } catch (error) {
      if (codeOf(error) !== 'aborted') this.failure = sentenceOf(error, sentences);
    }
  }

  /** Back to the choice of files and place; what is verified and saved stays. */
  giveUp(): void {
    this.transfer?.forget();
    this.transfer = undefined;
    void this.#destination?.abandon();
    this.#destination = undefined;
  }
}

const all = new Map<string, Receiving>();

/** Of the page at `path`: the same one when the reader comes back. */
export function receivingAt(path: string): Receiving {
  const known = all.get(path) ?? new Receiving(path);
  all.set(path, known);
  return known;
}

export function forgetReceiving(path: string): void {
  all.get(path)?.giveUp();
  all.delete(path);
}

// What one account opened is nobody else's.
session.onChange(() => {
  for (const path of [...all.keys()]) forgetReceiving(path);
});
