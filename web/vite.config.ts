import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { precompress } from './precompress.ts';

/** Where `npx vite web` finds the API while the dashboard is worked on. */
const api = process.env.DISSECTORY_API ?? 'http://localhost:4000';
const served = ['/graphql', '/images', '/overlays', '/activations', '/sprites', '/masks', '/sheets', '/labels'];

export default defineConfig({
  root: import.meta.dirname,
  // Relative, so that the files work below any path; the server fits index.html to the depth of the page that it is
  // sent for.
  base: './',
  plugins: [react(), precompress()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    assetsInlineLimit: 0, // data: URLs are not allowed by the content security policy
    target: 'es2023',
    chunkSizeWarningLimit: 1000,
  },
  server: { proxy: Object.fromEntries(served.map((path) => [path, api])) },
});
