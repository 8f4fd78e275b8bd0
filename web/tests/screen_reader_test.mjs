// The way of somebody who hears the page: what real browsers tell the system's accessibility interface (AT-SPI) is read,
// and the page is worked through it: fields get the focus and buttons are pressed as a screen reader does. The driver types,
// and chooses the file to send, because the system's dialog is another program's.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Desktop, Reader } from './reader.mjs';
import { bob, marie, settle } from './town.mjs';
import { browserNames, password, Server, Tab } from './world.mjs';

for (const name of browserNames) {
  describe(`with a screen reader in ${name}`, () => {
    let server;
    let desktop;
    let browser;
    let town;
    before(async () => {
      server = await Server.start();
      town = await settle(server);
      desktop = await Desktop.open();
      browser = await desktop.launch(name);
    });
    after(async () => {
      await browser?.close();
      await desktop?.close();
      await server.stop();
    });

    const withReader = (work) => Tab.during(browser, server, (tab) => work(new Reader(desktop, tab), tab));

    async function logIn(reader, tab, address) {
      await tab.page.goto(`${server.url}/log-in`);
      await reader.has('heading', 'Log in');
      await reader.type('entry', 'Address', address);
      await reader.type('password text', 'Password', password);
      await reader.press('push button', 'Log in');
      await reader.has('link', 'Outbox');
    }

    /** The page can be walked through: one first heading, one main part with it, and nothing to press or fill in without a name. */
    async function canBeWalked(reader, heading) {
      const tree = await reader.has('heading', heading);
      for (const { role, name: label, states } of tree)
        if (['push button', 'toggle button', 'entry', 'password text', 'combo box', 'check box', 'radio button', 'link', 'spin button'].includes(role) && states.includes('showing'))
          assert.notEqual(label.trim(), '', `${role} without a name under "${heading}"`);
      const at = (wanted) => tree.findIndex((each) => each.role === 'heading' && each.name === wanted);
      const skip = tree.findIndex((each) => each.role === 'link' && each.name === 'Skip to content');
      assert.ok(skip >= 0 && skip < at(heading), 'the way past the menu comes first');
      return tree;
    }

    it('a page that waits, fails and succeeds says so: a wrong password is heard', () =>
      withReader(async (reader, tab) => {
        await tab.page.goto(`${server.url}/log-in`);
        await canBeWalked(reader, 'Log in');
        await reader.type('entry', 'Address', marie);
        await reader.type('password text', 'Password', 'not this one at all');
        await reader.press('push button', 'Log in');
        await reader.hears('The address or password is wrong', 60_000);
      }));

    it('files are sent: whom they go to, which key that is and that they arrived is heard', () =>
      withReader(async (reader, tab) => {
        await logIn(reader, tab, marie);
        await reader.press('link', 'Send');
        const tree = await canBeWalked(reader, 'Send files');
        const place = (role, label) => tree.findIndex((each) => each.role === role && each.name === label);
        const order = [
          place('heading', 'Files'),
          place('push button', 'Choose files'),
          place('heading', 'Recipients'),
          place('combo box', 'Email addresses of people with an account'),
          place('heading', 'Terms'),
          place('push button', 'Seal and send'),
        ];
        assert.ok(order.every((each) => each >= 0), `${order}`);
        assert.deepEqual(order, [...order].sort((a, b) => a - b), 'in the order of the work');
        assert.ok(!tree.some((each) => /no file/i.test(each.name)), 'the browser’s own file buttons are not read beside ours');
        assert.ok(!tree[order[5]].states.includes('enabled'), 'what cannot be sent yet cannot be pressed');
        await (await tab.page.$('input[type=file]')).uploadFile(join(town.files, 'minutes.txt'));
        await reader.until((all) => all.some((each) => `${each.name} ${each.text}`.includes('minutes.txt')), 'the file that was chosen');
        await reader.type('combo box', 'Email addresses of people with an account', bob);
        await reader.press('push button', 'Add');
        await reader.hears('first time');
        await reader.has('push button', `Remove ${bob}`);
        await reader.press('push button', 'Seal and send');
        await reader.has('heading', 'Sent');
        await reader.hears('Everything has arrived, sealed.', 120_000);
        // What was pressed is gone: the reader is at the result, and not at the top of the page.
        await reader.until((all) => all.some((each) => each.states.includes('focused') && each.role !== 'document web' && each.role !== 'document frame'), 'the focus at the result');
        await canBeWalked(reader, 'Sent');
        await reader.press('link', 'See who opens it');
        await canBeWalked(reader, 'Parcel you sent');
        await tab.check();
      }));

    it('files are received: who sent them, what there is and that it is verified is heard', () =>
      withReader(async (reader, tab) => {
        const sent = JSON.parse(await server.commandLine('marie', 'send', join(town.files, 'minutes.txt'), '--to', bob, '--note', 'Read this aloud.', '--json'));
        await logIn(reader, tab, bob);
        await reader.press('link', 'Inbox');
        await canBeWalked(reader, 'Inbox');
        await tab.go(`/inbox/${sent.parcel}`);
        await canBeWalked(reader, 'Parcel for you');
        await reader.press('push button', 'Open');
        await reader.until((all) => all.some((each) => each.text.includes('Read this aloud.')), 'the message');
        await reader.until((all) => all.some((each) => each.text.includes(marie)), 'the sender');
        await reader.has('check box', /minutes\.txt/);
        await reader.press('push button', 'Receive');
        await reader.hears('Verified, ', 120_000);
        await reader.has('push button', 'Save minutes.txt');
        await canBeWalked(reader, 'Parcel for you');
        await tab.check();
      }));
  });
}
