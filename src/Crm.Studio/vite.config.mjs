import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// Two pages: the application, and the frame around Elsa's own elements.
export default defineConfig({
  base: '/studio/',
  plugins: [react()],
  build: {
    target: 'es2023',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      input: ['index.html', 'elsa.html'],
      // What we write changes more often than what we build on.
      output: { codeSplitting: { groups: [{ name: 'libraries', test: /node_modules/ }] } },
    },
  },
});
