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

// Ten thousand parcels take long to send: the page gets a list of so many, in pages like the server's, and everything
// else from the server itself.
function receivedMany({ count, sender, recipient }) {
  const ask = globalThis.fetch.bind(globalThis);
  const hex = (place) => place.toString(16).padStart(32, '0');
  globalThis.__pagesRead = 0;
  globalThis.fetch = async (url, ...rest) => {
    const { pathname, searchParams } = new URL(url, location.href);
    if (pathname !== '/api/v1/parcels/received') return ask(url, ...rest);
    globalThis.__pagesRead += 1;
    const from = Number(searchParams.get('before') ?? 0);
    const places = Array.from({ length: Math.min(50, count - from) }, (_, each) => from + each);
    const parcels = places.map((place) => ({
      id: hex(place + 1), sender, state: 'whole', sealed_by: 'client', receipt: 'on_open', revision: 1,
      payload_bytes: 1000 + ((place * 7919) % count) * 1000,
      recipients: [{ account: recipient, generation: 1, opens_used: place % 10 === 0 ? 0 : 1 }],
      created: Date.now() - place * 60_000, whole_at: Date.now() - place * 60_000, expires: Date.now() + 86_400_000,
    }));
    const next = from + 50 < count ? { next: String(from + 50) } : {};
    return new Response(JSON.stringify({ parcels, ...next }), { headers: { 'Content-Type': 'application/json' } });
  };
}

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

    const withTab = (work) => Tab.during(browser, server, work);

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
        await tab.press('Next page');
        await tab.sees('51 to 100 of 5,000');
        await tab.keepsFocus('turned');
        await tab.sees('many/scan 0099.txt');
        await tab.axe();
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

    it('ten thousand parcels are there at once, and are filtered, sorted, turned and found again where they were', () =>
      withTab(async (tab) => {
        const own = JSON.parse(await server.commandLine('marie', 'inbox', '--json'));
        const sent = JSON.parse(await server.commandLine('marie', 'outbox', '--json'));
        const sender = own.find((each) => each.request === undefined).sender;
        const recipient = sent[0].sender;
        await tab.page.evaluateOnNewDocument(receivedMany, { count: 10_000, sender, recipient });
        await tab.logIn(marie);
        const rows = () => tab.page.$$eval('main tbody tr', (all) => all.map((each) => each.innerText));
        let begin = Date.now();
        await tab.go('/inbox');
        await tab.sees('1 to 50; there are older ones');
        assert.ok((await tab.page.evaluate(() => globalThis.__pagesRead)) <= 4, 'the first page does not wait for the others');
        assert.equal((await rows()).length, 50);
        await tab.axe();
        await tab.press('Next page');
        await tab.sees('51 to 100; there are older ones');
        await tab.keepsFocus('turned');
        begin = Date.now();
        await tab.page.select(`#${await (await tab.field('Show')).evaluate((select) => select.id)}`, 'waiting');
        await tab.sees('1 to 50 of 1,000', 120_000);
        await tab.page.select(`#${await (await tab.field('Order')).evaluate((select) => select.id)}`, 'largest');
        await tab.page.waitForFunction(() => document.querySelector('main tbody td[data-label="Size"]').innerText.startsWith('10'));
        console.log(`10,000 parcels read, filtered and sorted in ${name}: ${Date.now() - begin} ms`);
        await tab.press('Next page');
        await tab.sees('51 to 100 of 1,000');
        const visited = (await rows())[7];
        const link = (await tab.page.$$('main tbody a'))[7];
        await link.click();
        await tab.page.waitForFunction(() => location.pathname.startsWith('/inbox/'));
        await tab.page.goBack();
        await tab.sees('51 to 100 of 1,000');
        assert.equal((await rows())[7], visited, 'the same page, filter and order');
        await tab.page.waitForFunction(() => document.activeElement?.dataset.return !== undefined, { timeout: 5_000 });
        begin = Date.now();
        await tab.fill('Search', '0000270f');
        await tab.sees('Nothing matches.');
        await tab.page.select(`#${await (await tab.field('Show')).evaluate((select) => select.id)}`, 'all');
        await tab.sees('1 to 1 of 1');
        console.log(`one of 10,000 found in ${name}: ${Date.now() - begin} ms`);
        assert.ok((await tab.page.evaluate(() => globalThis.__pagesRead)) <= 620, 'nothing is read for it that was not read before');
        await tab.axe();
        await tab.page.waitForFunction(() => document.title.startsWith('(1000) '), { timeout: 5_000 });
      }));

    it('"Delivered" is said of a verified receipt, and of nothing else', () =>
      withTab(async (tab) => {
        await tab.logIn(marie);
        await tab.go('/send');
        const [chooser] = await Promise.all([tab.page.waitForFileChooser(), tab.press('Choose files')]);
        await chooser.accept([join(town.files, 'minutes.txt')]);
        await tab.fill('Email addresses of people with an account', bob);
        await tab.press('Add');
        await tab.page.waitForFunction(() => /first time|key as before/.test(document.body.innerText), { timeout: 30_000 });
        await tab.page.type('#note', 'Delivered or not');
        await tab.press('Seal and send');
        await tab.sees('Everything has arrived, sealed.', 60_000);
        const row = (subject) => tab.page.waitForFunction((words) => [...document.querySelectorAll('main tbody tr')].find((each) => each.innerText.includes(words))?.innerText, { timeout: 20_000 }, subject).then((found) => found.jsonValue());
        await tab.go('/outbox');
        assert.match(await row('Delivered or not'), /Sent/);
        const [{ parcel }] = JSON.parse(await server.commandLine('bob', 'inbox', '--json')).map((each) => ({ parcel: each.id ?? each.parcel }));
        await server.commandLine('bob', 'receive', parcel, '-o', join(server.folder, `bob-${name}`));
        await tab.press('Refresh');
        await tab.page.waitForFunction(() => [...document.querySelectorAll('main tbody tr')].some((each) => each.innerText.includes('Delivered or not') && /Delivered\s/.test(each.innerText.replace('Delivered or not', ''))), { timeout: 20_000 });
        // Sent from another computer: its receipt can't be compared here.
        assert.doesNotMatch((await row('As discussed.')).replace('Delivered or not', ''), /Delivered/);
        await tab.axe();
        await tab.fill('Search', 'delivered NOT');
        await tab.page.waitForFunction(() => document.querySelectorAll('main tbody tr').length === 1);
        await tab.check();
      }));

    it('what was opened says what was in it, also in a later visit, and to nobody else of this browser', () =>
      withTab(async (tab) => {
        const note = `Only once opened, ${name}`;
        const sent = JSON.parse(await server.commandLine('bob', 'send', join(town.files, 'minutes.txt'), '--to', marie, '--note', note, '--json'));
        await tab.logIn(marie);
        await tab.go('/inbox');
        const rowOf = (id) => tab.page.$$eval('main tbody tr', (all, wanted) => all.find((each) => each.querySelector('a').href.endsWith(wanted))?.innerText, id);
        await tab.page.waitForFunction(() => document.querySelector('main tbody tr'));
        assert.match(await rowOf(sent.parcel), /new[\s\S]*Not opened yet/);
        assert.match(await tab.page.title(), /^\(\d+\) /, 'unread ones are counted in the title');
        await tab.go(`/inbox/${sent.parcel}`);
        await tab.press('Open');
        await tab.sees(note);
        await tab.go('/inbox');
        await tab.sees(note);
        assert.doesNotMatch(await rowOf(sent.parcel), /\bnew\b|Not opened yet/);
        const kept = await tab.page.evaluate(async () => {
          const database = await new Promise((resolve) => Object.assign(indexedDB.open('sealift'), { onsuccess: (event) => resolve(event.target.result) }));
          const all = await new Promise((resolve) => Object.assign(database.transaction('notes').objectStore('notes').getAll(), { onsuccess: (event) => resolve(event.target.result) }));
          database.close();
          return all.map((bytes) => new TextDecoder('latin1').decode(bytes));
        });
        assert.ok(kept.length > 0);
        for (const each of kept) assert.doesNotMatch(each, /minutes|opened/);
        await tab.logIn(bob);
        await tab.go('/inbox');
        await tab.sees('Inbox');
        assert.doesNotMatch(await tab.text(), /Only once opened/);
        await tab.logIn(marie);
        await tab.go('/inbox');
        await tab.sees(note);
        await tab.check();
      }));
  });
}
