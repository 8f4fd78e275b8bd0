// New keys in the browser: their owner makes them and gets at everything from before, correspondents are told, and after a
// recovery of the new keys the file that the officers gave back makes the next ones.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { bob, inTown, marie } from './town.mjs';
import { browserNames, password, refusedRequest, Tab } from './world.mjs';

const ines = 'ines.costa@example.org';

for (const name of browserNames) {
  describe(`new keys in ${name}`, () => {
    let server;
    let browser;
    let town;
    let paperKey;
    let parcel;
    inTown(name, (made) => ({ server, browser, town } = made));

    const withTab = (work) => Tab.during(browser, server, work);
    const addressees = 'Email addresses of people with an account';

    async function startsNewKeys(tab) {
      await tab.go('/account');
      await tab.press('Make new keys');
      await tab.sees('They get shares of the new keys.');
    }
    async function makesNewKeys(tab) {
      await tab.press('Make new keys and end all other logins');
      await tab.sees('Your account has new keys, and all other logins have ended.', 60_000);
    }
    async function opens(tab, each, file) {
      await tab.go(`/inbox/${each}`);
      await tab.press('Open');
      await tab.sees(file);
    }

    it('their owner makes them with the paper key, and opens what was sent before', () =>
      withTab(async (tab) => {
        paperKey = await tab.enrol(await server.invite(ines));
        parcel = JSON.parse(await server.commandLine('marie', 'send', join(town.files, 'minutes.txt'), '--to', ines, '--json')).parcel;
        await Tab.during(browser, server, async (correspondent) => {
          await correspondent.logIn(bob);
          await correspondent.go('/send');
          await correspondent.fill(addressees, ines);
          await correspondent.press('Add');
          await correspondent.sees('first time');
          await correspondent.press('Log out');

          await startsNewKeys(tab);
          await tab.fill('Paper key', paperKey);
          await tab.fill('Password', 'not the password at all');
          await tab.press('Make new keys and end all other logins');
          await tab.sees('The password or the paper key is wrong');
          await tab.axe();
          await tab.fill('Password', password);
          await makesNewKeys(tab);
          await tab.axe();
          await tab.logIn(ines);
          await opens(tab, parcel, 'minutes.txt');
          await tab.go('/account');
          await tab.sees('2 of 2 recovery officers, together and after a waiting period');
          assert.doesNotMatch(await tab.page.evaluate(() => document.body.innerText), /can be made stronger|has new keys/);
          await tab.check();

          await correspondent.logIn(bob);
          await correspondent.go('/send');
          await correspondent.fill(addressees, ines);
          await correspondent.press('Add');
          await correspondent.sees(`${ines} has new keys`);
          await correspondent.sees('Their old keys and their paper key endorse the new ones.');
          await correspondent.axe();
          await correspondent.page.select('footer select', 'fr');
          await correspondent.sees(`${ines} a de nouvelles clés`);
          await correspondent.page.select('footer select', 'en');
          await correspondent.go('/inbox');
          await correspondent.press('I have read this');
          await correspondent.page.waitForFunction(() => !document.body.innerText.includes('has new keys'));
          await correspondent.go('/outbox');
          assert.doesNotMatch(await correspondent.text(), /has new keys/);
          await correspondent.check();
        });
      }));

    it('a new paper key signs none yet: the earlier one is kept, and asked for', () =>
      withTab(async (tab) => {
        await tab.logIn(ines);
        await tab.go('/account');
        await tab.press('Create a new paper key');
        // The page has another field of this name, for changing the password.
        await (await tab.page.$$('main form input[type=password]')).at(-1).type(password);
        await tab.press('Create a new paper key');
        const shown = await tab.page.waitForSelector('[data-secret="paper-key"]', { timeout: 60_000 });
        const newer = await shown.evaluate((element) => element.textContent);
        await tab.sees('Keep the earlier paper key too');
        await tab.axe();
        await tab.confirmPaperKey(newer);
        await tab.page.waitForFunction(() => document.querySelector('[data-secret="paper-key"]') === null, { timeout: 30_000 });
        await startsNewKeys(tab);
        await tab.fill('Paper key', newer);
        await tab.fill('Password', password);
        await tab.press('Make new keys and end all other logins');
        await tab.sees('or another paper key signs this account’s new keys');
        await tab.press('Another paper key, or a recovery');
        await tab.fill('Earlier paper key', paperKey);
        await tab.axe();
        await makesNewKeys(tab);
        await tab.logIn(ines);
        await opens(tab, parcel, 'minutes.txt');
        await tab.check();
      }));

    it('who lost everything gets the new keys back from two officers, and makes the next with their file', () =>
      withTab(async (tab) => {
        const keysFile = join(server.folder, 'keys.txt');
        await tab.page.evaluateOnNewDocument(() => {
          const make = URL.createObjectURL;
          URL.createObjectURL = (blob) => {
            globalThis.__saved = blob;
            return make(blob);
          };
        });
        const pressed = async (wanted) => (await tab.page.waitForFunction(
          (text) => [...document.querySelectorAll('main li button')].find((each) => each.textContent.startsWith(text) && !each.disabled), {}, wanted,
        )).asElement().click();
        await tab.logIn(marie);
        await tab.go('/administration/recoveries');
        await tab.fill('Email address of the account', ines);
        await tab.press('Request recovery');
        await tab.sees('Recovery requested. The owner has been told.');
        await pressed('Approve');
        await tab.sees('approvals: 1');
        const { recovery, key } = JSON.parse(await server.commandLine('olga', 'recovery', 'list', '--json')).recoveries[0];
        await server.commandLine('olga', 'recovery', 'approve', recovery, ines, '--key', key);
        const catalog = join(server.data, 'catalog', 'catalog.db');
        execFileSync('python3', ['-c', 'import sqlite3, sys\nwith sqlite3.connect(sys.argv[1], timeout=30) as it: it.execute("UPDATE recoveries SET not_before = 0")', catalog]);
        await tab.go('/administration');
        await tab.go('/administration/recoveries');
        await tab.sees('approvals: 2');
        await pressed('Get the keys');
        await tab.axe();
        await (await tab.page.waitForSelector('main li form button.primary')).click();
        await tab.sees('The keys are saved.');
        await tab.page.waitForFunction(() => globalThis.__saved !== undefined);
        writeFileSync(keysFile, await tab.page.evaluate(() => globalThis.__saved.text()), { mode: 0o600 });
        await tab.press('Log out');

        await tab.visit(await server.invite(ines));
        await tab.sees('This address already has an account');
        await (await tab.page.waitForSelector('#recovered')).uploadFile(keysFile);
        await tab.fill('Choose a password', password);
        await tab.fill('Repeat the password', password);
        await tab.axe();
        await tab.press('Create account');
        const shown = await tab.page.waitForSelector('[data-secret="paper-key"]', { timeout: 60_000 });
        const newest = await shown.evaluate((element) => element.textContent);
        await tab.sees('Keep the keys file from your recovery officers');
        await tab.axe();
        await tab.confirmPaperKey(newest);
        await tab.settle();
        await opens(tab, parcel, 'minutes.txt');

        await startsNewKeys(tab);
        await tab.fill('Paper key', newest);
        await tab.fill('Password', password);
        await tab.press('Another paper key, or a recovery');
        await (await tab.page.waitForSelector('#rotate-recovered')).uploadFile(join(town.files, 'minutes.txt'));
        await tab.press('Make new keys and end all other logins');
        await tab.sees('This file signs no keys of this account.');
        await (await tab.page.waitForSelector('#rotate-recovered')).uploadFile(keysFile);
        await makesNewKeys(tab);
        await tab.logIn(ines);
        await opens(tab, parcel, 'minutes.txt');
        await tab.go('/account');
        await tab.sees('2 of 2 recovery officers, together and after a waiting period');
        await tab.check({ allowed: refusedRequest });
      }));
  });
}
