// Files exchanged with npm age-encryption, both ways: post-quantum keys, which stock age of
// Debian 12 does not have, and X25519.
//
//   node tests/interop/age_encryption_interop.mjs BUILD_DIR
import { execFileSync } from "node:child_process";
import { createHash, webcrypto } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

globalThis.crypto ??= webcrypto; // Node 18 of Debian 12 has it under another name

const modules = createRequire(new URL("../../tools/npm/package.json", import.meta.url));
const age = await import(pathToFileURL(modules.resolve("age-encryption")));

const sealift = join(resolve(process.argv[2]), "sealift");
const work = mkdtempSync(join(tmpdir(), "sealift-interop-"));
const sizes = [0, 1, 65535, 65536, 65537, 300_000];
let count = 0;

function textOf(sizeBytes) {
  const text = Buffer.alloc(sizeBytes);
  for (let at = 0, n = 0; at < sizeBytes; at += 32, ++n)
    createHash("sha256").update(`${sizeBytes}/${n}`).digest().copy(text, at);
  return text;
}

function expectSame(got, text, what) {
  if (Buffer.compare(Buffer.from(got), text) !== 0) throw new Error(`${what}: texts differ`);
  ++count;
}

async function exchange(kind, keyFile) {
  const identity = readFileSync(keyFile, "utf8").match(/^AGE-SECRET-KEY-.*$/m)[0];
  const recipient = await age.identityToRecipient(identity);
  for (const size of sizes) {
    const text = textOf(size);
    const plain = join(work, "text"), sealed = join(work, "sealed");
    writeFileSync(plain, text);

    execFileSync(sealift, ["seal", "-r", recipient, "-o", sealed, plain]);
    const opener = new age.Decrypter();
    opener.addIdentity(identity);
    expectSame(await opener.decrypt(readFileSync(sealed)), text, `${kind}, ${size} bytes, to npm`);

    const sealer = new age.Encrypter();
    sealer.addRecipient(recipient);
    writeFileSync(sealed, await sealer.encrypt(text));
    expectSame(execFileSync(sealift, ["open", "-i", keyFile, sealed], { maxBuffer: 1 << 24 }), text,
      `${kind}, ${size} bytes, from npm`);
  }
}

try {
  for (const [kind, options] of [["X25519", []], ["mlkem768x25519", ["--pq"]]]) {
    const keyFile = join(work, `${kind}.key`);
    execFileSync(sealift, ["keygen", ...options, "-o", keyFile], { stdio: "ignore" });
    await exchange(kind, keyFile);
  }
  const version = JSON.parse(readFileSync(modules.resolve("age-encryption").replace(
    /(.*\/age-encryption\/).*/, "$1package.json"), "utf8")).version;
  console.log(`${count} files exchanged with npm age-encryption ${version}, both ways`);
} finally {
  rmSync(work, { recursive: true });
}
