import react from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here("renderer"),
  // Electron loads the page from its own scheme and the browser shell from any port: addresses stay relative.
  base: "./",
  plugins: [react({ jsxImportSource: "#jsx" })],
  resolve: {
    alias: {
      // The stock one writes a <style> element, which our content security policy refuses; this page's body never scrolls.
      "react-remove-scroll": here("renderer/parts/remove-scroll.tsx"),
    },
  },
  build: {
    outDir: here("build/renderer"),
    emptyOutDir: true,
    target: process.env["BULKHEAD_TARGET"] ?? "es2024",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1_500,
    rolldownOptions: { input: { index: here("renderer/index.html"), popup: here("renderer/popup.html") } },
  },
});
