import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Builds the page into dist/web: no inline script, so that the server's policy can forbid them (docs/adr/0080). */
export default defineConfig({
  root: here('.'),
  plugins: [react()],
  build: {
    outDir: here('../../dist/web'),
    emptyOutDir: true,
    target: ['chrome107', 'firefox115', 'safari16'],
    // A data: URL would need its own permission in the policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler|@tanstack)[\\/]/ },
            { name: 'antd', test: /node_modules[\\/](antd|@ant-design|@rc-component|rc-)/ },
            { name: 'viewer', test: /node_modules[\\/]openseadragon[\\/]/ },
          ],
        },
      },
    },
  },
  server: {
    port: 8471,
    proxy: Object.fromEntries(
      ['/api', '/iiif', '/thumbs', '/log/'].map((path) => [path, process.env.LANTAI_SERVER ?? 'http://127.0.0.1:8470']),
    ),
  },
});
