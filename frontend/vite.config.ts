import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** `npm run dev` takes the atlas from a running `wk serve`; set ATLAS to another address. */
const atlas = process.env["ATLAS"] ?? "http://127.0.0.1:8000";

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
  plugins: [listed],
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
