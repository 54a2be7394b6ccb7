import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** `npm run dev` takes the atlas from a running `wk serve`; set ATLAS to another address. */
const atlas = process.env["ATLAS"] ?? "http://127.0.0.1:8000";

/** What runs encoders in the page: packed, since few hosts would; loaded when it is asked for. */
const wasm = "node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm";
const packed = gzipSync(readFileSync(wasm), { level: 9 });
const runtime: Plugin = {
  name: "runtime",
  generateBundle(_, bundle) {
    for (const name of Object.keys(bundle))
      if (name.endsWith(".wasm")) Reflect.deleteProperty(bundle, name);
    this.emitFile({ type: "asset", fileName: "runtime/onnxruntime.wasm.bin", source: packed });
  },
};

/** Lists the files of the page, for who wants to keep them all. */
const listed: Plugin = {
  name: "listed",
  generateBundle(_, bundle) {
    const names = Object.keys(bundle).filter((name) => name.startsWith("assets/"));
    const source = `${JSON.stringify(names.sort(), null, 1)}\n`;
    this.emitFile({ type: "asset", fileName: "shell.json", source });
  },
};

export default defineConfig({
  base: "./",
  define: { PACKED_RUNTIME_BYTES: packed.length },
  plugins: [runtime, listed],
  build: {
    outDir: "../src/wunderkammer/web/static",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    license: { fileName: "licences.md" },
  },
  server: {
    // everything but the page itself: the files of an atlas may have any name
    proxy: { "^/(?!$|@|src/|node_modules/|index\\.html|\\?)": atlas },
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.ts"],
    restoreMocks: true,
  },
});
