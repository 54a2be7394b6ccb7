import { defineConfig } from "vite";

/** The page for sorting, built apart like the one for reviewing: it is never published. */
export default defineConfig({
  base: "./",
  publicDir: false,
  build: {
    outDir: "../src/wunderkammer/web/static/sort",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: { input: "sort.html" },
  },
});
