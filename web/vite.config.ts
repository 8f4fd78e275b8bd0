// The web client's bundle: one page, its scripts, styles and WebAssembly, named by their content.
//
// The same source gives the same bytes: no time, no path, no random name goes in. The page has no
// inline script or style, so that the policy in src/http/response_head.cc can forbid both.
//
//   SEALIFT_WEB_OUT   where the bundle goes (default: build/web below the source tree)
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const outside = fileURLToPath(new URL('../build/web', import.meta.url));

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/',
  plugins: [svelte()],
  worker: { format: 'es' },
  build: {
    outDir: process.env['SEALIFT_WEB_OUT'] ?? outside,
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    cssCodeSplit: false,
    reportCompressedSize: false,
    sourcemap: false,
  },
});
