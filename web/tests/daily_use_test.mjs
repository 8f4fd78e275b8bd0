// What people do to a page in a day's work: choose two photographs of one name, go elsewhere during a transfer, lose the
// network, load the page again, drop a file beside the frame, leave the paper key. Nothing is lost, and nothing is done
// without a word.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Road } from './road.mjs';
import { bob, marie, settle } from './town.mjs';
import { browserNames, launch, password, refusedRequest, Server, Tab } from './world.mjs';

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const brokenRoad = [...refusedRequest, /net::ERR|NetworkError|Cross-Origin|connection/i];

for (const name of browserNames) {
  describe(`daily use in ${name}`, () => {
    let server;
    let road;
    let browser;
    let town;
    let big;
    before(async () => {
      server = await Server.start();
      road = await Road.open(server.url);
      town = await settle(server);
      browser = await launch(name);
      for (const folder of ['front', 'back', 'big']) mkdirSync(join(server.folder, folder));
      writeFileSync(join(server.folder, 'front', 'image.jpg'), 'front of the card');
      writeFileSync(join(server.folder, 'back', 'image.jpg'), 'back of the card, longer');
      big = join(server.folder, 'big', 'records.bin');
      writeFileSync(big, randomBytes(12_000_001));
    });
    after(async () => {
      await browser.close();
      road.close();
      await server.stop();
    });

    const withTab = (work, at = server) => Tab.during(browser, at, (tab) => work(tab).finally(() => road.mend()));

    async function choose(tab, ...files) {
      await (await tab.page.$('input[type=file]')).uploadFile(...files);
      await tab.page.waitForSelector('main ul.list');
    }

    async function addressTo(tab, address) {
      await tab.fill('Email addresses of people with an account', address);
      await tab.press('Add');
      await tab.page.waitForSelector('main .tag.good, main .tag.warn');
    }

    const names = (tab) => tab.page.$$eval('main ul.list bdi', (all) => all.map((each) => each.textContent));

    it('two photographs of one name are both kept, and the new name is said', () =>
      withTab(async (tab) => {
        await tab.logIn(marie);
        await tab.go('/send');
        await choose(tab, join(server.folder, 'front', 'image.jpg'));
        await choose(tab, join(server.folder, 'back', 'image.jpg'));
        await tab.sees('Some files had the same name.');
        assert.deepEqual((await names(tab)).slice(-2), ['image (2).jpg', 'image.jpg']);
        await tab.axe();
        await choose(tab, join(server.folder, 'back', 'image.jpg'));
        await tab.sees('2 files');
        await tab.check();
      }));

    it('on a phone a paper is photographed, and nobody is offered a folder that cannot be chosen', () =>
      withTab(async (tab) => {
        await tab.page.evaluateOnNewDocument(() => {
          const original = globalThis.matchMedia;
          globalThis.matchMedia = (query) => (query === '(pointer: coarse)' ? Object.assign(new EventTarget(), { matches: true }) : original.call(globalThis, query));
        });
        await tab.logIn(marie);
        await tab.go('/send');
        await tab.page.evaluate(() => {
          HTMLInputElement.prototype.click = function () {
            globalThis.__asked = [this.accept, this.getAttribute('capture'), this.multiple];
          };
        });
        await tab.press('Take a photo');
        assert.deepEqual(await tab.page.evaluate(() => globalThis.__asked), ['image/*', 'environment', false]);
        assert.equal(await tab.page.evaluate(() => [...document.querySelectorAll('main button')].some((each) => each.textContent.includes('folder'))), false);
        const camera = await tab.page.$('input[type=file][capture]');
        await camera.uploadFile(join(server.folder, 'front', 'image.jpg'));
        await tab.sees('image.jpg');
        await tab.axe();
        await tab.check();
      }));

    it('a name that hides its ending is shown with its true one, and a program is marked', () =>
      withTab(async (tab) => {
        const odd = join(server.folder, 'front', 'report\u202Efdp.exe');
        writeFileSync(odd, 'MZ');
        const sent = JSON.parse(await server.commandLine('bob', 'send', odd, '--to', marie, '--json'));
        await tab.logIn(marie);
        await tab.go(`/inbox/${sent.parcel}`);
        await tab.press('Open');
        await tab.sees('report[U+202E]fdp.exe');
        await tab.sees('program (.exe)');
        assert.ok(!(await tab.text()).includes('\u202E'));
        await tab.axe();
      }));

    it('a file that is dropped beside the frame is taken, and one that is dropped elsewhere does no harm', () =>
      withTab(async (tab) => {
        await tab.logIn(marie);
        const drop = () =>
          tab.page.evaluate(() => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File(['dropped'], 'dropped.txt'));
            return document.querySelector('h1').dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer }));
          });
        await tab.go('/inbox');
        assert.equal(await drop(), false);
        assert.equal(await tab.heading(), 'Inbox');
        await tab.go('/send');
        assert.equal(await drop(), false);
        await tab.sees('dropped.txt');
      }));

    it('a transfer shows on every page, and nothing ends it without a question', () =>
      withTab(async (tab) => {
        await tab.logIn(marie);
        await tab.go('/send');
        await choose(tab, big);
        await addressTo(tab, bob);
        const cut = road.cutAfter(2_000_000);
        await tab.press('Seal and send');
        await cut;
        await tab.go('/log-in');
        await tab.page.waitForSelector('.under-way progress');
        assert.match(await tab.page.title(), /^(\d+%|No connection to the server) · /, 'for a reader who is in another tab');
        await tab.axe();
        await tab.press('Log out');
        await tab.sees('Log out during a transfer?');
        await tab.axe();
        await tab.press('Cancel');
        await tab.keepsFocus('cancelled');
        const asks = () => tab.page.evaluate(() => !dispatchEvent(new Event('beforeunload', { cancelable: true })));
        assert.equal(await asks(), true, 'the browser asks before the tab closes');
        road.mend();
        await tab.page.evaluate(() => dispatchEvent(new Event('online')));
        await tab.page.waitForFunction(() => document.querySelector('.under-way')?.innerText.includes('Done'), { timeout: 60_000 });
        assert.match(await tab.page.title(), /^Done · /);
        assert.equal(await asks(), false);
        await tab.press('Sealing and sending');
        await tab.sees('Everything has arrived, sealed.');
        await tab.page.waitForFunction(() => !document.querySelector('.under-way'));
        await tab.press('Log out');
        await tab.sees('Send files that nobody else can open');
      }, { url: road.url }));

    it('an unfinished sending says which files it wants back, goes on, and another is discarded', () =>
      withTab(async (tab) => {
        await tab.logIn(marie);
        for (const note of ['first', 'second']) {
          await tab.go('/send');
          await choose(tab, big);
          await addressTo(tab, bob);
          await tab.page.type('#note', note);
          const cut = road.cutAfter(4_000_000);
          await tab.press('Seal and send');
          await cut;
          await tab.page.goto('about:blank');
          road.mend();
          await tab.logIn(marie);
        }
        await tab.go('/send');
        await tab.sees('Unfinished sendings');
        await tab.axe();
        assert.equal((await tab.page.$$('main ul.list > li')).length, 2);
        await tab.press('Continue: records.bin');
        await tab.sees('Choose the same files again');
        assert.match(await tab.page.$eval('#note', (note) => note.value), /first|second/);
        await tab.sees(bob);
        const wrong = join(server.folder, 'front', 'records.bin');
        writeFileSync(wrong, 'another file of this name');
        await choose(tab, wrong);
        await tab.sees('not the same file');
        await tab.axe();
        await tab.press('Remove records.bin');
        await choose(tab, big);
        await tab.sees('All files are back.');
        await tab.press('Seal and send');
        await tab.sees('This finishes what you had started earlier.', 60_000);
        await tab.press('Send something else');
        await tab.press('Discard: records.bin');
        await tab.page.waitForFunction(() => !document.body.innerText.includes('Unfinished sendings'));
        await tab.keepsFocus('discarded');
      }, { url: road.url }));

    it('a receiving that was paused goes on, and one whose network went away too', () =>
      withTab(async (tab) => {
        const sent = JSON.parse(await server.commandLine('bob', 'send', big, '--to', marie, '--json'));
        await tab.logIn(marie);
        await tab.go(`/inbox/${sent.parcel}`);
        await tab.press('Open');
        await tab.control('Receive');
        await tab.keepsFocus('opened');
        const cut = road.cutAfter(9_000_000);
        await tab.press('Receive');
        await cut;
        await tab.press('Pause');
        await tab.sees('Paused', 60_000);
        await tab.go('/outbox');
        await tab.page.waitForSelector('.under-way progress');
        await tab.press('Receiving and checking');
        road.mend();
        await tab.press('Continue');
        await tab.sees('Verified, 12,000,001 bytes', 120_000);
        await tab.axe();
        const openings = JSON.parse(await server.commandLine('bob', 'outbox', sent.parcel, '--json'));
        assert.equal(openings.length, 1);
      }, { url: road.url }));

    it('a browser that cannot write to its disk by streams receives all the same', () =>
      withTab(async (tab) => {
        await tab.page.evaluateOnNewDocument(() => {
          delete globalThis.FileSystemFileHandle?.prototype.createWritable;
        });
        await tab.logIn(marie);
        await tab.go(`/inbox/${town.received}`);
        await tab.press('Open');
        await tab.press('Receive');
        await tab.sees('Verified, ', 60_000);
        await tab.check();
      }));

    it('a browser without a disk of its own receives small parcels, and opens none that it could not take', () =>
      withTab(async (tab) => {
        await tab.page.evaluateOnNewDocument(() => {
          // As in a private window: the disk's worker is refused every folder.
          globalThis.Worker = class extends Worker {
            postMessage(message, ...rest) {
              const isOpening = message?.task?.kind === 'disk' && message.task.task.act === 'open';
              super.postMessage(isOpening ? { ...message, task: { kind: 'disk', task: { ...message.task.task, folder: '..' } } } : message, ...rest);
            }
          };
        });
        const huge = join(server.folder, 'huge.bin');
        writeFileSync(huge, Buffer.alloc(70_000_000));
        const sent = JSON.parse(await server.commandLine('bob', 'send', huge, '--to', marie, '--json'));
        await tab.logIn(marie);
        await tab.go(`/inbox/${sent.parcel}`);
        await tab.sees('It has not been opened yet, and no opening was used.');
        await tab.axe();
        const openings = JSON.parse(await server.commandLine('bob', 'outbox', sent.parcel, '--json'));
        assert.equal(openings.length, 0);
        await tab.go(`/inbox/${town.received}`);
        await tab.press('Open');
        await tab.press('Receive');
        await tab.sees('Verified, ', 60_000);
      }));

    it('what one person left unfinished is shown to nobody else of the same browser', () =>
      withTab(async (tab) => {
        await tab.logIn(marie);
        await tab.go('/send');
        await choose(tab, big);
        await addressTo(tab, bob);
        await tab.page.type('#note', 'for nobody else');
        const cut = road.cutAfter(4_000_000);
        await tab.press('Seal and send');
        await cut;
        await tab.page.goto('about:blank');
        road.mend();
        await tab.logIn(bob);
        await tab.go('/send');
        await tab.sees('Seal and send');
        assert.doesNotMatch(await tab.text(), /Unfinished sendings|records\.bin/);
        await tab.logIn(marie);
        await tab.go('/send');
        await tab.press('Discard: records.bin');
        await tab.page.waitForFunction(() => !document.body.innerText.includes('Unfinished sendings'));
      }, { url: road.url }));

    it('a lost connection is said within two seconds, and the transfer goes on by itself', () =>
      withTab(async (tab) => {
        // By the page's own clock: from the first request that fails to the sentence.
        await tab.page.evaluateOnNewDocument(() => {
          const ask = globalThis.fetch.bind(globalThis);
          globalThis.fetch = (...words) =>
            ask(...words).catch((error) => {
              globalThis.__lost ??= performance.now();
              throw error;
            });
          new MutationObserver(() => {
            if (document.body?.innerText.includes('No connection to the server')) globalThis.__said ??= performance.now();
          }).observe(document, { subtree: true, childList: true });
        });
        await tab.logIn(marie);
        await tab.go('/send');
        await choose(tab, big);
        await addressTo(tab, bob);
        await tab.page.type('#note', 'by a road that breaks');
        const cut = road.cutAfter(4_000_000);
        await tab.press('Seal and send');
        await cut;
        try {
          await tab.sees('No connection to the server');
          const tookMs = await tab.page.evaluate(() => globalThis.__said - globalThis.__lost);
          assert.ok(tookMs < 2000, `${tookMs} ms`);
          assert.doesNotMatch(await tab.text(), /per second|about .* left/, 'no rate of bytes that do not move');
          await tab.axe();
        } finally {
          road.mend();
        }
        await tab.sees('Everything has arrived, sealed.', 60_000);
      }, { url: road.url }));

    it('a browser that is offline says so on every page', () =>
      withTab(async (tab) => {
        await tab.visit('/');
        await tab.page.evaluate(() => {
          Object.defineProperty(navigator, 'onLine', { get: () => globalThis.__isOnline, configurable: true });
          globalThis.__isOnline = false;
          dispatchEvent(new Event('offline'));
        });
        await tab.sees('You are offline.', 2_000);
        await tab.axe();
        await tab.page.evaluate(() => {
          globalThis.__isOnline = true;
          dispatchEvent(new Event('online'));
        });
        await tab.page.waitForFunction(() => !document.body.innerText.includes('You are offline.'));
      }));

    it('a page that nobody uses is locked after a warning, what is under way goes on, and only its owner finds it again', () =>
      withTab(async (tab) => {
        await tab.page.evaluateOnNewDocument(() => {
          const now = Date.now.bind(Date);
          globalThis.__ahead = 0;
          Date.now = () => now() + globalThis.__ahead;
        });
        const later = (minutes) =>
          tab.page.evaluate((more) => {
            globalThis.__ahead += more * 60_000;
          }, minutes);
        await tab.logIn(marie);
        await tab.go('/send');
        await choose(tab, big);
        await addressTo(tab, bob);
        await tab.page.type('#note', 'sent while nobody looks');
        const cut = road.cutAfter(4_000_000);
        await tab.press('Seal and send');
        await cut;
        await later(14.5);
        await tab.sees('This page locks in less than a minute');
        await tab.axe();
        await tab.page.mouse.move(100, 100);
        await tab.page.waitForFunction(() => !document.body.innerText.includes('This page locks'));
        await later(16);
        await tab.sees('This page was locked');
        assert.equal(await tab.page.$('header nav'), null);
        assert.doesNotMatch(await tab.text(), new RegExp(`records|${bob}`));
        await tab.keepsFocus('locked');
        await tab.axe();
        road.mend();
        await tab.page.evaluate(() => dispatchEvent(new Event('online')));
        const enter = async (address) => {
          await tab.fill('Address', address);
          await tab.fill('Password', password);
          await tab.press('Log in');
          await tab.page.waitForFunction(() => document.querySelector('header nav') !== null, { timeout: 60_000 });
        };
        await enter(marie);
        await tab.sees('Everything has arrived, sealed.', 60_000);
        await later(16);
        await tab.sees('This page was locked');
        await enter(bob);
        await tab.sees('Seal and send');
        assert.doesNotMatch(await tab.text(), /Everything has arrived|records/);
      }, { url: road.url }));

    it('a file that is in the folder already stays, and the new one gets a number', () =>
      withTab(async (tab) => {
        // A folder picker takes a person; a folder of the private disk is as good a folder.
        await tab.page.evaluateOnNewDocument(() => {
          globalThis.showDirectoryPicker = async () => (await navigator.storage.getDirectory()).getDirectoryHandle('picked', { create: true });
        });
        await tab.logIn(marie);
        await tab.page.evaluate(async () => {
          const file = await (await globalThis.showDirectoryPicker()).getFileHandle('minutes.txt', { create: true });
          const stream = await file.createWritable();
          await stream.write('mine');
          await stream.close();
        });
        await tab.go(`/inbox/${town.received}`);
        await tab.press('Open');
        await tab.press('Save into a folder…');
        await tab.sees('Verified, ', 60_000);
        await tab.sees('minutes (2).txt');
        await tab.axe();
        const found = await tab.page.evaluate(async () => {
          const folder = await globalThis.showDirectoryPicker();
          const read = async (path) => (await (await folder.getFileHandle(path)).getFile()).text();
          return [await read('minutes.txt'), await read('minutes (2).txt')];
        });
        assert.equal(found[0], 'mine');
        assert.equal(sha256(found[1]), sha256(readFileSync(join(town.files, 'minutes.txt'))));
      }));

    it('a paper key is confirmed before it counts, and the page is not left without a word', () =>
      withTab(async (tab) => {
        const address = `paper.${name}@example.org`;
        await tab.visit(await server.invite(address));
        await tab.fill('Choose a password', password);
        await tab.fill('Repeat the password', password);
        await tab.press('Create account');
        const old = await (await tab.page.waitForSelector('[data-secret="paper-key"]', { timeout: 60_000 })).evaluate((shown) => shown.textContent);
        await (await tab.page.$('header a.brand')).click();
        await tab.sees('Leave without confirming the paper key?');
        await tab.axe();
        await tab.press('Cancel');
        await tab.fill('Type the last group of characters from your copy', 'ZZZZZZ');
        await tab.sees('This is not the end of the key shown above.');
        await tab.fill('Type the last group of characters from your copy', '');
        await tab.confirmPaperKey(old.toLowerCase());
        await tab.settle();

        await tab.go('/account');
        await tab.press('Create a new paper key');
        // The page has another field of this name, for changing the password.
        const give = async (secret) => {
          const fields = await tab.page.$$('main form input[type=password]');
          await fields.at(-1).evaluate((field) => {
            field.focus();
            field.select();
          });
          await tab.page.keyboard.type(secret);
          await tab.press('Create a new paper key');
        };
        await give('not the password');
        await tab.sees('The current password or paper key is wrong.', 60_000);
        await give(password);
        const fresh = await (await tab.page.waitForSelector('[data-secret="paper-key"]', { timeout: 60_000 })).evaluate((shown) => shown.textContent);
        await tab.axe();

        const enter = (key) =>
          withTab(async (other) => {
            await other.visit('/log-in');
            await other.press('Use the paper key');
            await other.fill('Address', address);
            await other.fill('Paper key', key);
            await other.press('Log in');
            await other.page.waitForFunction(() => document.querySelector('header nav') ?? document.querySelector('main [role=alert]'), { timeout: 60_000 });
            return assert.ok(await other.page.$('header nav'), await other.text());
          });
        await enter(old);
        await assert.rejects(enter(fresh), 'not before it is confirmed');
        await tab.confirmPaperKey(fresh);
        await tab.sees('The new paper key is valid, and logs in after a day.', 60_000);
        await assert.rejects(enter(fresh), /was added to the account less than 24 hours ago, and doesn't log in for another 24 hours/);
        await assert.rejects(enter(old), /paper key is wrong/, 'it has ended');

        const next = `${password} too`;
        await tab.fill('Current password', password);
        await tab.fill('New password', next);
        await tab.fill('Repeat the password', next);
        await tab.press('Change password');
        const last = await (await tab.page.waitForSelector('[data-secret="paper-key"]', { timeout: 60_000 })).evaluate((shown) => shown.textContent);
        await withTab((other) => other.logIn(address));
        await tab.confirmPaperKey(last);
        await tab.sees('Your password has been changed.', 60_000);
        await tab.axe();
        await withTab((other) => other.logIn(address, next));
        await assert.rejects(enter(fresh), /paper key is wrong/, 'it has ended');
      }));

    it('the policy can be saved on a server as it comes', () =>
      withTab(async (tab) => {
        await tab.logIn(marie);
        await tab.go('/administration/policy');
        assert.equal(await (await tab.field('Storage per account')).evaluate((input) => input.value), '1');
        await tab.press('Save');
        await tab.sees('The policy has been saved.');
        await tab.keepsFocus('saved');
        await tab.fill('Longest parcel lifetime', '1,5');
        await tab.press('Save');
        await tab.sees('A value is out of range.');
        await tab.fill('Longest parcel lifetime', 'many');
        await tab.sees('Enter a number.');
        await tab.axe();
      }));

    it('focus never falls to the body', () =>
      withTab(async (tab) => {
        await tab.logIn(marie);
        await tab.keepsFocus('logged in');
        await tab.go('/requests');
        await tab.fill('What are you asking for?', 'Focus');
        await tab.press('Create link');
        await tab.sees('Your request is ready');
        await tab.keepsFocus('request made');
        await tab.press('CloseFocus');
        await (await tab.page.waitForSelector('dialog button.danger')).click();
        await tab.page.waitForFunction(() => !document.querySelector('dialog'));
        await tab.keepsFocus('request closed');
        await tab.go('/send');
        await choose(tab, big);
        await tab.press('Remove records.bin');
        await tab.page.waitForFunction(() => !document.querySelector('main ul.list'));
        await tab.keepsFocus('file removed');
        await addressTo(tab, bob);
        await tab.keepsFocus('recipient added');
        await tab.press(`Remove ${bob}`);
        await tab.keepsFocus('recipient removed');
        await tab.go('/administration');
        await tab.fill('Email address', `focus.${name}@example.org`);
        await tab.press('Create link');
        await tab.sees('The link has been created.');
        await tab.keepsFocus('invited');
        await tab.press(`Withdraw the link for focus.${name}@example.org`);
        await tab.sees('The link has been withdrawn.');
        await tab.keepsFocus('withdrawn');
        await tab.go('/log');
        await (await tab.page.waitForSelector('main button')).click();
        await tab.keepsFocus('checked');
      }));

    it('nothing of this is said on the console', () =>
      withTab(async (tab) => {
        await tab.logIn(marie);
        for (const path of ['/send', '/inbox', '/account', '/administration/policy']) await tab.go(path);
        await tab.check({ allowed: brokenRoad });
      }));
  });
}
