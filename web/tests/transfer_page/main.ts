// A page without an interface: the lower half of the web client, for large_files_test.mjs to drive in real
// browsers, in the same bundle form and under the same policy as the pages.
import { enrol, enrolmentLink, logIn, lookAtEnrolment, type Account } from '../../src/account/account.ts';
import { fillFrom } from '../../src/api/byte_stream.ts';
import { toHex } from '../../src/api/encoding.ts';
import { codeOf } from '../../src/api/error.ts';
import { startClient, type Client } from '../../src/client.ts';
import { makeDestination, possibleDestinations, probeLadder, type DestinationKind } from '../../src/transfer/destination.ts';
import { openParcel, receiveParcel } from '../../src/transfer/receive.ts';
import { sendParcel, unfinishedSendings } from '../../src/transfer/send.ts';

const sliceSize = 8 * 1024 * 1024;
const day = 86_400_000;

let client: Client | undefined;
let account: Account | undefined;
const { signal } = new AbortController();

async function started(): Promise<Client> {
  client ??= await startClient();
  return client;
}

function who(): Account {
  if (account === undefined) throw new Error('nobody is logged in');
  return account;
}

/** The SHA-256 of each 8 MiB, in one buffer, so that the measured memory is the transfer's. */
async function digests(blob: Blob): Promise<string[]> {
  const all: string[] = [];
  let room = new ArrayBuffer(sliceSize);
  for (let at = 0; at < blob.size; at += sliceSize) {
    const { buffer, size } = await fillFrom(blob.slice(at, at + sliceSize).stream(), room);
    all.push(toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(buffer, 0, size)))));
    room = buffer;
  }
  return all;
}

const actions = {
  async enrol(link: string, password: string): Promise<void> {
    const tools = await started();
    const { token } = enrolmentLink(link);
    const offer = await lookAtEnrolment(tools, token);
    account = (await enrol(tools, { token, offer, password, language: 'en', officers: [] })).account;
  },
  async logIn(address: string, password: string): Promise<void> {
    account = await logIn(await started(), address, password);
  },
  async send(to: string) {
    const tools = await started();
    const input = document.querySelector<HTMLInputElement>('#files');
    const entries = [...(input?.files ?? [])].map((file) => ({ path: file.name, file }));
    const order = { entries, to: [to], link: 'none', lifetimeMs: day, note: '' } as const;
    return sendParcel(tools, who(), order, () => undefined, signal);
  },
  async unfinished() {
    return unfinishedSendings(await started(), who());
  },
  async receive(parcel: string, kind?: DestinationKind) {
    const tools = await started();
    const opened = await openParcel(tools, { kind: 'account', account: who(), parcel });
    const possible = possibleDestinations(await probeLadder(tools.disk), opened.entries);
    const automatic = possible.find((each) => each === 'private_disk' || each === 'memory');
    const destination = await makeDestination(kind ?? automatic ?? 'memory', opened.entries, tools.disk);
    const received = await receiveParcel(tools, opened, destination, { onProgress: () => undefined, signal });
    const files = received.files.map(async (file) => ({ path: file.path, digests: await digests(file.blob) }));
    return { ...received, possible, files: await Promise.all(files) };
  },
};

type Answer = { readonly value: unknown } | { readonly code: string };

/** Errors cross to the test as their codes. */
async function act(name: keyof typeof actions, ...args: readonly unknown[]): Promise<Answer> {
  try {
    const action = actions[name] as (...args: readonly unknown[]) => Promise<unknown>;
    return { value: await action(...args) };
  } catch (error) {
    console.warn('refused', error instanceof Error ? error.message : 'unknown');
    return { code: codeOf(error) };
  }
}

Object.assign(globalThis, { act });
