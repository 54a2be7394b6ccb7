import { defineConfig } from "vite";

/** The worker that answers without a network: one file that lies beside the page. */
export default defineConfig({
  publicDir: false,
  build: {
    outDir: "../src/wunderkammer/web/static",
    emptyOutDir: false,
    target: "es2022",
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: "src/offline/worker.ts",
      output: { format: "iife", entryFileNames: "sw.js" },
    },
  },
});
