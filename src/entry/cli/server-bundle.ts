/**
 * Bundles the Node server into dist/. Run from sources, the gateway takes twice the memory and time to start:
 * drizzle-orm's package.json, 0.2 MB, is copied for each of its modules (docs/decisions/).
 */
import type { BuildOptions } from 'esbuild'
import { buildCommit } from './build-commit.ts'

export const serverBundle = {
  // The commands are included for images without sources; worker threads need their own files.
  entryPoints: {
    node: 'src/entry/node/launch.ts',
    tentaculo: 'src/entry/cli/tentaculo.ts',
    'database-worker': 'src/entry/node/database/database-worker.ts',
    'maintenance-thread': 'src/adapters/libsql/maintenance/thread.ts',
    'file-thread': 'src/adapters/libsql/threads/thread.ts',
  },
  outdir: 'dist',
  bundle: true,
  // Modules that only some configurations need, such as Redis, stay in separate files.
  splitting: true,
  // Identifiers are kept: error names are logged, and keepNames would cost time for each closure of a request.
  minifyWhitespace: true,
  minifySyntax: true,
  sourcemap: true,
  sourcesContent: false,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  define: { BUILD_COMMIT: JSON.stringify(buildCommit()) },
  logLevel: 'warning',
  // libsql loads a native addon by its path: packages and the image have it beside the bundle, and nothing else. The
  // others are schema libraries that hono-openapi could use and we do not.
  external: ['libsql', 'zod', 'zod/*', 'arktype', 'effect', 'sury', 'typebox'],
  // CommonJS packages inside an ES module need a `require`.
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
} satisfies BuildOptions
