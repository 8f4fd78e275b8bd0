// node tools/age_vectors.mjs DIR: writes the age test kit of C2SP/CCTV (npm cctv-age) into DIR, two
// files a vector: NAME.expect, the lines that say what must happen, and NAME.age, the file itself.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import * as vectors from "./npm/node_modules/cctv-age/index.js";

const directory = process.argv[2];
rmSync(directory, { recursive: true, force: true });
mkdirSync(directory, { recursive: true });
for (const [name, bytes] of Object.entries(vectors)) {
  const vector = Buffer.from(bytes);
  const end = vector.indexOf("\n\n");
  const expect = vector.subarray(0, end + 1);
  const file = vector.subarray(end + 2);
  const compressed = expect.toString("latin1").includes("compressed: zlib\n");
  writeFileSync(join(directory, `${name}.expect`), expect);
  writeFileSync(join(directory, `${name}.age`), compressed ? inflateSync(file) : file);
}
