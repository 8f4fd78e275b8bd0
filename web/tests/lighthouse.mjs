// Lighthouse's judgement of every page, in Debian's Chromium, against a real server: accessibility and best
// practices have to be 100, and the first page interactive within a second.
//
//   node web/tests/lighthouse.mjs [PAGE...]      PAGE: a path below; all by default
//
// Pages for visitors are loaded as a visitor loads them. Those with an account are judged as they stand after
// the login, because loading anew ends it. Nothing is throttled, and nothing leaves the machine.
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { marie, settle } from './town.mjs';
import { launch, Server, Tab } from './world.mjs';

const wanted = process.argv.slice(2);
const interactiveMsMax = 1000;
const needed = ['accessibility', 'best-practices'];

const tools = createRequire(fileURLToPath(new URL('../lighthouse/package.json', import.meta.url)));
const { navigation, snapshot } = await import(pathToFileURL(tools.resolve('lighthouse')));

const server = await Server.start();
const browser = await launch('chromium');
const failures = [];

const settings = {
  formFactor: 'desktop',
  screenEmulation: { mobile: false, width: 1280, height: 900, deviceScaleFactor: 1, disabled: false },
  throttlingMethod: 'provided',
  disableStorageReset: true,
};

function judge(path, { lhr }) {
  const scores = needed.map((name) => [name, Math.round(lhr.categories[name].score * 100)]);
  const times = lhr.audits.interactive?.numericValue;
  const shown = [...scores.map(([name, score]) => `${name} ${score}`), ...(times === undefined ? [] : [`interactive ${times.toFixed(0)} ms`])];
  console.log(`${path.padEnd(28)} ${shown.join(', ')}`);
  for (const [name, score] of scores) {
    if (score === 100) continue;
    const refs = lhr.categories[name].auditRefs.filter((ref) => ref.weight > 0 && (lhr.audits[ref.id].score ?? 1) < 1);
    failures.push(`${path}: ${name} ${score}: ${refs.map((ref) => ref.id).join(', ')}`);
  }
  return times;
}

const isWanted = (path) => wanted.length === 0 || wanted.includes(path);

try {
  const town = await settle(server);
  const enrolment = await server.invite('lea.martin@example.org');
  const visited = [['/', ''], ['/log-in', ''], ['/e', enrolment], ['/l', town.link], ['/r', town.request]];
  for (const [path, link] of visited.filter(([path]) => isWanted(path))) {
    const tab = await Tab.open(browser, server);
    const categories = path === '/' ? [...needed, 'performance'] : needed;
    const result = await navigation(tab.page, link || server.url + path, {
      config: { extends: 'lighthouse:default', settings: { ...settings, onlyCategories: categories } },
    });
    const times = judge(path, result);
    if (path === '/' && !(times < interactiveMsMax)) failures.push(`${path}: interactive after ${times} ms`);
    await tab.close();
  }

  const member = await Tab.open(browser, server);
  await member.page.setViewport({ width: 1280, height: 900 });
  await member.logIn(marie);
  const pages = [
    '/', '/send', '/inbox', `/inbox/${town.received}`, '/outbox', `/outbox/${town.sent}`, '/requests', '/account', '/log', '/administration',
    '/administration/policy', '/administration/recoveries', '/administration/lockdown', '/administration/health',
  ];
  for (const path of pages.filter(isWanted)) {
    await member.go(path);
    const config = { extends: 'lighthouse:default', settings: { ...settings, onlyCategories: needed } };
    judge(`${path.replace(/[0-9a-f]{32}/, '…')} (signed in)`, await snapshot(member.page, { config }));
  }
} finally {
  await browser.close();
  await server.stop();
}
for (const failure of failures) console.error(failure);
process.exit(failures.length === 0 ? 0 : 1);
