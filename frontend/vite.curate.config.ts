import { defineConfig } from "vite";

/**
 * The page for reviewing, built after the atlas's and apart from it: it is never published,
 * and what it needs must not make the page of an atlas larger.
 */
export default defineConfig({
  base: "./",
  publicDir: false,
  build: {
    outDir: "../src/wunderkammer/web/static/curate",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: { input: "curate.html" },
  },
});
