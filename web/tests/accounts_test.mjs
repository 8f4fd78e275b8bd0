// Accounts in the browser: enrolling, logging in, and every page that needs an account, in both
// languages; what a link scanner can do to a link.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { bob, inTown, marie } from './town.mjs';
import { browserNames, password, refusedRequest, Tab } from './world.mjs';

const pages = ['/', '/send', '/inbox', '/outbox', '/requests', '/account', '/log', '/administration', '/administration/policy', '/administration/recoveries', '/administration/lockdown', '/administration/health'];
const headings = {
  en: ['Send files that nobody else can open', 'Send files', 'Inbox', 'Outbox', 'File requests', 'Your account', 'What happened', 'Administration'],
  fr: ['Envoyez des fichiers que personne d’autre ne peut ouvrir', 'Envoyer des fichiers', 'Boîte de réception', 'Envois', 'Demandes de fichiers', 'Votre compte', 'Ce qui s’est passé', 'Administration'],
};

for (const name of browserNames) {
  describe(name, () => {
    let server;
    let browser;
    let town;
    inTown(name, (made) => ({ server, browser, town } = made));

    const withTab = (work) => Tab.during(browser, server, work, { pickers: true });

    it('an account is made from its link, and entered by password and by paper key', () =>
      withTab(async (tab) => {
        const address = 'lea.martin@example.org';
        const link = await server.invite(address);
        await tab.visit(link);
        await tab.sees(address);
        await tab.axe();
        await tab.fill('Choose a password', 'short');
        await tab.sees('At least 10 characters.');
        await tab.axe();
        const paperKey = await tab.enrol(link);
        assert.match(paperKey, /^SEALIFTPAPER1-/);
        await tab.press('Log out');
        await tab.logIn(address);
        assert.equal(await tab.heading(), 'Inbox');
        await tab.sees('Nothing has arrived yet.');
        await tab.press('Log out');
        await tab.visit('/log-in');
        await tab.press('Use the paper key');
        await tab.fill('Address', address);
        await tab.fill('Paper key', paperKey.toLowerCase().replaceAll('-', ' '));
        await tab.press('Log in');
        await tab.sees('Your account');
        await tab.check();

        await tab.visit(link);
        await tab.sees('This link has already been used');
      }));

    it('a wrong password is said, in the same words as an unknown address', () =>
      withTab(async (tab) => {
        for (const address of [marie, 'nobody@example.org']) {
          await tab.visit('/log-in');
          await tab.fill('Address', address);
          await tab.fill('Password', 'not the password at all');
          await tab.press('Log in');
          await tab.sees('The address or password is wrong.');
          await tab.axe();
        }
        await tab.check({ allowed: refusedRequest });
      }));

    for (const language of ['en', 'fr']) {
      it(`every page with an account is whole, accessible and silent: ${language}`, () =>
        withTab(async (tab) => {
          await tab.logIn(marie);
          await tab.page.select('footer select', language);
          for (const [place, path] of pages.entries()) {
            await tab.go(path);
            assert.equal(await tab.heading(), headings[language][Math.min(place, 7)], path);
            assert.equal(await tab.page.$('main [role="alert"]'), null, `${path}: ${await tab.text()}`);
            await tab.axe();
          }
          for (const path of [`/inbox/${town.received}`, `/outbox/${town.sent}`]) {
            await tab.go(path);
            await tab.axe();
          }
          await tab.page.select('footer label:nth-of-type(2) select', 'dark');
          for (const path of ['/send', `/outbox/${town.sent}`, '/log', '/administration', '/account']) {
            await tab.go(path);
            await tab.axe();
          }
          await tab.check();
        }));
    }

    it('nothing is wider than a phone', () =>
      withTab(async (tab) => {
        await tab.page.setViewport({ width: 360, height: 740 });
        const wide = () => tab.page.evaluate(() =>
          [...document.querySelectorAll('#app *')]
            .filter((each) => each.getBoundingClientRect().right > 360.5 && getComputedStyle(each).position !== 'absolute')
            .map((each) => `${each.tagName}.${each.className}: ${each.textContent.slice(0, 60)}`),
        );
        await tab.visit(await server.invite(`narrow.${name}@example.org`));
        await tab.sees('Choose a password');
        assert.deepEqual(await wide(), [], 'enrolment');
        assert.ok(await tab.page.evaluate(() => document.documentElement.scrollWidth <= 360), 'enrolment');
        await tab.logIn(marie);
        for (const language of ['en', 'fr']) {
          await tab.page.select('footer select', language);
          for (const path of [...pages, `/inbox/${town.received}`, `/outbox/${town.sent}`]) {
            await tab.go(path);
            assert.deepEqual(await wide(), [], `${language} ${path}`);
            assert.ok(await tab.page.evaluate(() => document.documentElement.scrollWidth <= 360), `${language} ${path}`);
          }
        }
      }));

    it('the keys of recipients are looked up and shown', () =>
      withTab(async (tab) => {
        await tab.logIn(marie);
        await tab.go('/send');
        await tab.fill('Email addresses of people with an account', `${bob} nobody@example.org`);
        await tab.press('Add');
        await tab.sees('first time');
        await tab.sees('no account');
        await tab.axe();
        await tab.press('Remove nobody@example.org');
        const input = await tab.page.$('input[type=file]');
        await input.uploadFile(join(town.files, 'minutes.txt'));
        await tab.sees('minutes.txt');
        await tab.control('Seal and send');
        await tab.check({ allowed: refusedRequest });
      }));

    it('an entry of the log is proved in the browser', () =>
      withTab(async (tab) => {
        await tab.logIn(marie);
        await tab.go('/log');
        await tab.sees('Continues what this browser saw before');
        const check = await tab.page.waitForFunction(() => [...document.querySelectorAll('main td button')].at(-1));
        await check.asElement().click();
        await tab.sees('Proved: entry');
        await tab.check();
      }));

    it('the pages themselves are in the log, once, and proved to anybody with an account', () =>
      withTab(async (tab) => {
        const manifest = Buffer.from(await (await fetch(`${server.url}/manifest.json`)).arrayBuffer());
        const hash = createHash('sha256').update(manifest).digest('hex');
        await tab.logIn(bob);
        await tab.go('/log');
        await tab.sees(hash);
        const proved = await tab.page.$eval('section[aria-labelledby="log-pages"] .tag.good', (tag) => tag.textContent);
        assert.match(proved, /^Proved: entry \d+$/);
        await tab.axe();
        await tab.check();
      }));

    it('a token has a name that only its owner reads', () =>
      withTab(async (tab) => {
        await tab.logIn(bob);
        await tab.go('/account');
        await tab.press('Create a token for a program');
        await tab.fill('Purpose', 'the scanner on floor 2');
        await tab.press('Create token');
        await tab.sees('Token. It is shown only once.');
        await tab.page.waitForFunction(() => [...document.querySelectorAll('section li strong')].some((each) => each.textContent === 'the scanner on floor 2'));
        await tab.axe();
        await tab.check();
      }));

    it('an officer asks for a recovery, approves it, and gets no keys before its time', () =>
      withTab(async (tab) => {
        await tab.logIn(marie);
        await tab.go('/administration/recoveries');
        await tab.fill('Email address of the account', bob);
        await tab.press('Request recovery');
        await tab.sees('Recovery requested. The owner has been told.');
        await tab.axe();
        const pressed = async (name) => (await tab.page.waitForFunction(
          (wanted) => [...document.querySelectorAll('main li button')].find((each) => each.textContent.startsWith(wanted) && !each.disabled), {}, name,
        )).asElement().click();
        await pressed('Approve');
        await tab.sees('approvals: 1');
        await pressed('Get the keys');
        assert.equal(await (await tab.field('Email address of the account')).evaluate((field) => field.value), bob);
        await tab.axe();
        await (await tab.page.waitForSelector('main li form button.primary')).click();
        await tab.sees('Approvals are missing, or the delay is not over.');
        await pressed('Cancel recovery');
        await tab.sees('No recovery is pending.');
        await tab.check({ allowed: refusedRequest });
      }));

    it('whose keys were asked for sees it on every page, and stops it', () =>
      withTab(async (tab) => {
        await server.commandLine('marie', 'recovery', 'ask', bob);
        await tab.logIn(bob);
        await tab.sees('Someone asked for your keys');
        await tab.go('/account');
        await tab.sees('2 of 2 recovery officers, together and after a waiting period');
        await tab.sees('Someone asked for your keys');
        await tab.axe();
        await tab.press('Stop it');
        await tab.page.waitForFunction(() => !document.body.innerText.includes('Someone asked for your keys'));
        await tab.press('Give new shares');
        await tab.sees('Compare the keys with what your organisation told you');
        await tab.axe();
        await tab.press('Give these officers shares');
        await tab.sees('The recovery officers have new shares; the old ones no longer work.');
        await tab.check();
      }));

    it('a scanner that fetches a link, and runs its page, uses up nothing', () =>
      withTab(async (tab) => {
        await fetch(town.link.split('#')[0]);
        await tab.visit(town.link);
        await tab.control('Open');
        await tab.axe();
        const used = async () => JSON.parse(await server.commandLine('marie', 'links', town.linkParcel, '--json'))[0].opens_used;
        assert.equal(await used(), 0);
        await server.commandLine('nobody', 'receive', town.link, '-o', join(server.folder, `scanned-${name}`));
        assert.equal(await used(), 1);
        await tab.check();
      }));

    it('an administrator invites, changes and suspends, after being asked', () =>
      withTab(async (tab) => {
        await tab.logIn(marie);
        await tab.go('/administration');
        await tab.fill('Email address', 'somebody.else@example.org');
        await tab.press('Create link');
        await tab.sees(`${server.url}/e#`);
        await tab.press(`Suspend ${bob}`);
        await tab.sees(`Suspend ${bob}?`);
        await tab.axe();
        await tab.press('Cancel');
        await tab.press(`Suspend ${bob}`);
        await (await tab.page.waitForSelector('dialog button.danger')).click();
        await tab.sees('suspended');
        await tab.press(`Reinstate ${bob}`);
        await (await tab.page.waitForSelector('dialog button.danger')).click();
        await tab.page.waitForFunction(() => !document.querySelector('main .tag.warn'));
        await tab.check();
      }));

    it('a session that an administrator ends is over in the page too', () =>
      withTab(async (tab) => {
        await tab.logIn(bob);
        await server.commandLine('marie', 'people', 'end-sessions', bob);
        await tab.go('/outbox');
        await tab.sees('Your login has ended.', 10_000);
        await tab.check({ allowed: refusedRequest });
      }));

    it('the password given is never in anything that is sent', () =>
      withTab(async (tab) => {
        // Asked of the page: not every browser tells its driver what a request carries.
        await tab.page.evaluateOnNewDocument(() => {
          globalThis.__sent = [];
          const send = globalThis.fetch.bind(globalThis);
          globalThis.fetch = (url, request) => {
            globalThis.__sent.push(`${String(url)} ${request?.body ?? ''} ${JSON.stringify(request?.headers ?? {})}`);
            return send(url, request);
          };
        });
        await tab.logIn(marie);
        const sent = await tab.page.evaluate(() => globalThis.__sent);
        assert.ok(sent.length > 3 && sent.some((each) => each.includes('authentication_key')), String(sent.length));
        for (const each of sent) assert.ok(!each.includes(password) && !each.includes(encodeURIComponent(password)), each.slice(0, 80));
      }));
  });
}
