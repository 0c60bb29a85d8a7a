/** Puts Scalar's bundle beside the console's files. Its Fastify plugin carries it without the 300 MB of its sources. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import scalar from '@scalar/fastify-api-reference'
import fastify from 'fastify'
import type { Plugin } from 'vite'

export const tryItPlugin = (): Plugin => ({
  name: 'vx11-try-it',
  async generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'try-it-scalar.js', source: await readScalar() })
    this.emitFile({
      type: 'asset',
      fileName: 'try-it-start.js',
      source: await readFile(join(import.meta.dirname, 'start.js')),
    })
  },
})

async function readScalar(): Promise<string> {
  const server = fastify()
  await server.register(scalar, { routePrefix: '/', configuration: { content: {} } })
  const { statusCode, body } = await server.inject('/js/scalar.js')
  await server.close()
  if (statusCode !== 200) throw new Error(`@scalar/fastify-api-reference gave ${statusCode} for its bundle`)
  return body
}
