// The life of a parcel through the pages: between two people in browsers, between browser and command
// line in both directions, by link, and by file request; what was saved is compared byte by byte.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { bob, marie, settle } from './town.mjs';
import { browserNames, launch, refusedRequest, Server, Tab } from './world.mjs';

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** Takes everything in a parcel that is open on the page; gives the hashes of what can be saved, by path. */
async function takeAll(tab) {
  // The pickers need a person; without them the ladder goes on to the private disk.
  await tab.page.evaluate(() => {
    globalThis.__saved = [];
    URL.createObjectURL = ((original) => (blob) => {
      globalThis.__saved.push(blob.arrayBuffer().then((buffer) => crypto.subtle.digest('SHA-256', buffer)));
      return original.call(URL, blob);
    })(URL.createObjectURL);
  });
  await tab.press('Receive');
  await tab.sees('Verified, ', 120_000);
  await tab.axe();
  const names = await tab.page.$$eval('main button[aria-label^="Save "]', (buttons) => buttons.map((each) => each.getAttribute('aria-label').slice(5)));
  const hashes = {};
  for (const name of names) {
    await tab.press(`Save ${name}`);
    hashes[name] = await tab.page.evaluate(async () =>
      [...new Uint8Array(await globalThis.__saved.at(-1))].map((byte) => byte.toString(16).padStart(2, '0')).join(''));
  }
  return hashes;
}

