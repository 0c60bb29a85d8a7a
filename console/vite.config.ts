/** How the console is built: static files with hashed names and a relative base, so that it works behind any prefix. */
import { defineConfig } from 'vite'
import { schemaPlugin } from './schema-plugin.ts'
import { tryItPlugin } from './try-it/plugin.ts'

const gateway = process.env.VX11_GATEWAY ?? 'http://127.0.0.1:8000'
const gatewayPaths =
  '^/(vx11|operator/(?!ui/)|shub|madre|switch|events|metrics|debug|health|livez|readyz|openapi.json|resources)'

/** Without the plots: their library is loaded where one is drawn. */
const everywhere = /console[\\/]src[\\/](?:core|live|shell|ui)[\\/](?!plot\.tsx)/

export default defineConfig(({ command }) => ({
  root: import.meta.dirname,
  // Built pages are relative; while they are edited they stand where a gateway would have them.
  base: command === 'serve' ? '/operator/ui/' : './',
  build: {
    outDir: '../dist/console',
    emptyOutDir: true,
    target: 'es2023',
    // Inlined assets would need `data:` in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      checks: { pluginTimings: false },
      // What every view stands on is one file: a dozen small ones would wait for each other's connections.
      output: { codeSplitting: { groups: [{ name: 'shared', test: everywhere }] } },
    },
  },
  plugins: [schemaPlugin(), tryItPlugin()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  server: { proxy: { [gatewayPaths]: gateway } },
}))
