/** `npm run build`: bundles the Node server into dist/. */
import { rm } from 'node:fs/promises'
import { build } from 'esbuild'
import { serverBundle } from './server-bundle.ts'

await rm('dist', { recursive: true, force: true })
await build(serverBundle)
