// Whether the bundle's bytes follow from the source alone: builds it again in two folders of other names and
// depths, under other clocks' zones and languages, and compares every byte, also with the bundle that is linked
// into the server.
//
//   node web/tools/reproduce.mjs [--core]      --core: the core in WebAssembly, too (some minutes)
//
// Works in build/reproduce, by hard links: it has to be on the same disk as the source.
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const work = join(root, 'build/reproduce');
const linked = join(process.env.SEALIFT_BUILD_DIR ?? join(root, 'build/release'), 'web/bundle');
const places = [
  { folder: join(work, 'one'), environment: { TZ: 'UTC', LANG: 'C.UTF-8' } },
  { folder: join(work, 'another/and deeper'), environment: { TZ: 'Asia/Tokyo', LANG: 'fr_CA.UTF-8' } },
];
const emscripten = '/usr/share/emscripten/cmake/Modules/Platform/Emscripten.cmake';

function run(place, cwd, command, ...words) {
  execFileSync(command, words, { cwd, stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, ...place.environment } });
}

function copy(place, path) {
  const to = join(place.folder, path);
  mkdirSync(join(to, '..'), { recursive: true });
  run(place, root, 'cp', '-al', join(root, path), to);
}

function buildCore(place) {
  for (const path of ['src', 'tools/npm', 'build/libsodium']) copy(place, path);
  const out = join(place.folder, 'build/web-core');
  run(place, place.folder, 'cmake', '-S', 'web/core', '-B', out, '-G', 'Ninja', '-DCMAKE_BUILD_TYPE=Release',
    `-DCMAKE_TOOLCHAIN_FILE=${emscripten}`, `-DSEALIFT_SODIUM_SOURCE=${join(place.folder, 'build/libsodium/libsodium-1.0.18')}`);
  run(place, place.folder, 'cmake', '--build', out);
  const core = join(place.folder, 'web/src/crypto/generated/core.wasm');
  // A hard link until now.
  rmSync(core, { force: true });
  mkdirSync(join(core, '..'), { recursive: true });
  run(place, place.folder, 'cp', join(out, 'core.wasm'), core);
}

function buildBundle(place) {
  const web = join(place.folder, 'web');
  const bundle = join(place.folder, 'bundle');
  run({ environment: { ...place.environment, SEALIFT_WEB_OUT: bundle } }, web, process.execPath, 'node_modules/vite/bin/vite.js', 'build', '--config', 'vite.config.ts', '--logLevel', 'warn');
  const version = /project\([^)]*VERSION ([\d.]+)/.exec(readFileSync(join(root, 'CMakeLists.txt'), 'utf8'))[1];
  run(place, web, process.execPath, 'tools/embed.mjs', bundle, join(place.folder, 'made'), version, join(root, 'src/http/response_head.h'));
  return bundle;
}

function hashesOf(bundle) {
  const files = readdirSync(bundle, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath ?? entry.path, entry.name)).sort();
  return Object.fromEntries(paths.map((path) => [relative(bundle, path), createHash('sha256').update(readFileSync(path)).digest('hex')]));
}

function differences(a, b) {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((path) => a[path] !== b[path]);
}

/** The files that two builds give differently, by path; the linked bundle is compared where there is one. */
export function reproduce({ withCore }) {
  rmSync(work, { recursive: true, force: true });
  const built = places.map((place) => {
    copy(place, 'web');
    if (withCore) buildCore(place);
    return hashesOf(buildBundle(place));
  });
  const found = { files: Object.keys(built[0]), differing: differences(built[0], built[1]), manifest: built[0]['manifest.json'] };
  if (existsSync(linked)) found.differing.push(...differences(built[0], hashesOf(linked)).map((path) => `linked: ${path}`));
  rmSync(work, { recursive: true, force: true });
  return found;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { files, differing, manifest } = reproduce({ withCore: process.argv.includes('--core') });
  for (const path of differing) console.error(`differs: ${path}`);
  if (differing.length === 0) console.log(`${files.length} files, the same bytes each time; manifest.json ${manifest}`);
  process.exit(differing.length === 0 ? 0 : 1);
}
