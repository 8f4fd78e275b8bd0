// Runs the unit tests of the web client's lower half in Node: node web/tools/run_tests.mjs [NAME...]
//
// Each web/src/**/*_test.ts (whose name has one of NAMEs in it) is bundled by esbuild, which vite brings,
// into build/web-tests, and run by node --test. They need build/web-core/core.wasm (make web-core).
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import './make_api_types.mjs';

const web = fileURLToPath(new URL('..', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));
const out = join(root, 'build/web-tests');
const wanted = process.argv.slice(2);

const tests = readdirSync(join(web, 'src'), { recursive: true })
  .map(String)
  .filter((path) => path.endsWith('_test.ts') && !path.endsWith('_for_test.ts'))
  .filter((path) => wanted.length === 0 || wanted.some((name) => path.includes(name)))
  .sort();
if (tests.length === 0) {
  console.error('no test has such a name');
  process.exit(2);
}

await build({
  entryPoints: tests.map((path) => join(web, 'src', path)),
  outdir: out,
  outbase: join(web, 'src'),
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node18',
  external: ['age-encryption', 'cctv-age'],
  logLevel: 'warning',
});

const files = tests.map((path) => relative(root, join(out, path.replace(/\.ts$/, '.mjs'))));
const run = spawnSync(process.execPath, ['--test', ...files], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, SEALIFT_SOURCE_DIR: root },
});
process.exit(run.status ?? 1);
