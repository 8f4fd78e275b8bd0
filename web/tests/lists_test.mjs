// What lists say: who, what, for which request; and nothing that isn't so.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { bob, marie, settle } from './town.mjs';
import { browserNames, launch, Server, Tab } from './world.mjs';

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

for (const name of browserNames) {
  describe(`lists in ${name}`, () => {
    let server;
    let browser;
    let town;
    before(async () => {
      server = await Server.start();
      town = await settle(server);
      await server.commandLine('jean', 'hand-in', town.request, join(town.files, 'minutes.txt'));
      browser = await launch(name);
    });
    after(async () => {
      await browser.close();
      await server.stop();
    });

    async function withTab(work) {
      const tab = await Tab.open(browser, server);
      await tab.page.evaluateOnNewDocument(() => {
        delete globalThis.showDirectoryPicker;
        delete globalThis.showSaveFilePicker;
      });
      try {
        await work(tab);
      } finally {
        await tab.close();
      }
    }

    it('the outbox says what is in each parcel, by note and names, and opens none for it', () =>
      withTab(async (tab) => {
        await tab.logIn(marie);
        await tab.go('/outbox');
        await tab.sees('As discussed.');
        const row = await tab.page.$$eval('main tbody tr', (rows) => rows.map((each) => each.innerText).find((each) => each.includes('As discussed.')));
        assert.match(row, /report\.txt/);
        assert.match(row, new RegExp(bob));
        await tab.axe();
        await tab.check();
        const openings = JSON.parse(await server.commandLine('marie', 'outbox', town.sent, '--json'));
        assert.equal(openings.length, 1, 'the one of bob');
        await tab.go(`/outbox/${town.sent}`);
        await tab.sees('As discussed.');
        await tab.sees(bob);
        await tab.axe();
      }));

    it('a hand-in is in the inbox, with its request, and not in the outbox as something sent by link', () =>
      withTab(async (tab) => {
        await tab.logIn(marie);
        await tab.go('/inbox');
        await tab.sees('Your pay slips of this year, please');
        await tab.axe();
        await tab.go('/outbox');
        const byLink = await tab.page.$$eval('main tbody th', (all) => all.filter((each) => each.innerText === 'By link').length);
        assert.equal(byLink, 1, 'the one that was sent by link');
      }));

    it('no time is of 1970', () =>
      withTab(async (tab) => {
        await tab.logIn(marie);
        await tab.go('/inbox');
        const place = await tab.page.$$eval('main tbody tr', (rows) => rows.find((each) => each.innerText.includes('pay slips')).querySelector('a').pathname);
        await tab.go(place);
        await tab.press('Open');
        await tab.sees('Someone without an account');
        assert.doesNotMatch(await tab.text(), /19(69|70)/);
        assert.match(await tab.text(), /Can be opened until/);
        await tab.check();
      }));

    it('among thousands of files one is found by its name, and taken alone', () =>
      withTab(async (tab) => {
        const many = join(server.folder, 'many');
        mkdirSync(many);
        for (let each = 0; each < 5000; each += 1) writeFileSync(join(many, `scan ${String(each).padStart(4, '0')}.txt`), `scan ${each}`);
        const sent = JSON.parse(await server.commandLine('bob', 'send', many, '--to', marie, '--json'));
        await tab.logIn(marie);
        await tab.go(`/inbox/${sent.parcel}`);
        await tab.press('Open');
        await tab.sees('5,000 files');
        assert.ok((await tab.page.$$('main li')).length <= 200, 'a list that a browser can draw');
        await tab.press('Select none');
        await tab.fill('Find files by name', 'SCAN 4321');
        await tab.sees('1 of 5,000 files match.');
        await tab.press('Select what was found');
        await tab.axe();
        await tab.press('Receive');
        await tab.sees('Verified, 9 bytes', 60_000);
        await tab.control('Save many/scan 4321.txt');
        await tab.check();
      }));

    it('everything is saved as one archive that others read, byte by byte', () =>
      withTab(async (tab) => {
        await tab.logIn(marie);
        await tab.go(`/inbox/${town.received}`);
        await tab.press('Open');
        await tab.press('Receive');
        await tab.sees('Verified, ', 60_000);
        await tab.page.evaluate(() => {
          const make = URL.createObjectURL;
          URL.createObjectURL = (blob) => {
            globalThis.__saved = blob;
            return make.call(URL, blob);
          };
        });
        await tab.press('Save all as one archive');
        await tab.page.waitForFunction(() => globalThis.__saved !== undefined, { timeout: 30_000 });
        const archive = join(server.folder, `all-${name}.zip`);
        const bytes = await tab.page.evaluate(async () => [...new Uint8Array(await globalThis.__saved.arrayBuffer())]);
        writeFileSync(archive, Uint8Array.from(bytes));
        const out = join(server.folder, `all-${name}`);
        const read = spawnSync('python3', ['-m', 'zipfile', '-e', archive, out], { encoding: 'utf8' });
        assert.equal(read.status, 0, read.stderr);
        for (const path of ['minutes.txt', 'Annual report/report.txt', 'Annual report/annex/tables.csv'])
          assert.equal(sha256(readFileSync(join(out, path))), sha256(readFileSync(join(town.files, path))), path);
        await tab.axe();
        await tab.check();
      }));
  });
}
