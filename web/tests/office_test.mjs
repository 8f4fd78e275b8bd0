// A day at the office: what people do besides sending and receiving. Looking into what came, reminding, sending to the
// same people again, inviting many, and being told when the login or the whole server ends.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { deflateSync } from 'node:zlib';
import { bob, inTown, marie } from './town.mjs';
import { browserNames, refusedRequest, Tab } from './world.mjs';

/** A picture of one red pixel. */
function redPixel() {
  const crcOf = (bytes) => {
    let crc = ~0;
    for (const byte of bytes) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    }
    return ~crc >>> 0;
  };
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const out = Buffer.alloc(8 + body.length);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crcOf(body), 4 + body.length);
    return out;
  };
  const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0]);
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', header), chunk('IDAT', deflateSync(Buffer.from([0, 255, 0, 0]))), chunk('IEND', Buffer.alloc(0))]);
}

for (const name of browserNames) {
  describe(`a day at the office in ${name}`, () => {
    let server;
    let browser;
    let town;
    inTown(name, (made) => ({ server, browser, town } = made));

    const withTab = (work) => Tab.during(browser, server, work);

    it('a sender whom this browser never met is proved by the directory, or marked as the server’s word', () =>
      withTab(async (tab) => {
        await tab.page.evaluateOnNewDocument(() => {
          const ask = globalThis.fetch.bind(globalThis);
          globalThis.fetch = async (url, ...rest) => {
            const answer = await ask(url, ...rest);
            if (localStorage.getItem('honest') || new URL(url, location.href).pathname !== '/api/v1/parcels/received') return answer;
            const text = (await answer.text()).replaceAll('bob.singh@', 'nobody@');
            return new Response(text, { headers: answer.headers });
          };
        });
        await tab.logIn(marie);
        await tab.go('/inbox');
        await tab.sees('nobody@example.org');
        await tab.sees('according to the server');
        await tab.axe();
        await tab.page.evaluate(() => {
          localStorage.setItem('honest', '1');
        });
        await tab.logIn(marie);
        await tab.go('/inbox');
        await tab.sees(bob);
        await tab.page.waitForFunction(() => !document.body.innerText.includes('according to the server'), { timeout: 20_000 });
      }));

    it('a list that cannot be read says so once, and is read again when somebody asks', () =>
      withTab(async (tab) => {
        await tab.page.evaluateOnNewDocument(() => {
          const ask = globalThis.fetch.bind(globalThis);
          globalThis.__failed = 0;
          globalThis.fetch = (url, ...rest) => {
            const isList = new URL(url, location.href).pathname === '/api/v1/parcels/received';
            if (!isList || !globalThis.__isDown) return ask(url, ...rest);
            globalThis.__failed += 1;
            return Promise.resolve(new Response(JSON.stringify({ code: 'locked_down' }), { status: 503, headers: { 'Content-Type': 'application/json' } }));
          };
        });
        await tab.logIn(marie);
        await tab.go('/inbox');
        await tab.sees(bob);
        await tab.page.evaluate(() => {
          globalThis.__isDown = true;
        });
        await tab.press('Refresh');
        await tab.sees('The server is locked down.');
        await tab.sees(bob);
        await tab.page.evaluate(() => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next))));
        assert.ok((await tab.page.evaluate(() => globalThis.__failed)) <= 2);
        await tab.page.evaluate(() => {
          globalThis.__isDown = false;
        });
        await tab.press('Refresh');
        await tab.page.waitForFunction(() => !document.body.innerText.includes('The server is locked down.'), { timeout: 10_000 });
      }));

    it('pictures and texts are looked at in a frame that runs nothing', () =>
      withTab(async (tab) => {
        const folder = join(server.folder, 'looked at');
        mkdirSync(folder, { recursive: true });
        writeFileSync(join(folder, 'card.png'), redPixel());
        writeFileSync(join(folder, 'page.html'), '<h1>Été</h1><script>parent.__ran = top.__ran = true; fetch("/ran")</script>');
        writeFileSync(join(folder, 'paper.pdf'), '%PDF-1.4');
        const sent = JSON.parse(await server.commandLine('bob', 'send', folder, '--to', marie, '--json'));
        await tab.logIn(marie);
        await tab.go(`/inbox/${sent.parcel}`);
        await tab.press('Open');
        await tab.press('Receive');
        await tab.sees('Verified, ', 60_000);
        assert.deepEqual(await tab.page.$$eval('main button[aria-label^="Preview "]', (all) => all.map((each) => each.getAttribute('aria-label'))), ['Preview looked at/card.png', 'Preview looked at/page.html']);
        const framed = async () => {
          await tab.page.waitForSelector('dialog iframe');
          const frame = await tab.page.waitForFrame((each) => each.url().startsWith('blob:'), { timeout: 10_000 });
          await frame.waitForSelector('body');
          return frame;
        };
        await tab.press('Preview looked at/page.html');
        let frame = await framed();
        assert.equal(await tab.page.$eval('dialog iframe', (element) => element.getAttribute('sandbox')), '');
        await frame.waitForFunction?.(() => document.body.innerText.includes('<h1>Été</h1>'), { polling: 100 }).catch(() => undefined);
        assert.match(await frame.evaluate(() => document.body.innerText), /<h1>Été<\/h1><script>/, 'its source, and nothing else');
        assert.equal(await frame.evaluate(() => globalThis.origin), 'null');
        assert.equal(await tab.page.evaluate(() => globalThis.__ran), undefined);
        await tab.press('Close preview');
        await tab.page.waitForFunction(() => document.querySelector('dialog') === null);
        await tab.keepsFocus('closed');
        await tab.press('Preview looked at/card.png');
        frame = await framed();
        assert.equal(await frame.evaluate(() => document.images[0]?.naturalWidth), 1);
        await tab.press('Close preview');
        assert.ok(!tab.requests.some((url) => url.endsWith('/ran')));
        // The driver's own script isn't run in the frame either, and the browser's style for pictures is refused there.
        await tab.check({ allowed: [/^Blocked script execution in 'blob:/, /^Applying inline style/] });
      }));

    it('only those who have not opened it are reminded, by the sender’s own mail program', () =>
      withTab(async (tab) => {
        const sent = JSON.parse(await server.commandLine('marie', 'send', join(town.files, 'minutes.txt'), '--to', bob, '--json'));
        await tab.logIn(marie);
        // This browser meets bob by his parcel.
        await tab.go('/inbox');
        await tab.sees(bob);
        await tab.page.waitForFunction(() => !document.body.innerText.includes('according to the server'), { timeout: 20_000 });
        await tab.go(`/outbox/${sent.parcel}`);
        const link = await (await tab.control('Remind by email…')).evaluate((each) => each.href);
        assert.match(link, /^mailto:bob\.singh%40example\.org\?subject=/);
        assert.ok(decodeURIComponent(link).includes(`${server.url}/inbox/${sent.parcel}`));
        await tab.axe();
        await tab.go(`/outbox/${town.sent}`);
        await tab.sees('Who opened it, and when');
        assert.equal(await tab.page.$('a[href^="mailto:"]'), null, 'bob has it');
        await tab.press('Send something else to the same people');
        await tab.sees('Seal and send');
        await tab.sees('first time');
        assert.match(await tab.text(), new RegExp(bob), 'a parcel of theirs makes nobody known to whom something is sent');
        await tab.press(`Remove ${bob}`);
        const offered = await tab.page.$$eval('main datalist option', (all) => all.map((each) => each.value));
        assert.deepEqual(offered, [bob], 'people whom this browser has met');
        await tab.check();
      }));

    it('many people are invited at once, and what is wrong with an address is said beside it', () =>
      withTab(async (tab) => {
        await tab.logIn(marie);
        await tab.go('/administration');
        await tab.press('Invite several people');
        const wrong = 'nobody at example';
        await tab.page.type('#many', `first.${name}@example.org, second.${name}@example.org\nthird.${name}@example.org\n${wrong.replaceAll(' ', '')}`);
        await tab.sees('4 addresses');
        await tab.press('Create all links');
        await tab.sees('No link was created for these', 30_000);
        await tab.keepsFocus('invited');
        await tab.sees('nobodyatexample: Enter a valid email address.');
        const links = (await tab.page.$eval('details .secret', (shown) => shown.innerText)).trim().split('\n');
        assert.equal(links.length, 3);
        for (const link of links) assert.match(link, /^(first|second|third)\.\w+@example\.org\s+http.*\/e#/);
        assert.equal(await tab.page.$eval('#many', (field) => field.value), 'nobodyatexample');
        await tab.axe();
        await tab.fill('Search people', 'MARIE');
        await tab.page.waitForFunction(() => document.querySelectorAll('section[aria-labelledby="people-list"] ul.list > li').length === 1);
        await tab.fill('Search people', 'nobody of this name');
        await tab.sees('Nothing matches.');
        await tab.fill('Search people', 'bob');
        await tab.control(`Suspend ${bob}`);
        assert.doesNotMatch(await tab.text(), /Close the account/, 'not beside "suspend"');
        assert.ok(tab.requests.filter((url) => url.endsWith('/api/v1/admin/accounts')).length <= 4, 'read when something changed, and not all the time');
        await tab.press(`Change ${bob}`);
        await tab.control(`Close the account of ${bob}`);
        await tab.axe();
        await tab.check();
      }));

    // Firefox gives its tree to the system alone.
    (name === 'chromium' ? it : () => undefined)('every page speaks: parts, headings, names', () =>
      withTab(async (tab) => {
        await tab.logIn(marie);
        for (const [path, heading] of [['/send', 'Send files'], ['/inbox', 'Inbox'], ['/outbox', 'Outbox'], [`/outbox/${town.sent}`, 'Parcel you sent'], ['/requests', 'File requests'], ['/account', 'Your account'], ['/administration', 'Administration'], ['/log', 'What happened']]) {
          await tab.go(path);
          await tab.speaks(heading);
        }
        await tab.go('/inbox');
        await tab.page.waitForSelector('main tbody tr');
        const walked = (await tab.spoken()).map(([role, said]) => `${role} ${said}`.trim());
        const order = ['banner', 'navigation Main', 'link Send', 'link Inbox', 'main', 'heading 1 Inbox', 'button Refresh', 'searchbox Search', 'combobox Show', 'combobox Order', 'table Inbox', 'navigation Pages', 'contentinfo'];
        assert.deepEqual(walked.filter((each) => order.includes(each)), order);
      }));

    it('the end of a login is told before it comes', () =>
      withTab(async (tab) => {
        await server.commandLine('marie', 'policy', 'set', 'session_idle_ms_max=5m', 'session_lifetime_ms_max=9m');
        await tab.logIn(bob);
        await tab.sees('Your login ends at ', 5_000);
        await tab.axe();
      }));

    it('a locked-down server is called that on every page, and its administrator sees how many approvals are missing', () =>
      withTab(async (tab) => {
        await tab.logIn(marie);
        await tab.go('/administration/lockdown');
        await tab.press('Lock down now');
        await tab.page.waitForSelector('dialog');
        await (await tab.page.waitForSelector('dialog button.danger')).click();
        await tab.sees('The server is locked down. Nothing can be sent', 20_000);
        await withTab(async (other) => {
          for (const path of ['/', '/log-in', '/inbox']) {
            await other.visit(path);
            await other.sees('The server is locked down. Nothing can be sent');
            await other.axe();
          }
        });
        await tab.logIn(marie);
        await tab.go('/administration/lockdown');
        await tab.sees('0 of 1 approvals to reopen.');
        assert.ok(await tab.page.$$eval('main button', (all) => all.find((each) => each.textContent === 'Reopen').disabled));
        await tab.press('Approve reopening');
        await tab.sees('1 of 1 approvals to reopen.');
        await tab.press('Reopen');
        await tab.sees('The server is open again.');
        await tab.page.waitForFunction(() => !document.body.innerText.includes('Nothing can be sent'));
        await tab.axe();
        await tab.check({ allowed: refusedRequest });
      }));
  });
}
