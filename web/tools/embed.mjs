// From a built bundle to what is linked into the server: node web/tools/embed.mjs BUNDLE OUT VERSION POLICY
//
//   BUNDLE   vite's output
//   OUT      gets web_bundle.cc (the table, src/server/front/web_files.h) and web_bundle.S (the bytes)
//   POLICY   the header with kPagePolicy, which the manifest repeats
//
// Adds manifest.json to the bundle: the SHA-256 of every file and the policy, in WEBCAT's shape. Its
// timestamp and signatures are for whoever enrols a site to fill in. The same bundle gives the same bytes.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const [bundle, out, version, policyHeader] = process.argv.slice(2);

const types = {
  html: 'html',
  css: 'css',
  js: 'script',
  wasm: 'wasm',
  svg: 'svg',
  png: 'png',
  json: 'json',
};

function pathsBelow(folder, prefix = '') {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) =>
      entry.isDirectory()
        ? pathsBelow(join(folder, entry.name), `${prefix}/${entry.name}`)
        : [`${prefix}/${entry.name}`],
    )
    .sort();
}

const sha256 = (bytes, encoding) => createHash('sha256').update(bytes).digest(encoding);

function policy() {
  const text = readFileSync(policyHeader, 'utf8');
  const start = text.indexOf('kPagePolicy');
  const definition = text.slice(start, text.indexOf(';\n', start));
  return [...definition.matchAll(/"([^"]*)"/g)].map((part) => part[1]).join('');
}

function writeManifest(paths) {
  const files = {};
  const wasm = [];
  for (const path of paths) {
    files[path] = sha256(readFileSync(join(bundle, path)), 'base64url');
    if (path.endsWith('.wasm')) wasm.push(files[path]);
  }
  const manifest = {
    app: 'https://sealift.invalid/',
    version,
    default_csp: policy(),
    default_index: '/index.html',
    default_fallback: '/index.html',
    timestamp: '',
    files,
    wasm,
  };
  writeFileSync(join(bundle, 'manifest.json'), JSON.stringify({ manifest, signatures: {} }, null, 1) + '\n');
}

// Only what saves something is kept.
function compressed(bytes) {
  const brotli = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  const gzip = gzipSync(bytes, { level: 9 });
  const useful = (coded) => (coded.length < bytes.length * 0.95 ? coded : Buffer.alloc(0));
  return { gzip: useful(gzip), brotli: useful(brotli) };
}

rmSync(join(bundle, 'manifest.json'), { force: true });
writeManifest(pathsBelow(bundle));
const assembly = ['    .section .rodata'];
const declarations = [];
const rows = [];
let total = { plain: 0, gzip: 0, brotli: 0 };
mkdirSync(out, { recursive: true });
pathsBelow(bundle).forEach((path, index) => {
  const bytes = readFileSync(join(bundle, path));
  const type = types[path.slice(path.lastIndexOf('.') + 1)];
  if (!type) throw new Error(`no media type for ${path}`);
  const codings = { plain: bytes, ...compressed(bytes) };
  const views = [];
  for (const [coding, coded] of Object.entries(codings)) {
    total[coding] += (coded.length || bytes.length);
    if (coded.length === 0) {
      views.push('{}');
      continue;
    }
    const symbol = `sealift_web_${index}_${coding}`;
    const file = join(out, `${index}.${coding}`);
    writeFileSync(file, coded);
    assembly.push(`    .global ${symbol}`, '    .balign 16', `${symbol}:`, `    .incbin "${file}"`);
    declarations.push(`extern const std::byte ${symbol}[];`);
    views.push(`{${symbol}, ${coded.length}}`);
  }
  const cache = path.startsWith('/assets/') ? 'immutable' : 'revalidate';
  rows.push(
    `    {"${path}", MediaType::${type}, CacheControl::${cache}, "${sha256(bytes, 'hex').slice(0, 32)}",\n` +
      `     ${views.join(', ')}},`,
  );
});
assembly.push('    .section .note.GNU-stack,"",%progbits', '');
writeFileSync(join(out, 'web_bundle.S'), assembly.join('\n'));
writeFileSync(
  join(out, 'web_bundle.cc'),
  `// Made by web/tools/embed.mjs from the web client's bundle.
#include <cstddef>

#include "server/front/web_files.h"

extern "C" {
${declarations.join('\n')}
}

namespace sealift::server::front {
namespace {

using http::CacheControl;
using http::MediaType;

const WebFile kFiles[] = {
${rows.join('\n')}
};

}  // namespace

std::span<const WebFile> web_bundle() { return kFiles; }

}  // namespace sealift::server::front
`,
);
console.log(`web client: ${rows.length} files, ${total.plain} bytes, ${total.gzip} with gzip, ${total.brotli} with brotli`);
