// What a sender changes after sending: when a parcel expires, and its links; whom they send to again, by groups; and whom
// they asked for files.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { bob, inTown, marie } from './town.mjs';
import { browserNames, Tab } from './world.mjs';

const dayMs = 86_400_000;

for (const name of browserNames) {
  describe(`after sending in ${name}`, () => {
    let server;
    let browser;
    let town;
    inTown(name, (made) => ({ server, browser, town } = made));

    const withTab = (work) => Tab.during(browser, server, work);
    const asMarie = (...words) => server.commandLine('marie', ...words);
    const sent = async (...options) => JSON.parse(await asMarie('send', join(town.files, 'minutes.txt'), '--json', ...options));
    const expiryOf = async (parcel) => {
      const all = JSON.parse(await asMarie('outbox', '--json'));
      return Date.parse(all.find((each) => each.parcel === parcel).expires);
    };

    async function choose(tab, ...files) {
      await (await tab.page.$('input[type=file]')).uploadFile(...files);
      await tab.page.waitForSelector('main ul.list');
    }

    /** Opens the part with this summary. */
    async function unfold(tab, summary) {
      await tab.press(summary);
      await tab.page.waitForFunction((wanted) => [...document.querySelectorAll('summary')].some((each) => each.textContent.trim() === wanted && each.parentElement.open), {}, summary);
    }

    it('a parcel is made to expire later or sooner, within the policy, and its link goes with it', () =>
      withTab(async (tab) => {
        const { parcel } = await sent('--link', '--expires', '3d');
        const wholeAt = (await expiryOf(parcel)) - 3 * dayMs;
        await tab.logIn(marie);
        await tab.go(`/outbox/${parcel}`);
        await unfold(tab, 'Change the expiry');
        const select = await tab.field('Can be opened from now on for');
        const offered = await select.evaluate((each) => [...each.options].map((option) => Number(option.value)));
        assert.ok(offered.includes(dayMs) && offered.includes(7 * dayMs), `${offered}`);
        await tab.axe();
        const before = Date.now();
        await select.select(String(Math.max(...offered)));
        await tab.press('Change');
        await tab.sees('The parcel now expires on');
        await tab.keepsFocus('a change of the expiry');
        const longest = await expiryOf(parcel);
        assert.ok(Math.abs(longest - before - Math.max(...offered)) < 60_000, `${longest}`);
        assert.deepEqual(JSON.parse(await asMarie('links', parcel, '--json')).map((each) => Date.parse(each.expires)), [longest], 'its link goes with it');
        // The policy counts from the sending, so a day later there is less left; the server says so to the command line.
        await assert.rejects(asMarie('expiry', parcel, '9y'), (error) => /The policy keeps this for/.test(error.stderr));
        const said = await tab.page.evaluate(() => /The parcel now expires on .*/.exec(document.body.innerText)[0]);
        await unfold(tab, 'Change the expiry');
        await (await tab.field('Can be opened from now on for')).select(String(dayMs));
        await tab.press('Change');
        await tab.page.waitForFunction((old) => ![undefined, old].includes(/The parcel now expires on .*/.exec(document.body.innerText)?.[0]), {}, said);
        assert.ok(Math.abs((await expiryOf(parcel)) - Date.now() - dayMs) < 60_000);
        assert.ok((await expiryOf(parcel)) < wholeAt + 3 * dayMs);
        await tab.axe();
        await tab.go('/log');
        await tab.sees('Expiry changed');
        await tab.check();
      }));

    it('a link is shown again in the browser that made it, in a later visit too, and nowhere else', () =>
      withTab(async (tab) => {
        await tab.logIn(marie);
        await tab.go('/send');
        await choose(tab, join(town.files, 'minutes.txt'));
        await (await tab.field('Link with a passphrase')).click();
        await tab.press('Seal and send');
        await tab.sees('Give the passphrase separately', 120_000);
        const secrets = await tab.page.$$eval('main .secret', (all) => all.map((each) => each.textContent));
        assert.equal(secrets.length, 2);
        const parcel = new URL(secrets[0]).pathname.slice(3);
        await tab.logIn(marie);
        await tab.go(`/outbox/${parcel}`);
        await unfold(tab, 'Show the link again');
        assert.deepEqual(await tab.page.$$eval('main .secret', (all) => all.map((each) => each.textContent)), secrets);
        await tab.axe();
        const kept = await tab.page.evaluate(async () => {
          const database = await new Promise((resolve) => Object.assign(indexedDB.open('sealift'), { onsuccess: (event) => resolve(event.target.result) }));
          const all = await new Promise((resolve) => Object.assign(database.transaction('notes').objectStore('notes').getAll(), { onsuccess: (event) => resolve(event.target.result) }));
          database.close();
          return all.map((bytes) => new TextDecoder('latin1').decode(bytes));
        });
        for (const each of kept) for (const secret of [new URL(secrets[0]).hash.slice(1), secrets[1]]) assert.ok(!each.includes(secret), 'sealed on the disk');
        assert.ok(tab.requests.every((url) => !url.includes(new URL(secrets[0]).hash.slice(1))));
        await tab.check();
        await withTab(async (elsewhere) => {
          await elsewhere.logIn(marie);
          await elsewhere.go(`/outbox/${parcel}`);
          await elsewhere.sees('Made in another browser, which alone can show this link again.');
          await elsewhere.axe();
        });
        // Once it is revoked there is nothing to show.
        await tab.press('Revoke link');
        await (await tab.page.waitForSelector('dialog button.danger')).click();
        await tab.sees('Access has been removed.');
        assert.doesNotMatch(await tab.text(), /Show the link again/);
      }));

    it('another link opens what was sent before, and its receipt is verified', () =>
      withTab(async (tab) => {
        await tab.logIn(marie);
        await tab.go('/send');
        await choose(tab, join(town.files, 'minutes.txt'));
        await tab.fill('Email addresses of people with an account', bob);
        await tab.press('Add');
        await tab.page.waitForFunction(() => /first time|key as before/.test(document.body.innerText), { timeout: 30_000 });
        await (await tab.field('Link with a passphrase')).click();
        await tab.press('Seal and send');
        await tab.sees('Everything has arrived, sealed.', 120_000);
        const [first, firstPassphrase] = await tab.page.$$eval('main .secret', (all) => all.map((each) => each.textContent));
        const parcel = new URL(first).pathname.slice(3);
        await tab.press('See who opens it');
        await tab.settle();
        await unfold(tab, 'Create another link');
        await tab.sees('It gets a passphrase of its own');
        await tab.fill('Open limit', '2');
        await tab.axe();
        await tab.press('Create link');
        await tab.sees('The new link', 60_000);
        await tab.keepsFocus('another link');
        await tab.axe();
        const [link, passphrase] = await tab.page.$$eval('section[aria-labelledby=link-made] .secret', (all) => all.map((each) => each.textContent));
        assert.equal(new URL(link).pathname, `/l/${parcel}`);
        assert.notEqual(link, first);
        for (const [given, secret] of [[link, passphrase], [first, firstPassphrase]]) {
          await withTab(async (visitor) => {
            await visitor.visit(given);
            await visitor.fill('Passphrase', secret);
            await visitor.press('Open');
            await visitor.sees('minutes.txt', 60_000);
            await visitor.press('Receive');
            await visitor.sees('Verified, ', 120_000);
          });
        }
        await tab.go('/outbox');
        await tab.go(`/outbox/${parcel}`);
        await tab.page.waitForFunction(() => document.querySelectorAll('main tbody tr').length === 2);
        assert.equal(await tab.page.$$eval('main tbody .tag.good', (all) => all.length), 2, await tab.text());
        await tab.sees('opened 1 of 2 times');
        assert.equal(JSON.parse(await asMarie('links', parcel, '--json')).length, 2);
        await server.commandLine('bob', 'receive', parcel, '-o', join(server.folder, `after-${name}`));
        await tab.check();
      }));

    it('a link made here to a parcel of the command line does not turn its receipt into a lie there', () =>
      withTab(async (tab) => {
        const { parcel } = await sent('--link');
        await tab.logIn(marie);
        await tab.go(`/outbox/${parcel}`);
        await unfold(tab, 'Create another link');
        await tab.sees('It has no passphrase');
        await tab.press('Create link');
        await tab.sees('The new link', 60_000);
        const [link] = await tab.page.$$eval('section[aria-labelledby=link-made] .secret', (all) => all.map((each) => each.textContent));
        await server.commandLine('visitor', 'receive', link, '-o', join(server.folder, `by-link-${name}`));
        const openings = JSON.parse(await asMarie('outbox', parcel, '--json'));
        assert.equal(openings.length, 1);
        await tab.check();
      }));

    it('a group is saved, chosen by its name, replaced and deleted; it is sealed here, and nobody else has it', () =>
      withTab(async (tab) => {
        const olga = 'olga.roy@example.org';
        await tab.logIn(marie);
        await tab.go('/send');
        await tab.fill('Email addresses of people with an account', `${bob}, ${olga}`);
        await tab.press('Add');
        await tab.sees(olga);
        await unfold(tab, 'Groups of recipients');
        await tab.fill('Group name', 'Finance office');
        await tab.press('Save as a group');
        await tab.sees('The group Finance office has been saved.');
        await tab.keepsFocus('a group');
        await tab.axe();
        const bodies = [];
        await tab.logIn(marie);
        tab.page.on('request', (request) => bodies.push(request.postData() ?? ''));
        await tab.go('/send');
        await tab.page.waitForFunction(() => document.querySelector('main datalist option') !== null);
        assert.equal(await tab.page.$eval('main datalist option', (each) => each.value), 'Finance office');
        await tab.fill('Email addresses of people with an account', 'finance OFFICE');
        await tab.page.keyboard.press('Enter');
        await tab.page.waitForFunction(() => document.querySelectorAll('main ul[aria-label=Recipients] > li').length === 2, { timeout: 30_000 });
        assert.match(await tab.text(), new RegExp(`${bob}[\\s\\S]*${olga}`));
        // One less, under the same name.
        await tab.press(`Remove ${olga}`);
        await unfold(tab, 'Groups of recipients');
        await tab.sees('2 people');
        await tab.fill('Group name', 'Finance Office');
        await tab.press('Replace the group Finance office');
        await tab.sees('1 person');
        await tab.press(`Remove ${bob}`);
        await tab.press('Add all in Finance Office');
        await tab.page.waitForFunction(() => document.querySelectorAll('main ul[aria-label=Recipients] > li').length === 1, { timeout: 30_000 });
        await tab.axe();
        const kept = await tab.page.evaluate(async () => {
          const database = await new Promise((resolve) => Object.assign(indexedDB.open('sealift'), { onsuccess: (event) => resolve(event.target.result) }));
          const all = await new Promise((resolve) => Object.assign(database.transaction('notes').objectStore('notes').getAll(), { onsuccess: (event) => resolve(event.target.result) }));
          database.close();
          return all.map((bytes) => new TextDecoder('latin1').decode(bytes));
        });
        assert.ok(kept.length > 0);
        for (const each of [...kept, ...bodies]) assert.doesNotMatch(each, /finance/i);
        await tab.logIn(bob);
        await tab.go('/send');
        await unfold(tab, 'Groups of recipients');
        assert.doesNotMatch(await tab.text(), /Finance/);
        await tab.logIn(marie);
        await tab.go('/send');
        await unfold(tab, 'Groups of recipients');
        await tab.press('Delete the group Finance Office');
        await (await tab.page.waitForSelector('dialog button.danger')).click();
        await tab.sees('The group Finance Office has been deleted.');
        await tab.keepsFocus('a group that was deleted');
        await tab.logIn(marie);
        await tab.go('/send');
        await unfold(tab, 'Groups of recipients');
        assert.doesNotMatch(await tab.text(), /Finance/);
        await tab.check();
      }));

    it('each of those who are asked for files has their own link, and it is seen who has answered', () =>
      withTab(async (tab) => {
        const [jean, lise] = ['jean.cote@example.net', 'lise.roy@example.net'];
        await tab.logIn(marie);
        await tab.go('/requests');
        await tab.fill('What are you asking for?', 'Proof of residence');
        await tab.fill('Whom do you ask?', `${jean}\nnot an address\n${lise}`);
        await tab.press('Create a link for each');
        await tab.sees('No link for these', 60_000);
        await tab.sees('Enter a valid email address.');
        assert.equal(await (await tab.field('Whom do you ask?')).evaluate((each) => each.value.trim().split('\n').length), 3, 'what was no address stays to be put right: its three words');
        const links = await tab.page.$$eval('section[aria-labelledby=request-made] .secret', (all) => all.map((each) => each.textContent));
        assert.equal(new Set(links).size, 2);
        const letter = await (await tab.control(`Write the email…${lise}`)).evaluate((each) => each.href);
        assert.match(letter, /^mailto:lise\.roy%40example\.net\?subject=Proof%20of%20residence&body=/);
        assert.ok(decodeURIComponent(letter).includes(links[1]));
        await tab.axe();
        await server.commandLine('jean', 'hand-in', links[0], join(town.files, 'minutes.txt'));
        const bodies = [];
        await tab.logIn(marie);
        tab.page.on('request', (request) => bodies.push(request.postData() ?? ''));
        await tab.go('/requests');
        await tab.sees(lise);
        const row = (address) => tab.page.$$eval('main li', (all, wanted) => all.find((each) => each.innerText.includes(wanted)).innerText, address);
        assert.match(await row(jean), /has submitted files/);
        assert.match(await row(lise), /nothing submitted yet/);
        assert.ok(decodeURIComponent(await (await tab.control(`Remind by email…${lise}`)).evaluate((each) => each.href)).includes(links[1]));
        assert.doesNotMatch(await row(jean), /Remind/, 'jean has answered');
        await tab.axe();
        for (const each of bodies) assert.ok(!each.includes('example.net'));
        await tab.logIn(bob);
        await tab.go('/requests');
        assert.doesNotMatch(await tab.text(), /example\.net/);
        await tab.check();
      }));
  });
}
