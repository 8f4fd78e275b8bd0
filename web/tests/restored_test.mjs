// A server that was restored from a backup, in the browser: refused until its reader has accepted what the operator signed.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { browserNames, launch, password, refusedRequest, Server, Tab } from './world.mjs';

const address = 'alice@example.org';

for (const name of browserNames) {
  describe(name, () => {
    let server;
    let browser;
    let tab;
    let keyFile;
    before(async () => {
      server = await Server.start();
      keyFile = join(server.folder, 'reopen-key');
      writeFileSync(keyFile, (await server.admin('reopen-keys')).reopen_keys[0], { mode: 0o600 });
      browser = await launch(name);
      tab = await Tab.open(browser, server);
    });
    after(async () => {
      await browser.close();
      await server.stop();
    });

    async function tryToLogIn() {
      await tab.visit('/log-in');
      await tab.fill('Address', address);
      await tab.fill('Password', password);
      await tab.press('Log in');
      await tab.sees('contradicts what it said before');
    }

    it('goes on by the reader’s yes to a signed statement, and not before', async () => {
      await tab.enrol(await server.invite(address));
      await tab.press('Log out');
      await tab.logIn(address);
      await server.backUp();
      await server.commandLine('bob', 'login', server.url, '--enrol', await server.invite('bob@example.org'));
      await tab.go('/log');
      await tab.sees('Continues what this browser saw before');

      await server.restore();
      await tryToLogIn();
      assert.doesNotMatch(await tab.text(), /restored from a backup/, 'nothing is stated');
      const { kept } = await server.admin('state-restore', '--key-file', keyFile);
      await tryToLogIn();
      await tab.sees('This server was restored from a backup');
      await tab.sees(`The log keeps its first ${String(kept)} entries.`);
      await tab.axe();
      await tab.press('Not now');
      await tryToLogIn();
      await tab.press('The number is the same: continue');
      await tab.sees('Accepted.');
      await tab.keepsFocus('accepting');
      await tab.press('Log in');
      await tab.page.waitForFunction(() => document.querySelector('header nav') !== null, { timeout: 60_000 });
      await tab.settle();
      await tab.go('/log');
      await tab.sees('Continues what this browser saw before');
      await tab.check({ allowed: refusedRequest });
    });
  });
}
