import { defineConfig } from "vitest/config";

/** `npm run dev` takes the atlas from a running `wk serve`; set ATLAS to another address. */
const atlas = process.env["ATLAS"] ?? "http://127.0.0.1:8000";

export default defineConfig({
  base: "./",
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
