// The age test kit of C2SP/CCTV (npm cctv-age): every file's outcome, exactly, through the WebAssembly
// core, as src/age/vectors_test.cc has it for the native one.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { inflateSync } from 'node:zlib';
import { coreModule, importTool } from './core_for_test.ts';

const vectorCount = 143;

interface Vector {
  readonly name: string;
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly file: Uint8Array;
}

// Lines "name: value", an empty line, the file.
function parseVector(name: string, bytes: Uint8Array): Vector {
  const headers = new Map<string, string[]>();
  let at = 0;
  for (;;) {
    const end = bytes.indexOf(10, at);
    const line = Buffer.from(bytes.subarray(at, end)).toString('utf8');
    at = end + 1;
    if (line === '') break;
    const colon = line.indexOf(': ');
    const key = line.slice(0, colon);
    headers.set(key, [...(headers.get(key) ?? []), line.slice(colon + 2)]);
  }
  const body = bytes.subarray(at);
  return { name, headers, file: headers.has('compressed') ? inflateSync(body) : body };
}

async function readVectors(): Promise<readonly Vector[]> {
  const kit = (await importTool('cctv-age')) as Readonly<Record<string, unknown>>;
  const files = Object.entries((kit['default'] ?? kit) as Readonly<Record<string, unknown>>);
  return files
    .filter((pair): pair is [string, Uint8Array] => pair[1] instanceof Uint8Array)
    .map(([name, bytes]) => parseVector(name, bytes));
}

test('every vector ends as the test kit says', async () => {
  const module = await coreModule();
  const vectors = await readVectors();
  assert.equal(vectors.length, vectorCount);
  let right = 0;
  for (const vector of vectors) {
    const identities = vector.headers.get('identity') ?? [];
    const passphrases = vector.headers.get('passphrase') ?? [];
    const answer = module.call('age_file.open', [
      vector.file,
      vector.headers.has('armored') ? 1 : 0,
      identities.length,
      ...identities,
      passphrases.length,
      ...passphrases,
    ]);
    const outcome = answer.text();
    const released = createHash('sha256').update(answer.bytes()).digest('hex');
    assert.equal(outcome, vector.headers.get('expect')?.[0], vector.name);
    const payload = vector.headers.get('payload')?.[0];
    if (payload !== undefined) assert.equal(released, payload, vector.name);
    right += 1;
  }
  console.log(`age test kit, WebAssembly: ${String(right)} of ${String(vectorCount)} vectors`);
});
