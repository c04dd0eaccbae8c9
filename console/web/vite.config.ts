import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

// Everything the page needs is in its own files: no inline script or style (the server forbids them).
export default defineConfig({
  plugins: [svelte()],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    cssCodeSplit: false,
    rollupOptions: { output: { entryFileNames: 'assets/page-[hash].js', assetFileNames: 'assets/[name]-[hash][extname]' } },
  },
});
