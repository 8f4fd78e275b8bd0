// Sealing MB/s of one worker in Node and in a browser, beside age-encryption in the same run.
//
//   node web/tools/bench.mjs [--mib 256] [--rounds 5] [--browsers chromium,firefox] [--json FILE]
//
// Needs build/web-core/core.wasm (make web-core). Median, lowest and highest of the rounds are printed.
import { build } from 'esbuild';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));
const out = join(root, 'build/web-bench');
const { values } = parseArgs({
  options: {
    mib: { type: 'string', default: '256' },
    rounds: { type: 'string', default: '5' },
    browsers: { type: 'string', default: 'chromium' },
    json: { type: 'string' },
  },
});
const mib = Number(values.mib);
const rounds = Number(values.rounds);

// One file that measures, in a worker of a page or here.
const source = `
import { benchSealing } from ${JSON.stringify(join(root, 'web/src/crypto/sealing_bench.ts'))};
import { Encrypter, Decrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
export async function bench(module, mib, rounds) {
  const identity = await generateX25519Identity();
  const encrypter = new Encrypter();
  encrypter.addRecipient(await identityToRecipient(identity));
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return benchSealing(module, mib, rounds, {
    encrypt: (text) => encrypter.encrypt(text),
    decrypt: (file) => decrypter.decrypt(file, 'uint8array'),
  });
}
if (typeof WorkerGlobalScope !== 'undefined') {
  globalThis.onmessage = async ({ data }) => {
    try {
      const module = await WebAssembly.compile(await (await fetch('/core.wasm')).arrayBuffer());
      postMessage({ result: await bench(module, data.mib, data.rounds) });
    } catch (error) {
      postMessage({ error: String(error) });
    }
  };
}
`;
await build({
  stdin: { contents: source, resolveDir: join(root, 'tools/npm'), loader: 'js' },
  outfile: join(out, 'bench.mjs'),
  bundle: true,
  format: 'esm',
  target: 'es2022',
  logLevel: 'warning',
});
const wasm = readFileSync(join(root, 'build/web-core/core.wasm'));
const results = {};

const { bench } = await import(pathToFileURL(join(out, 'bench.mjs')));
results['Node'] = await bench(new WebAssembly.Module(wasm), mib, rounds);

for (const browser of values.browsers.split(',').filter(Boolean)) {
  const { default: puppeteer } = await import('puppeteer-core');
  const server = serve();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const opened = await puppeteer.launch({
    browser: browser === 'firefox' ? 'firefox' : 'chrome',
    executablePath: browser === 'firefox' ? '/usr/bin/firefox-esr' : '/usr/bin/chromium',
    args: browser === 'firefox' ? [] : ['--no-sandbox'],
    protocolTimeout: 600_000,
  });
  try {
    const page = await opened.newPage();
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    results[browser] = await page.evaluate(
      (wish) =>
        new Promise((resolve, reject) => {
          const worker = new Worker('/bench.mjs', { type: 'module' });
          worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data.result));
          worker.onerror = () => reject(new Error('the worker failed'));
          worker.postMessage(wish);
        }),
      { mib, rounds },
    );
  } finally {
    await opened.close();
    server.close();
  }
}

function serve() {
  const files = {
    '/': ['text/html', '<!doctype html><title>bench</title>'],
    '/bench.mjs': ['text/javascript', readFileSync(join(out, 'bench.mjs'))],
    '/core.wasm': ['application/wasm', wasm],
  };
  return createServer((request, response) => {
    const [type, body] = files[request.url] ?? ['text/plain', ''];
    response.writeHead(type === 'text/plain' ? 404 : 200, { 'Content-Type': type });
    response.end(body);
  });
}

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
for (const [where, figures] of Object.entries(results)) {
  console.log(`${where}, MB/s of one worker: lowest / median / highest of ${rounds} rounds`);
  for (const [name, list] of Object.entries(figures))
    console.log(`  ${name.padEnd(24)} ${[Math.min(...list), median(list), Math.max(...list)].map((each) => each.toFixed(0).padStart(5)).join(' /')}`);
  const times = figures['seal'].map((speed, round) => speed / figures['age-encryption seals'][round]);
  console.log(`  sealing is ${median(times).toFixed(1)} times age-encryption's (median of the rounds)`);
}
mkdirSync(out, { recursive: true });
writeFileSync(values.json ?? join(out, 'results.json'), `${JSON.stringify(results, null, 1)}\n`);
