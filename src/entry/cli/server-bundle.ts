/**
 * The Node server as one bundle in dist/. Run from its sources the gateway takes twice the memory and time to start:
 * drizzle-orm's package.json, 0.2 MB, is copied for each of its modules (docs/decisions/).
 */
import type { BuildOptions } from 'esbuild'

export const serverBundle = {
  // The command line for the database, for where the sources are left out; threads start from files of their own.
  entryPoints: {
    node: 'src/entry/node/launch.ts',
    db: 'src/entry/cli/db.ts',
    gates: 'src/entry/cli/gates.ts',
    truth: 'src/entry/cli/truth.ts',
    'database-worker': 'src/entry/node/database/database-worker.ts',
    'maintenance-thread': 'src/adapters/libsql/maintenance/thread.ts',
    'file-thread': 'src/adapters/libsql/threads/thread.ts',
  },
  outdir: 'dist',
  bundle: true,
  // What only some configurations need, such as Redis, stays in files of its own.
  splitting: true,
  // Identifiers stay: error names reach the log, and keepNames would define a name for each function that a request makes.
  minifyWhitespace: true,
  minifySyntax: true,
  sourcemap: true,
  sourcesContent: false,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  logLevel: 'warning',
  // libsql loads a native addon by its path; the others are schema libraries that hono-openapi could use and we do not.
  external: ['@libsql/*', 'libsql', 'zod', 'zod/*', 'arktype', 'effect', 'sury', 'typebox'],
  // CommonJS packages inside an ES module need a `require`.
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
} satisfies BuildOptions
