// A real server for tests in Node, in a folder of its own, and people who run `sealift` against it. The
// programs are those of SEALIFT_PROGRAMS, else build/release.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryPinStore } from '../account/pin_store.ts';
import { enrol, enrolmentLink, lookAtEnrolment, type Account, type EnterTools } from '../account/account.ts';
import { ApiClient, sleep } from '../api/client.ts';
import { testCore, testPool } from '../crypto/core_for_test.ts';
import { sendingsInMemory } from './sending_store.ts';
import type { TransferTools } from './types.ts';

const source = process.env['SEALIFT_SOURCE_DIR'] ?? '.';
const programs = process.env['SEALIFT_PROGRAMS'] ?? join(source, 'build/release');

export const password = 'correct horse battery';

/** Everything that a page has, in memory. */
export type TestClient = EnterTools & TransferTools;

export class TestServer {
  readonly folder = mkdtempSync(join(tmpdir(), 'sealift-web-'));
  readonly data = join(this.folder, 'data');
  url = '';
  /** Of the people who enrolled with the page's code, by address. */
  readonly paperKeys = new Map<string, string>();
  #process: ChildProcess | undefined;

  static async start(): Promise<TestServer> {
    const server = new TestServer();
    await server.#run();
    return server;
  }

  async #run(): Promise<void> {
    const child = spawn(join(programs, 'sealiftd'), ['--data', this.data, '--listen', '127.0.0.1:0'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.#process = child;
    this.url = await new Promise((resolve, reject) => {
      child.once('exit', () => reject(new Error('the server did not start')));
      child.stdout.once('data', (line: Buffer) => resolve(line.toString().split('\n')[0]?.trim().split(/\s+/).at(-1) ?? ''));
    });
    for (let tries = 0; tries < 600; tries += 1) {
      const ready = await fetch(`${this.url}/health/ready`).catch(() => undefined);
      if (ready?.ok === true) return;
      await sleep(50);
    }
    throw new Error('the server is not ready');
  }

  async #end(): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  }

  async stop(): Promise<void> {
    await this.#end();
    rmSync(this.folder, { recursive: true, force: true });
  }

  invite(address: string, ...more: readonly string[]): string {
    const said = run(['admin', '--data', this.data, 'invite', address, ...more], {});
    return said.split(/\s+/).find((word) => word.includes('#')) ?? '';
  }

  /** A verb for the server's machine, and what it says in JSON. */
  admin<Value>(...words: readonly string[]): Value {
    return JSON.parse(run(['admin', '--data', this.data, ...words, '--json'], {})) as Value;
  }

  backUp(): void {
    this.admin('backup', join(this.folder, 'backup'), '--keys', join(this.folder, 'keys'));
  }

  /** Loses everything since backUp(), and listens elsewhere: clients from before don't reach it. */
  async restore(): Promise<void> {
    await this.#end();
    rmSync(this.data, { recursive: true });
    this.admin('restore', join(this.folder, 'backup'), '--keys', join(this.folder, 'keys'));
    await this.#run();
  }

  client(fetcher?: typeof fetch): TestClient {
    const api = new ApiClient({ serverUrl: this.url, ...(fetcher === undefined ? {} : { fetch: fetcher }) });
    return {
      api,
      core: testCore(),
      pool: testPool(),
      pins: new MemoryPinStore(),
      sendings: sendingsInMemory(),
      now: () => Date.now(),
    };
  }

  /** Somebody who enrolled with the page's code. */
  async enrol(client: TestClient, address: string): Promise<Account> {
    const { token } = enrolmentLink(this.invite(address));
    const offer = await lookAtEnrolment(client, token);
    const { account, paperKey } = await enrol(client, { token, offer, password, language: 'en', officers: [] });
    this.paperKeys.set(address, paperKey);
    return account;
  }
}

function run(words: readonly string[], environment: Readonly<Record<string, string>>): string {
  const done = spawnSync(join(programs, 'sealift'), words, {
    env: { ...process.env, SEALIFT_PASSWORD: password, ...environment },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (done.status !== 0) throw new Error(`sealift ${words[0] ?? ''}: ${String(done.status)}\n${done.stderr}`);
  return done.stdout;
}

/** Somebody at the command line, with a profile folder. */
export class Person {
  readonly home: string;

  constructor(server: TestServer, name: string) {
    this.home = join(server.folder, `home-${name}`);
    mkdirSync(this.home, { mode: 0o700 });
  }

  static enrolled(server: TestServer, address: string, ...more: readonly string[]): Person {
    const person = new Person(server, address.split('@')[0] ?? '');
    person.run('login', server.url, '--enrol', server.invite(address, ...more));
    return person;
  }

  run(...words: readonly string[]): string {
    return run(words, { HOME: this.home, SEALIFT_HOME: join(this.home, 'profile') });
  }

  json<Value>(...words: readonly string[]): Value {
    return JSON.parse(this.run(...words, '--json')) as Value;
  }
}
