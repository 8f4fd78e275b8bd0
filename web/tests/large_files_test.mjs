// Large files between real browsers and the command line: sent and received whole, with little memory,
// through a network that goes away, and through a page that is loaded again or closed. The page under test
// (transfer_page/) has no interface; it is built and served as the pages are, under their policy.
//
//   SEALIFT_WEB_MIB   how large the file is (default 64; `make test-web-large` takes 1024)
import assert from 'node:assert/strict';
import { createHash, randomFillSync } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build as viteBuild } from 'vite';
import { watchMemory } from './memory.mjs';
import { Road } from './road.mjs';
import { browserNames, launch, password, Server } from './world.mjs';

const mebibytes = Number(process.env.SEALIFT_WEB_MIB ?? '64');
const sliceSize = 8 * 1024 * 1024;
const addedMibMax = 300;
const testTimeout = { timeout: 900_000 };

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

let server;
let road;
let bundle;
let file;

before(async () => {
  bundle = mkdtempSync(join(tmpdir(), 'sealift-transfer-page-'));
  const root = fileURLToPath(new URL('transfer_page', import.meta.url));
  await viteBuild({
    root,
    configFile: false,
    logLevel: 'error',
    worker: { format: 'es' },
    build: { outDir: join(bundle, 'page'), target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  });
  server = await Server.start();
  road = await Road.open(server.url, join(bundle, 'page'));
  file = makeFile(join(bundle, 'large.bin'), mebibytes * 1024 * 1024 + 12_345);
});
after(async () => {
  road?.close();
  await server?.stop();
  if (bundle) rmSync(bundle, { recursive: true, force: true });
});

/** A file of random bytes, and the SHA-256 of each 8 MiB of it. */
function makeFile(path, size) {
  const fd = openSync(path, 'w');
  const digests = [];
  const slice = Buffer.alloc(sliceSize);
  for (let at = 0; at < size; at += sliceSize) {
    const part = randomFillSync(slice).subarray(0, Math.min(sliceSize, size - at));
    writeSync(fd, part);
    digests.push(createHash('sha256').update(part).digest('hex'));
  }
  closeSync(fd);
  return { path, size, digests };
}

function digestsOf(path) {
  const fd = openSync(path, 'r');
  const slice = Buffer.alloc(sliceSize);
  const digests = [];
  for (;;) {
    let size = 0;
    for (let got = -1; got !== 0 && size < sliceSize; size += got) got = readSync(fd, slice, size, sliceSize - size);
    if (size === 0) break;
    digests.push(createHash('sha256').update(slice.subarray(0, size)).digest('hex'));
  }
  closeSync(fd);
  return digests;
}

class Page {
  static async open(browser) {
    const opened = new Page();
    opened.problems = [];
    opened.tab = await browser.newPage();
    opened.tab.on('console', (message) => message.type() === 'error' && opened.problems.push(message.text()));
    opened.tab.on('pageerror', (error) => opened.problems.push(String(error)));
    await opened.tab.goto(road.url);
    await opened.ready();
    return opened;
  }
  ready() {
    return this.tab.waitForFunction(() => globalThis.act !== undefined);
  }
  async act(name, ...args) {
    const answer = await this.tab.evaluate((...all) => globalThis.act(...all), name, ...args);
    if ('code' in answer) throw Object.assign(new Error(`${name}: ${answer.code}`), { code: answer.code });
    return answer.value;
  }
  async choose(path) {
    const input = await this.tab.$('#files');
    await input.uploadFile(path);
  }
}

for (const name of browserNames) {
  describe(`large files in ${name}`, () => {
    let browser;
    let page;
    const address = `page@${name}.example.org`;
    const other = `cli@${name}.example.org`;

    before(async () => {
      browser = await launch(name, { isWatched: false });
      page = await Page.open(browser);
      await page.act('enrol', await server.invite(address), password);
      await server.commandLine(name, 'login', server.url, '--enrol', await server.invite(other));
    });
    after(() => browser?.close());

    async function measured(what, work) {
      const begun = performance.now();
      const { value, addedMib, beforeMib } = await watchMemory(browser.process().pid, work);
      const seconds = (performance.now() - begun) / 1000;
      const speed = (file.size / 1e6 / seconds).toFixed(0);
      console.log(`${name} ${what} ${mebibytes} MiB in ${seconds.toFixed(1)} s (${speed} MB/s), ${addedMib} MiB more memory than the ${beforeMib} before`);
      assert.ok(addedMib < addedMibMax, `${addedMib} MiB`);
      return value;
    }

    async function receiveByCommandLine(parcel, sent) {
      const out = join(server.folder, `${parcel}-${name}`);
      await server.commandLine(name, 'receive', parcel, '-o', out);
      assert.deepEqual(digestsOf(join(out, basename(sent.path))), sent.digests);
    }

    test('a large file goes to the command line whole', testTimeout, async () => {
      await page.choose(file.path);
      const sent = await measured('sent', () => page.act('send', other));
      await receiveByCommandLine(sent.parcel, file);
      assert.deepEqual(page.problems, []);
    });

    test('a large file comes from the command line whole', testTimeout, async () => {
      const sent = JSON.parse(await server.commandLine(name, 'send', file.path, '--to', address, '--json'));
      const received = await measured('received', () => page.act('receive', sent.parcel));
      assert.equal(received.kind, 'private_disk');
      assert.equal(received.verifiedBytes, file.size);
      assert.ok(received.receiptEvent);
      assert.deepEqual(received.files, [{ path: 'large.bin', digests: file.digests }]);
      assert.deepEqual(page.problems, []);
    });

    test('a network that goes away delays a sending', testTimeout, async () => {
      const fresh = makeFile(join(bundle, 'cut.bin'), 40 * 1024 * 1024 + 1);
      await page.choose(fresh.path);
      const isCut = road.cutAfter(fresh.size / 4);
      const sending = page.act('send', other);
      await isCut;
      await pause(1500);
      road.mend();
      await receiveByCommandLine((await sending).parcel, fresh);
    });

    test('a network that goes away, twice, delays a receiving', testTimeout, async () => {
      const fresh = makeFile(join(bundle, 'cut-again.bin'), 40 * 1024 * 1024 + 1);
      const { parcel } = JSON.parse(await server.commandLine(name, 'send', fresh.path, '--to', address, '--json'));
      let isCut = road.cutAfter(fresh.size / 4);
      const receiving = page.act('receive', parcel);
      await isCut;
      await pause(1500);
      isCut = road.cutAfter(fresh.size / 2);
      road.mend();
      await isCut;
      await pause(500);
      road.mend();
      const received = await receiving;
      assert.equal(received.verifiedBytes, fresh.size);
      assert.ok(received.receiptEvent);
      assert.deepEqual(received.files, [{ path: 'cut-again.bin', digests: fresh.digests }]);
    });

    for (const [end, leave] of [
      ['loaded again', async () => page.tab.reload()],
      ['closed', async () => {
        await page.tab.close();
        page = await Page.open(browser);
      }],
    ]) {
      test(`a sending goes on after the page was ${end}`, testTimeout, async () => {
        const fresh = makeFile(join(bundle, `${end}.bin`), 40 * 1024 * 1024 + 1);
        await page.choose(fresh.path);
        const isCut = road.cutAfter(fresh.size / 2);
        page.act('send', other).catch(() => undefined);
        await isCut;
        road.mend();
        await leave();
        await page.ready();
        await page.act('logIn', address, password);
        const [left] = await page.act('unfinished');
        assert.deepEqual(left.names, [`${end}.bin`]);
        assert.ok(left.sentBytes > 0);
        await page.choose(fresh.path);
        const sent = await page.act('send', other);
        assert.ok(sent.wasContinued);
        await receiveByCommandLine(sent.parcel, fresh);
        assert.deepEqual(await page.act('unfinished'), []);
      });
    }
  });
}
