// What page tests stand on: a real server of their own, the command line beside it, and real browsers.
//
//   SEALIFT_BUILD_DIR   the built programs (default: build/release)
//   BROWSERS            chromium, firefox or both with a comma (default: chromium)
//
// A page that logs an error, breaks the content security policy or asks anything of another origin
// fails the test that opened it (Tab.check).
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import puppeteer from 'puppeteer-core';

const root = fileURLToPath(new URL('../..', import.meta.url));
export const build = resolve(root, process.env.SEALIFT_BUILD_DIR ?? 'build/release');
const run = promisify(execFile);
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const paths = {
  chromium: ['/usr/bin/chromium', '/usr/bin/google-chrome'],
  firefox: ['/usr/bin/firefox-esr', '/usr/bin/firefox'],
};
export const browserNames = (process.env.BROWSERS ?? 'chromium').split(',');
export const password = 'correct horse battery staple';

export class Server {
  static async start() {
    const server = new Server();
    server.folder = mkdtempSync(join(tmpdir(), 'sealift-web-'));
    server.data = join(server.folder, 'data');
    await server.#run('127.0.0.1:0');
    return server;
  }

  async #run(address) {
    this.process = spawn(join(build, 'sealiftd'), ['--data', this.data, '--listen', address], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const line = await new Promise((resolveLine, reject) => {
      this.process.stdout.once('data', (data) => resolveLine(String(data)));
      this.process.once('error', reject);
      this.process.once('exit', () => reject(new Error('the server did not start')));
    });
    this.url = line.split('\n')[0].trim().split(/\s+/).at(-1);
    for (let tries = 0; tries < 200; tries += 1) {
      try {
        if ((await fetch(`${this.url}/health/ready`)).ok) return;
      } catch {
        // Not yet.
      }
      await new Promise((wait) => setTimeout(wait, 50));
    }
    throw new Error('the server is not ready');
  }

  /** A verb for the server's machine, and what it says in JSON. */
  async admin(...words) {
    const { stdout } = await run(join(build, 'sealift'), ['admin', '--data', this.data, ...words, '--json']);
    return JSON.parse(stdout);
  }

  async backUp() {
    await this.admin('backup', join(this.folder, 'backup'), '--keys', join(this.folder, 'keys'));
  }

  /** Loses everything since backUp(). */
  async restore() {
    await this.#end();
    rmSync(this.data, { recursive: true });
    await this.admin('restore', join(this.folder, 'backup'), '--keys', join(this.folder, 'keys'));
    await this.#run(new URL(this.url).host);
  }

  /** A one-time enrolment link, made on the server's machine. */
  async invite(address, ...options) {
    const { stdout } = await run(join(build, 'sealift'), ['admin', '--data', this.data, 'invite', address, ...options]);
    return stdout.trim().split(/\s+/).at(-1);
  }

  /** The command line, as somebody with a profile of their own. */
  async commandLine(name, ...words) {
    const env = { ...process.env, SEALIFT_HOME: join(this.folder, name), SEALIFT_PASSWORD: password };
    return (await run(join(build, 'sealift'), words, { env, cwd: this.folder, maxBuffer: 1 << 26 })).stdout;
  }

