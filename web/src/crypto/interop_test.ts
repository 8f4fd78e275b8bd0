// Files exchanged with npm's age-encryption (typage), both ways: classic and post-quantum keys.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { makeCoreCalls } from './core_calls.ts';
import { coreModule, importTool } from './core_for_test.ts';

interface Typage {
  readonly Encrypter: new () => { addRecipient(text: string): void; encrypt(text: Uint8Array): Promise<Uint8Array> };
  readonly Decrypter: new () => { addIdentity(text: string): void; decrypt(file: Uint8Array, as: 'uint8array'): Promise<Uint8Array> };
  generateIdentity(): Promise<string>;
  generateHybridIdentity(): Promise<string>;
  identityToRecipient(identity: string): Promise<string>;
}

const sizes = [0, 1, 300, 65_535, 65_536, 65_537, 200_000, 1_500_000];

test('files go both ways between the core and age-encryption', async () => {
  const module = await coreModule();
  const calls = makeCoreCalls(module);
  const age = (await importTool('age-encryption')) as Typage;
  let exchanged = 0;
  for (const identity of [await age.generateIdentity(), await age.generateHybridIdentity()]) {
    const recipient = await age.identityToRecipient(identity);
    for (const size of sizes) {
      const text = new Uint8Array(randomBytes(size));
      const decrypter = new age.Decrypter();
      decrypter.addIdentity(identity);
      const theirs = await decrypter.decrypt(calls.sealSmall(text, [recipient]), 'uint8array');
      assert.deepEqual(Buffer.from(theirs), Buffer.from(text), `sealed by us, ${String(size)} bytes`);
      const encrypter = new age.Encrypter();
      encrypter.addRecipient(recipient);
      const answer = module.call('age_file.open', [await encrypter.encrypt(text), 0, 1, identity, 0]);
      assert.equal(answer.text(), 'success');
      assert.deepEqual(Buffer.from(answer.bytes()), Buffer.from(text), `sealed by them, ${String(size)} bytes`);
      exchanged += 2;
    }
  }
  console.log(`${String(exchanged)} files exchanged with age-encryption`);
});
