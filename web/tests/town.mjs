// A small organisation for tests and screenshots: an administrator and a colleague with accounts, who
// sent each other parcels, a link and a file request, by the command line. All of it invented.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { launch, Server } from './world.mjs';

export const marie = 'marie.tremblay@example.org';
export const bob = 'bob.singh@example.org';

export async function settle(server) {
  const files = join(server.folder, 'files');
  mkdirSync(join(files, 'Annual report', 'annex'), { recursive: true });
  writeFileSync(join(files, 'Annual report', 'report.txt'), 'The year in figures.\n'.repeat(2000));
  writeFileSync(join(files, 'Annual report', 'annex', 'tables.csv'), 'year,visits\n2025,1204\n');
  writeFileSync(join(files, 'minutes.txt'), 'Minutes of the meeting.\n'.repeat(40));

  await server.commandLine('marie', 'login', server.url, '--enrol', await server.invite(marie, '--admin', '--recovery-officer'));
  await server.commandLine('olga', 'login', server.url, '--enrol', await server.invite('olga.roy@example.org', '--recovery-officer'));
  await server.commandLine('bob', 'login', server.url, '--enrol', await server.invite(bob));
  const sent = JSON.parse(await server.commandLine('marie', 'send', join(files, 'Annual report'), '--to', bob, '--note', 'As discussed.', '--json'));
  const received = JSON.parse(await server.commandLine('bob', 'send', join(files, 'minutes.txt'), join(files, 'Annual report'), '--to', marie, '--note', 'The minutes, with the report behind them.', '--json'));
  await server.commandLine('bob', 'receive', sent.parcel, '-o', join(server.folder, 'bob-receives'));
  const link = JSON.parse(await server.commandLine('marie', 'send', join(files, 'minutes.txt'), '--link', '--opens', '1', '--expires', '3d', '--json'));
  const request = JSON.parse(await server.commandLine('marie', 'request', 'create', '--title', 'Your pay slips of this year, please', '--expires', '14d', '--json'));
  await server.invite('new.colleague@example.org');
  return { sent: sent.parcel, received: received.parcel, link: link.link, linkParcel: link.parcel, request: request.link, files };
}

/** Before the tests of a suite: a server, the town on it, and a browser, given to `take`. All end after them. */
export function inTown(name, take) {
  let server;
  let browser;
  before(async () => {
    server = await Server.start();
    const town = await settle(server);
    browser = await launch(name);
    take({ server, town, browser });
  });
  after(async () => {
    await browser.close();
    await server.stop();
  });
}