  async #end() {
    const ended = new Promise((resolveEnd) => this.process.once('exit', resolveEnd));
    this.process.kill('SIGTERM');
    await ended;
  }

  async stop() {
    await this.#end();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/**
 * `window`: in a window of its own, on that desktop (reader.mjs). `isWatched`: the driver is told of every request, with its body; for large bodies that costs a browser more
 * time and memory than sending them.
 */
export async function launch(name, { languages = 'en', isWatched = true, window = undefined } = {}) {
  const executablePath = paths[name]?.find((path) => existsSync(path));
  assert.ok(executablePath, `${name} is not installed (make setup, make test-web)`);
  const isRoot = process.getuid?.() === 0;
  const forWindow = window ? ['--force-renderer-accessibility'] : [];
  const args = name === 'chromium' ? [`--accept-lang=${languages}`, ...forWindow, ...(isRoot ? ['--no-sandbox'] : [])] : [];
  const extraPrefsFirefox = { 'intl.accept_languages': languages, ...(window ? { 'accessibility.force_disabled': -1 } : {}) };
  return puppeteer.launch({
    browser: name === 'firefox' ? 'firefox' : 'chrome',
    executablePath,
    args,
    extraPrefsFirefox,
    headless: window === undefined,
    ...(window ? { env: { ...process.env, ...window } } : {}),
    networkEnabled: isWatched,
    protocolTimeout: 900_000,
  });
}

// Told by the page itself, because browsers report violations in different places.
function watchViolations() {
  globalThis.__violations = [];
  addEventListener('securitypolicyviolation', (event) => {
    globalThis.__violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
  });
}

/** One page of a browser, in a context of its own. */
export class Tab {
  static async open(browser, server) {
    const tab = new Tab();
    tab.server = server;
    tab.context = await browser.createBrowserContext();
    tab.page = await tab.context.newPage();
    tab.errors = [];
    tab.requests = [];
    tab.page.on('console', (message) => {
      if (['error', 'warn'].includes(message.type())) tab.errors.push(message.text());
    });
    tab.page.on('pageerror', (error) => tab.errors.push(String(error)));
    tab.page.on('request', (request) => tab.requests.push(request.url()));
    tab.page.on('dialog', (dialog) => dialog.accept().catch(() => undefined));
    await tab.page.evaluateOnNewDocument(watchViolations);
    return tab;
  }

  /** Opens one for `work`, without a folder's or file's picker (they take a person) unless `pickers`. */
  static async during(browser, server, work, { pickers = false } = {}) {
    const tab = await Tab.open(browser, server);
    if (!pickers)
      await tab.page.evaluateOnNewDocument(() => {
        delete globalThis.showDirectoryPicker;
        delete globalThis.showSaveFilePicker;
      });
    try {
      await work(tab);
    } finally {
      await tab.close();
    }
  }

  /** By address bar: loads the page again. */
  async visit(path) {
    await this.page.goto(path.startsWith('http') ? path : this.server.url + path, { waitUntil: 'load' });
    await this.settle();
  }

  /** By the page's own links: keeps who is logged in. */
  async go(path) {
    await this.page.evaluate((to) => {
      history.pushState(null, '', to);
      dispatchEvent(new PopStateEvent('popstate'));
    }, path);
    await this.settle();
  }

  /** Nothing is loading any more. */
  async settle() {
    await this.page.waitForSelector('main h1');
    await this.page.waitForFunction(() => !document.querySelector('main [data-busy]'), { timeout: 30_000 });
  }

  text() {
    return this.page.$eval('main', (main) => main.innerText);
  }

  heading() {
    return this.page.$eval('main h1', (heading) => heading.textContent);
  }

  /** Waits until the page says it. */
  async sees(text, timeout = 30_000) {
    try {
      await this.page.waitForFunction((wanted) => document.body.innerText.includes(wanted), { timeout }, text);
    } catch {
      assert.fail(`not seen: ${text}\n${await this.text()}\n${this.errors.join('\n')}`);
    }
  }

  /** The field with this label. */
  async field(label) {
    const handle = await this.page.waitForFunction(
      (wanted) => {
        const found = [...document.querySelectorAll('label')].find((each) => {
          const text = (each.querySelector('span') ?? each).textContent.trim();
          return text === wanted && each.getClientRects().length > 0;
        });
        return found && (found.control ?? document.getElementById(found.htmlFor));
      },
      { timeout: 10_000 },
      label,
    );
    return handle.asElement();
  }

  async fill(label, value) {
    const field = await this.field(label);
    await field.evaluate((element) => {
      element.focus();
      element.select();
    });
    await this.page.keyboard.type(value);
  }

  /** The button or link with this name, once it can be pressed. */
  async control(name) {
    const handle = await this.page.waitForFunction(
      (wanted) =>
        [...document.querySelectorAll('button, a, summary')].find((each) => {
          const said = each.getAttribute('aria-label') ?? each.textContent.trim();
          return said === wanted && !each.disabled && each.getClientRects().length > 0;
        }),
      { timeout: 20_000 },
      name,
    );
    return handle.asElement();
  }

  async press(name) {
    await (await this.control(name)).click();
  }

  async axe() {
    await this.page.evaluate(axeSource);
    const findings = await this.page.evaluate(async () => {
      const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
      const { violations } = await globalThis.axe.run(document, { runOnly: { type: 'tag', values: tags } });
      return violations.map((each) => `${each.id}: ${each.nodes.map((node) => `${node.target.join(' ')} ${node.failureSummary ?? ''}`).join(' | ')}`);
    });
    assert.deepEqual(findings, [], `axe on ${this.page.url()}`);
  }

  /**
   * What a screen reader walks through, in its order: [role, name] of what it stops at. Chromium's own tree, which it gives to the
   * system's accessibility interface.
   */
  async spoken() {
    const stops = new Set(['banner', 'navigation', 'main', 'contentinfo', 'search', 'region', 'heading', 'link', 'button', 'textbox', 'searchbox', 'combobox', 'checkbox', 'radio', 'table', 'alert', 'status', 'dialog', 'progressbar', 'DisclosureTriangle']);
    const walked = [];
    const walk = (node) => {
      if (stops.has(node.role)) walked.push(node.role === 'heading' ? [`heading ${node.level}`, node.name ?? ''] : [node.role, node.name ?? '']);
      for (const child of node.children ?? []) walk(child);
    };
    walk(await this.page.accessibility.snapshot({ interestingOnly: false }));
    return walked;
  }

  /** One main part, one first heading with this name, and a name for everything that can be used. */
  async speaks(heading) {
    const walked = await this.spoken();
    const named = (role) => walked.filter(([each]) => each === role).map(([, name]) => name);
    assert.equal(named('main').length, 1, this.page.url());
    assert.equal(named('banner').length, 1, this.page.url());
    assert.deepEqual(named('heading 1'), [heading], this.page.url());
    for (const [role, name] of walked)
      if (['link', 'button', 'textbox', 'searchbox', 'combobox', 'checkbox', 'radio', 'table', 'navigation', 'region', 'dialog', 'DisclosureTriangle'].includes(role)) assert.notEqual(name.trim(), '', `${role} without a name on ${this.page.url()}`);
    return walked;
  }

  /** After an act: a keyboard's or screen reader's user is not at the top of the page again. */
  async keepsFocus(act) {
    await this.page.waitForFunction(() => document.activeElement !== document.body, { timeout: 5_000 }).catch(() => {
      assert.fail(`focus fell to the body: ${act}`);
    });
  }

  /** Nothing was logged, nothing was refused by policy, nothing left the origin. */
  async check({ allowed = [] } = {}) {
    const violations = await this.page.evaluate(() => globalThis.__violations);
    assert.deepEqual(violations, [], `policy on ${this.page.url()}`);
    const errors = this.errors.filter((text) => !allowed.some((pattern) => pattern.test(text)));
    assert.deepEqual(errors, [], `console on ${this.page.url()}`);
    const foreign = this.requests.filter((url) => !url.startsWith(`${this.server.url}/`) && !/^(blob|data|about):/.test(url));
    assert.deepEqual(foreign, []);
  }

  async enrol(link) {
    await this.visit(link);
    await this.fill('Choose a password', password);
    await this.fill('Repeat the password', password);
    await this.press('Create account');
    const shown = await this.page.waitForSelector('[data-secret="paper-key"]', { timeout: 60_000 });
    const paperKey = await shown.evaluate((element) => element.textContent);
    await this.confirmPaperKey(paperKey);
    await this.settle();
    return paperKey;
  }

  /** By typing its end, as a person does from the printed copy. */
  async confirmPaperKey(paperKey) {
    await this.fill('Type the last group of characters from your copy', paperKey.trim().split('-').at(-1));
    await this.press('Continue');
  }

  async logIn(address, secret = password) {
    await this.visit('/log-in');
    await this.fill('Address', address);
    await this.fill('Password', secret);
    await this.press('Log in');
    await this.page.waitForFunction(() => document.querySelector('header nav') !== null, { timeout: 60_000 });
    await this.settle();
  }

  close() {
    return this.context.close();
  }
}

/** Chrome says of every refused request that it failed to load; the tests that ask for one allow it. */
export const refusedRequest = [/Failed to load resource/];
