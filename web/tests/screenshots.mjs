// Every page as a picture: both languages, both colour schemes, desktop and phone, against a real server.
//
//   node web/tests/screenshots.mjs OUT [PAGE...]      PAGE: names below; all by default
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { bob, marie, settle } from './town.mjs';
import { launch, Server, Tab } from './world.mjs';

const [out, ...wanted] = process.argv.slice(2);
const sizes = [
  ['desktop', 1280, 900],
  ['phone', 390, 844],
];
const id = '00112233445566778899aabbccddeeff';

const server = await Server.start();
const town = await settle(server);
const enrolment = await server.invite('lea.martin@example.org');

// name, how to get there; `account`: as Marie
const pages = [
  ['home', (tab) => tab.visit('/')],
  ['login', (tab) => tab.visit('/log-in')],
  ['enrol', (tab) => tab.visit(enrolment)],
  ['link', (tab) => tab.visit(town.link)],
  ['link-without-secret', (tab) => tab.visit(`/l/${id}`)],
  ['hand-in', (tab) => tab.visit(town.request)],
  ['start', (tab) => tab.go('/'), 'account'],
  ['send', (tab) => tab.go('/send'), 'account'],
  ['send-filled', fillSend, 'account'],
  ['inbox', (tab) => tab.go('/inbox'), 'account'],
  ['received', (tab) => tab.go(`/inbox/${town.received}`), 'account'],
  ['received-opened', openReceived, 'account'],
  ['outbox', (tab) => tab.go('/outbox'), 'account'],
  ['sent', (tab) => tab.go(`/outbox/${town.sent}`), 'account'],
  ['requests', (tab) => tab.go('/requests'), 'account'],
  ['account', (tab) => tab.go('/account'), 'account'],
  ['log', (tab) => tab.go('/log'), 'account'],
  ['admin-people', (tab) => tab.go('/administration'), 'account'],
  ['admin-policy', (tab) => tab.go('/administration/policy'), 'account'],
  ['admin-recoveries', (tab) => tab.go('/administration/recoveries'), 'account'],
  ['admin-lockdown', (tab) => tab.go('/administration/lockdown'), 'account'],
  ['admin-health', (tab) => tab.go('/administration/health'), 'account'],
].filter(([name]) => wanted.length === 0 || wanted.includes(name));

async function fillSend(tab) {
  await tab.go('/send');
  if (await tab.page.$('main ul.list')) return;
  await (await tab.page.$('input[type=file]')).uploadFile(join(town.files, 'minutes.txt'), join(town.files, 'Annual report', 'report.txt'));
  await (await tab.page.$('main form input[type=text]')).type(bob);
  await tab.page.keyboard.press('Enter');
  await tab.page.waitForFunction(() => document.querySelector('main .tag.good, main .tag.warn'));
}

async function openReceived(tab) {
  await tab.go(`/inbox/${town.received}`);
  await (await tab.page.waitForSelector('main button.primary')).click();
  await tab.page.waitForFunction(() => document.querySelectorAll('main .card').length >= 2 || document.querySelector('main [role=alert]'), { timeout: 60_000 });
}

const browser = await launch('chromium');
let count = 0;
mkdirSync(out, { recursive: true });
try {
  const guest = await Tab.open(browser, server);
  const member = await Tab.open(browser, server);
  if (pages.some((page) => page[2] === 'account')) await member.logIn(marie);
  for (const language of ['en', 'fr']) {
    for (const scheme of ['light', 'dark']) {
      for (const [size, width, height] of sizes) {
        for (const [name, reach, who] of pages) {
          const tab = who === 'account' ? member : guest;
          await tab.page.setViewport({ width, height });
          if (tab === guest && tab.requests.length === 0) await tab.visit('/');
          await tab.page.select('footer select', language);
          await tab.page.select('footer label:nth-of-type(2) select', scheme);
          await reach(tab);
          await tab.settle();
          await tab.page.screenshot({ path: join(out, `${name}-${language}-${scheme}-${size}.png`), fullPage: true });
          count += 1;
        }
      }
    }
  }
} finally {
  await browser.close();
  await server.stop();
}
console.log(`${count} screenshots in ${out}`);
