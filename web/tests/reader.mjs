// A screen reader's view of a real browser: with a window of its own (Xvfb), a message bus of its own and the system's
// accessibility interface on it (AT-SPI), asked by atspi.py. Nothing of the person's own desktop takes part.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch } from './world.mjs';

const launchers = ['/usr/libexec/at-spi-bus-launcher', '/usr/lib/at-spi2-core/at-spi-bus-launcher'];

function firstLine(child, name) {
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`${name} did not start (make test-web installs it)`)));
  });
}

export class Desktop {
  #children = [];

  static async open() {
    const desktop = new Desktop();
    desktop.folder = mkdtempSync(join(tmpdir(), 'sealift-desktop-'));
    // The display's number is chosen by the server, so that two tests never share one.
    const display = desktop.#start('Xvfb', ['-displayfd', '1', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'], {});
    const environment = { DISPLAY: `:${await firstLine(display, 'Xvfb')}`, XDG_RUNTIME_DIR: desktop.folder, HOME: desktop.folder };
    const bus = desktop.#start('dbus-daemon', ['--session', '--nofork', '--print-address'], environment);
    desktop.environment = { ...environment, DBUS_SESSION_BUS_ADDRESS: await firstLine(bus, 'dbus-daemon'), GNOME_ACCESSIBILITY: '1', ACCESSIBILITY_ENABLED: '1' };
    const launcher = launchers.find((path) => existsSync(path));
    assert.ok(launcher, 'at-spi2-core is not installed (make test-web installs it)');
    desktop.#start(launcher, ['--launch-immediately'], desktop.environment);
    desktop.asker = desktop.#start('/usr/bin/python3', [fileURLToPath(new URL('atspi.py', import.meta.url))], desktop.environment, 'pipe');
    desktop.answers = createInterface({ input: desktop.asker.stdout })[Symbol.asyncIterator]();
    return desktop;
  }

  #start(program, words, environment, input = 'ignore') {
    const child = spawn(program, words, { env: { ...process.env, ...environment }, stdio: [input, 'pipe', 'ignore'] });
    this.#children.push(child);
    return child;
  }

  /** A browser whose windows are here. */
  launch(name) {
    return launch(name, { window: this.environment });
  }

  async ask(command) {
    this.asker.stdin.write(`${JSON.stringify(command)}\n`);
    const { value, done } = await this.answers.next();
    assert.ok(!done, 'atspi.py ended');
    const told = JSON.parse(value);
    assert.equal(told.error, undefined, told.error);
    return told.answer;
  }

  async close() {
    for (const child of this.#children.reverse()) {
      if (child.exitCode !== null) continue;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Reads and works one page as a screen reader does. */
export class Reader {
  constructor(desktop, tab) {
    this.desktop = desktop;
    this.keyboard = tab.page.keyboard;
    this.page = tab.server.url;
  }

  tree() {
    return this.desktop.ask({ do: 'tree', page: this.page });
  }

  /** Until the tree is as wanted: looked at again after each change that the browser tells. */
  async until(wanted, what, timeoutMs = 30_000) {
    const end = Date.now() + timeoutMs;
    let tree = await this.tree();
    while (!wanted(tree)) {
      assert.ok(Date.now() < end, `a screen reader does not find: ${what}\n${tree.map((each) => `${each.role}: ${each.name} | ${each.text} [${each.states}] ${each.live}`).join('\n')}`);
      await this.desktop.ask({ do: 'wait', ms: 1000 });
      tree = await this.tree();
    }
    return tree;
  }

  has(role, name) {
    return this.until((tree) => tree.some((each) => each.role === role && (name instanceof RegExp ? name.test(each.name) : each.name === name)), `${role} "${name}"`);
  }

  /** In a part of the page whose changes are spoken. */
  hears(text, timeoutMs) {
    return this.until((tree) => tree.some((each) => (['alert', 'notification'].includes(each.role) || !['', 'off'].includes(each.live)) && `${each.name} ${each.text}`.includes(text)), `spoken: ${text}`, timeoutMs);
  }

  async press(role, name) {
    await this.until((tree) => tree.some((each) => each.role === role && each.name === name && each.states.includes('enabled')), `${role} "${name}", to be pressed`);
    assert.ok(await this.desktop.ask({ do: 'press', page: this.page, role, name }), `${role} "${name}" can't be pressed`);
  }

  /** Goes to the field as a screen reader does, and types. */
  async type(role, name, text) {
    await this.has(role, name);
    assert.ok(await this.desktop.ask({ do: 'focus', page: this.page, role, name }), `${role} "${name}" takes no focus`);
    await this.until((tree) => tree.some((each) => each.role === role && each.name === name && each.states.includes('focused')), `${role} "${name}", with the focus`);
    await this.keyboard.type(text);
  }
}
