// Pages that need no account, and what the server gives with them: in every browser asked for, both
// languages, both colour schemes. Quick: part of `make test`.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { browserNames, launch, refusedRequest, Server, Tab } from './world.mjs';

const id = '00112233445566778899aabbccddeeff';
// Of both cases: one of capitals alone is taken for a link that was changed to capitals.
const secret = `${'Ab'.repeat(21)}A`;
const headings = {
  en: { '/': 'Send files that nobody else can open', '/log-in': 'Log in', '/e': 'Create your account', '/send': 'Log in', [`/l/${id}`]: 'Files for you', [`/r/${id}`]: 'Submit files' },
  fr: { '/': 'Envoyez des fichiers que personne d’autre ne peut ouvrir', '/log-in': 'Se connecter', '/e': 'Créer votre compte', '/send': 'Se connecter', [`/l/${id}`]: 'Des fichiers pour vous', [`/r/${id}`]: 'Déposer des fichiers' },
};

let server;
before(async () => {
  server = await Server.start();
});
after(() => server.stop());

describe('what the server gives', () => {
  it('every page is the same bytes, whoever asks', async () => {
    const first = await (await fetch(server.url)).text();
    for (const [path, headers] of [['/log-in', {}], [`/l/${id}`, { 'Accept-Language': 'fr' }], ['/inbox', { Cookie: `session=${secret}` }]]) {
      assert.equal(await (await fetch(server.url + path, { headers })).text(), first);
    }
  });

  it('the manifest has every file with its hash, and the policy that is sent', async () => {
    const { manifest } = await (await fetch(`${server.url}/manifest.json`)).json();
    const page = await fetch(server.url);
    assert.equal(page.headers.get('content-security-policy'), manifest.default_csp);
    assert.ok(Object.keys(manifest.files).length >= 4);
    for (const [path, hash] of Object.entries(manifest.files)) {
      const bytes = Buffer.from(await (await fetch(server.url + path)).arrayBuffer());
      assert.equal(createHash('sha256').update(bytes).digest('base64url'), hash, path);
    }
    const asked = [...(await page.text()).matchAll(/(?:src|href)="(\/[^"]*)"/g)].map((each) => each[1]);
    assert.ok(asked.length >= 3);
    for (const path of asked) assert.ok(path in manifest.files, path);
  });

  it('the first page is under 150 KB compressed', async () => {
    const html = await (await fetch(server.url)).text();
    let bytes = 0;
    for (const path of ['/', ...[...html.matchAll(/(?:src|href)="(\/[^"]*)"/g)].map((each) => each[1])]) {
      const answer = await fetch(server.url + path, { headers: { 'Accept-Encoding': 'gzip' } });
      bytes += Number(answer.headers.get('content-length'));
      await answer.arrayBuffer();
    }
    console.log(`first page: ${bytes} bytes with gzip`);
    assert.ok(bytes > 10_000 && bytes < 150_000, String(bytes));
  });

  it('for a path that no page has a program gets a refusal, and a person a page', async () => {
    for (const path of ['/nothing', '/l/', '/administration/people/x', '/index.php', '/.git/config']) {
      const answer = await fetch(server.url + path);
      assert.equal(answer.status, 404, path);
      const { code, reason } = await answer.json();
      assert.deepEqual({ code, reason }, { code: 'not_found', reason: 'no_operation' });
      const page = await fetch(server.url + path, { headers: { Accept: 'text/html,*/*;q=0.8' } });
      assert.match(page.headers.get('content-type'), /^text\/html/, path);
      assert.equal(page.status, path.startsWith('/l/') ? 200 : 404, path);
    }
  });
});

for (const name of browserNames) {
  describe(name, () => {
    let browser;
    before(async () => {
      browser = await launch(name);
    });
    after(() => browser.close());

    const withTab = (work) => Tab.during(browser, server, work, { pickers: true });

    for (const language of ['en', 'fr']) {
      it(`pages are whole, accessible and silent: ${language}`, () =>
        withTab(async (tab) => {
          await tab.visit('/');
          await tab.page.select('footer select', language);
          for (const scheme of ['light', 'dark']) {
            await tab.page.select('footer label:nth-of-type(2) select', scheme);
            for (const [path, heading] of Object.entries(headings[language])) {
              await tab.visit(path);
              assert.equal(await tab.heading(), heading, path);
              assert.equal(await tab.page.$eval('html', (html) => `${html.lang} ${html.dataset.theme}`), `${language} ${scheme}`);
              await tab.axe();
            }
          }
          await tab.check();
        }));
    }

    it('what follows "#" leaves the address bar and goes nowhere', () =>
      withTab(async (tab) => {
        for (const path of [`/e#${secret}`, `/l/${id}#${secret}`, `/r/${id}#${secret}.${secret}`]) {
          await tab.visit(path);
          assert.equal(await tab.page.evaluate(() => location.href), server.url + path.split('#')[0]);
        }
        const looks = tab.requests.filter((url) => /enrolments\/look|\/requests\//.test(url));
        assert.equal(looks.length, 2, 'what is refused is not asked again by itself');
        await tab.page.evaluate((fragment) => {
          location.hash = fragment;
        }, secret);
        await tab.page.waitForFunction(() => !location.href.includes('#'));
        for (const url of tab.requests) assert.ok(!url.includes(secret) || url.includes('#'), url);
        await tab.check({ allowed: refusedRequest });
      }));

    it('a link without its secret says so, and takes it pasted', () =>
      withTab(async (tab) => {
        await tab.visit(`/l/${id}`);
        await tab.sees('The part of the link after');
        await tab.fill('Link', `${server.url}/l/${id}#short`);
        await tab.press('Continue');
        await tab.sees('The link is cut off: 38 characters');
        await tab.axe();
        await tab.check();
      }));

    it('a link that a mail system changed opens all the same, and says who may have read it', () =>
      withTab(async (tab) => {
        for (const path of [`/l/${id}%23${secret}`, `/r/${id}%23${secret}.${secret}`, `/e%23${secret}`]) {
          await tab.visit(path);
          assert.equal(await tab.page.evaluate(() => location.href), server.url + path.split('%23')[0]);
          if (path.startsWith('/l/')) await tab.sees('A mail system changed this link');
          assert.ok(!(await tab.text()).includes(secret));
        }
        for (const path of [`/l/${id}.#${secret}`, `/l/${id}/#${secret}`]) {
          await tab.visit(path);
          assert.equal(await tab.page.evaluate(() => location.href), `${server.url}/l/${id}`);
          await tab.control('Open');
        }
        await tab.visit('/');
        const link = `${server.url}/l/${id}#${secret}`;
        const wrapped = `https://nam01.safelinks.protection.outlook.com/?url=${encodeURIComponent(link)}&data=05%7C01&reserved=0`;
        for (const pasted of [`Here: <${link}>, thanks`, `${link.slice(0, -12)} ${link.slice(-12)}.`, wrapped]) {
          await tab.visit(`/l/${id}`);
          await tab.fill('Link', pasted);
          await tab.press('Continue');
          await tab.control('Open');
          const isTold = (await tab.text()).includes('A mail system changed this link');
          assert.equal(isTold, pasted === wrapped, pasted);
        }
        await tab.visit(`/l/${id}`);
        await tab.fill('Link', 'https://other.example/l/' + id + '#' + secret);
        await tab.press('Continue');
        await tab.sees('This link belongs to another server: https://other.example');
        await tab.axe();
        await tab.check({ allowed: refusedRequest });
      }));

    // Firefox gives its tree to the system alone.
    if (name === 'chromium')
      it('a screen reader finds its way: parts, headings and the names of what can be used, in order', () =>
        withTab(async (tab) => {
          for (const [path, heading] of Object.entries(headings.en)) {
            await tab.visit(path);
            await tab.speaks(heading);
          }
          await tab.visit('/log-in');
          assert.deepEqual((await tab.speaks('Log in')).filter(([role]) => !['alert', 'status'].includes(role)), [
            ['link', 'Skip to content'],
            ['banner', ''],
            ['link', 'Sealift'],
            ['main', ''],
            ['heading 1', 'Log in'],
            ['textbox', 'Address'],
            ['textbox', 'Password'],
            ['button', 'Log in'],
            ['button', 'Use the paper key'],
            ['contentinfo', ''],
            ['combobox', 'Language'],
            ['combobox', 'Colours'],
          ]);
        }));

    if (name === 'chromium')
      it('the page can be installed', () =>
        withTab(async (tab) => {
          await tab.visit('/');
          const session = await tab.page.createCDPSession();
          const { url, errors, data } = await session.send('Page.getAppManifest');
          assert.equal(url, `${server.url}/app.json`);
          assert.deepEqual(errors, []);
          const { icons, start_url: start } = JSON.parse(data);
          for (const path of [start, ...icons.map((icon) => icon.src)]) assert.equal((await fetch(server.url + path)).status, 200, path);
          await tab.check();
        }));

    it('a dropped file does not open in place of the page', () =>
      withTab(async (tab) => {
        for (const path of ['/', '/log-in', `/l/${id}`]) {
          await tab.visit(path);
          const isRefused = await tab.page.evaluate(() => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File(['x'], 'x.txt'));
            return ['dragover', 'drop'].map((name) => !document.body.dispatchEvent(new DragEvent(name, { bubbles: true, cancelable: true, dataTransfer })));
          });
          assert.deepEqual(isRefused, [true, true], path);
        }
      }));

    it('the keyboard alone gets everywhere', () =>
      withTab(async (tab) => {
        await tab.visit('/log-in');
        const focused = () => tab.page.evaluate(() => {
          const element = document.activeElement;
          return (element?.labels?.[0] ?? element)?.textContent?.trim() ?? '';
        });
        const outlined = () => tab.page.evaluate(() => {
          const style = getComputedStyle(document.activeElement);
          return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
        });
        await tab.page.keyboard.press('Tab');
        assert.equal(await focused(), 'Skip to content');
        await tab.page.keyboard.press('Enter');
        assert.equal(await tab.page.evaluate(() => document.activeElement?.id), 'main');
        const seen = [];
        for (let step = 0; step < 6; step += 1) {
          await tab.page.keyboard.press('Tab');
          assert.ok(await outlined(), `no focus ring on ${await focused()}`);
          seen.push(await focused());
        }
        assert.deepEqual(seen.slice(0, 4), ['Address', 'Password', 'Log in', 'Use the paper key']);
        assert.ok(seen[4].startsWith('Language') && seen[5].startsWith('Colours'), seen.join());
        await tab.check();
      }));

    it('every target is large enough, and nothing is wider than a phone', () =>
      withTab(async (tab) => {
        await tab.page.setViewport({ width: 360, height: 740 });
        for (const path of Object.keys(headings.en)) {
          await tab.visit(path);
          const small = await tab.page.evaluate(() =>
            [...document.querySelectorAll('button, select, input:not([type=file]):not(.hidden-text), .button, nav a, summary')]
              .filter((each) => each.getClientRects().length > 0)
              .map((each) => ({ name: each.textContent, height: each.closest('.choice')?.clientHeight ?? each.getBoundingClientRect().height }))
              .filter((each) => each.height < 43.5),
          );
          assert.deepEqual(small, [], path);
          assert.ok(await tab.page.evaluate(() => document.documentElement.scrollWidth <= 360), path);
        }
      }));
  });
}

describe('the browser’s own language', () => {
  it('is taken when there is one of ours, and a choice outlives the page', async () => {
    const browser = await launch(browserNames[0], { languages: 'fr-CA,fr' });
    try {
      const tab = await Tab.open(browser, server);
      await tab.visit('/');
      assert.equal(await tab.heading(), headings.fr['/']);
      await tab.page.select('footer select', 'en');
      await tab.sees(headings.en['/']);
      await tab.visit('/log-in');
      assert.equal(await tab.heading(), 'Log in');
    } finally {
      await browser.close();
    }
  });
});
