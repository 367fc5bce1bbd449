import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { offlineWorker } from './offline-worker.ts';
import { precompress } from './precompress.ts';

const api = 'http://127.0.0.1:3001';

export default defineConfig({
  plugins: [react(), offlineWorker(), precompress()],
  // The charts bring a Mantine of their own; its components would look for another provider than the app's.
  resolve: { dedupe: ['@mantine/core', '@mantine/hooks'] },
  server: {
    host: '127.0.0.1',
    port: 5173,
    proxy: {
      '/api': api,
      '/health': api,
      '/ws': { target: 'ws://127.0.0.1:3002', ws: true },
    },
  },
  build: { target: 'es2023', sourcemap: false, chunkSizeWarningLimit: 700 },
});
