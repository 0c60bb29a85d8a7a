/** `npm run build`: bundles the Node server into dist/ and builds the console. */
import { rm } from 'node:fs/promises'
import { build } from 'esbuild'
import { buildConsole } from './build-console.ts'
import { serverBundle } from './server-bundle.ts'

await rm('dist', { recursive: true, force: true })
await build(serverBundle)
await buildConsole()