for (const name of browserNames) {
  describe(name, () => {
    let server;
    let browser;
    let town;
    let big;
    before(async () => {
      server = await Server.start();
      town = await settle(server);
      browser = await launch(name);
      mkdirSync(join(server.folder, 'big'));
      big = join(server.folder, 'big', 'records été.bin');
      writeFileSync(big, randomBytes(5_000_001));
    });
    after(async () => {
      await browser.close();
      await server.stop();
    });

    const withTab = (work) => Tab.during(browser, server, work);

    async function choose(tab, ...files) {
      await (await tab.page.$('input[type=file]')).uploadFile(...files);
      await tab.page.waitForSelector('main ul.list');
    }

    it('from the command line into the browser, verified, with a receipt for the sender', () =>
      withTab(async (tab) => {
        await tab.logIn(marie);
        await tab.go(`/inbox/${town.received}`);
        await tab.press('Open');
        await tab.sees(bob);
        await tab.sees('The minutes, with the report behind them.');
        await tab.axe();
        const hashes = await takeAll(tab);
        assert.equal(hashes['minutes.txt'], sha256(readFileSync(join(town.files, 'minutes.txt'))));
        assert.equal(hashes['Annual report/annex/tables.csv'], sha256(readFileSync(join(town.files, 'Annual report', 'annex', 'tables.csv'))));
        await tab.sees('The sender has your signed receipt.');
        await tab.check();
        assert.match(await server.commandLine('bob', 'outbox', town.received, '--json'), /"received"/);
      }));

    /** Until so many folders of received files are on the browser's private disk. */
    function foldersLeft(tab, wanted) {
      return tab.page.waitForFunction(async (count) => {
        const root = await navigator.storage.getDirectory();
        const folder = await root.getDirectoryHandle('sealift-received').catch(() => undefined);
        let found = 0;
        if (folder !== undefined) for await (const each of folder.keys()) found += each.length > 0 ? 1 : 0;
        return found === count;
      }, { timeout: 30_000 }, wanted);
    }

    it('nothing of what was received stays on the private disk, after logging out or at the next start', () =>
      withTab(async (tab) => {
        const receive = async () => {
          const { parcel } = JSON.parse(await server.commandLine('bob', 'send', join(town.files, 'minutes.txt'), '--to', marie, '--json'));
          await tab.logIn(marie);
          await tab.go(`/inbox/${parcel}`);
          await tab.press('Open');
          await takeAll(tab);
        };
        await receive();
        await foldersLeft(tab, 1);
        await tab.press('Log out');
        await foldersLeft(tab, 0);
        await receive();
        await foldersLeft(tab, 1);
        // The page goes without a word.
        await tab.logIn(marie);
        await foldersLeft(tab, 0);
      }));

    it('from the browser to somebody in another browser, and to the command line', () =>
      withTab(async (sender) => {
        await sender.logIn(bob);
        await sender.go('/send');
        await choose(sender, big);
        await sender.fill('Email addresses of people with an account', marie);
        await sender.press('Add');
        await sender.page.waitForSelector('main .tag.good, main .tag.warn');
        await sender.page.type('#note', 'Für dich, “ici” <b>not bold</b>');
        await sender.press('Seal and send');
        await sender.sees('Everything has arrived, sealed.', 120_000);
        await sender.axe();
        await sender.press('See who opens it');
        await sender.sees('Nobody has opened it yet.');
        const parcel = (await sender.page.evaluate(() => location.pathname)).split('/').at(-1);
        await sender.check();

        await withTab(async (receiver) => {
          await receiver.logIn(marie);
          await receiver.go(`/inbox/${parcel}`);
          await receiver.press('Open');
          await receiver.sees('<b>not bold</b>');
          const hashes = await takeAll(receiver);
          assert.equal(hashes['records été.bin'], sha256(readFileSync(big)));
          await receiver.sees('Verified, 5,000,001 bytes');
          await receiver.check();
        });
        await server.commandLine('marie', 'receive', parcel, '-o', join(server.folder, `out-${name}`));
        assert.equal(sha256(readFileSync(join(server.folder, `out-${name}`, 'records été.bin'))), sha256(readFileSync(big)));
      }));

    it('by link with a generated passphrase, to somebody without an account, once', () =>
      withTab(async (sender) => {
        await sender.logIn(marie);
        await sender.go('/send');
        await choose(sender, join(town.files, 'minutes.txt'));
        await (await sender.field('Link with a passphrase')).click();
        await sender.fill('Open limit', '1');
        await sender.press('Seal and send');
        await sender.sees('Give the passphrase separately', 120_000);
        const [link, passphrase] = await sender.page.$$eval('main .secret', (all) => all.map((each) => each.textContent));
        await sender.check();

        await withTab(async (visitor) => {
          await visitor.visit(link);
          await visitor.fill('Passphrase', 'not this one at all');
          await visitor.press('Open');
          await visitor.sees('The passphrase is wrong. No opening was used', 60_000);
          await visitor.axe();
          await visitor.fill('Passphrase', passphrase);
          await visitor.press('Open');
          await visitor.sees('minutes.txt', 60_000);
          const hashes = await takeAll(visitor);
          assert.equal(hashes['minutes.txt'], sha256(readFileSync(join(town.files, 'minutes.txt'))));
        });
        await withTab(async (late) => {
          await late.visit(link);
          await late.fill('Passphrase', passphrase);
          await late.press('Open');
          await late.sees('This link no longer works', 60_000);
          await late.axe();
        });
      }));

    it('an outsider answers a file request', () =>
      withTab(async (tab) => {
        await tab.visit(town.request);
        await tab.sees('Your pay slips of this year, please');
        await choose(tab, join(town.files, 'minutes.txt'));
        await tab.page.type('#note', 'From Jean.');
        await tab.axe();
        await tab.press('Submit');
        await tab.sees('Reference number:', 120_000);
        await tab.axe();
        const parcel = await tab.page.$eval('main .mono', (shown) => shown.textContent);
        await tab.check();
        await server.commandLine('marie', 'receive', parcel, '-o', join(server.folder, `handed-in-${name}`));
        assert.equal(sha256(readFileSync(join(server.folder, `handed-in-${name}`, 'minutes.txt'))), sha256(readFileSync(join(town.files, 'minutes.txt'))));
      }));

    it('somebody more can open what was sent before', () =>
      withTab(async (tab) => {
        const zoe = `zoe.${name}@example.org`;
        await server.commandLine(`zoe-${name}`, 'login', server.url, '--enrol', await server.invite(zoe));
        await tab.logIn(marie);
        await tab.go(`/outbox/${town.sent}`);
        await tab.fill('Add a recipient', 'nobody@example.org');
        await tab.press('Add recipient');
        await tab.sees('Nobody has an account with this address here.');
        await tab.axe();
        await tab.fill('Add a recipient', zoe);
        await tab.press('Add recipient');
        await tab.sees(`${zoe} can open it from now on`);
        await tab.axe();
        await tab.fill('Add a recipient', zoe);
        await tab.press('Add recipient');
        await tab.sees('This person is already a recipient');
        await tab.check({ allowed: refusedRequest });
        const out = join(server.folder, `zoe-receives-${name}`);
        await server.commandLine(`zoe-${name}`, 'receive', town.sent, '-o', out);
        assert.equal(sha256(readFileSync(join(out, 'Annual report', 'annex', 'tables.csv'))), sha256(readFileSync(join(town.files, 'Annual report', 'annex', 'tables.csv'))));
      }));

    it('what was taken back cannot be opened', () =>
      withTab(async (tab) => {
        await tab.logIn(marie);
        await tab.go(`/outbox/${town.sent}`);
        await tab.sees('report.txt');
        await tab.press('Recall parcel');
        await (await tab.page.waitForSelector('dialog button.danger')).click();
        await tab.sees('The parcel has been recalled.');
        await tab.axe();
        await tab.check();
        await assert.rejects(server.commandLine('bob', 'receive', town.sent, '-o', join(server.folder, `recalled-${name}`)));
      }));
  });
}
