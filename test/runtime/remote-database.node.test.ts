/** Both entries on a real libSQL server, above the concurrency at which a shared client breaks on workerd. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startNodeGateway, startWorkerGateway } from '../support/gateways.ts'
import { type Sqld, startSqld } from '../support/sqld.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

let sqld: Sqld | null
beforeAll(async () => {
  sqld = await startSqld()
  if (!sqld) return
  execFileSync(join(root, 'node_modules/.bin/node'), ['dist/db.js', 'migrate'], {
    cwd: root,
    env: { ...process.env, VX11_DATABASE_URL: sqld.url },
  })
})
afterAll(() => sqld?.stop())

describe.each([
  ['Node', startNodeGateway],
  ['workerd', startWorkerGateway],
] as const)('the gateway on %s with a libSQL server', (_runtime, startGateway) => {
  it('answers 200 concurrent requests that ask the database, none failing', async ({ skip }) => {
    if (!sqld) return skip()
    const gateway = await startGateway({ VX11_DATABASE_URL: sqld.url })
    try {
      const answers = await Promise.all(
        Array.from({ length: 200 }, async () => {
          const response = await fetch(`${gateway.url}/readyz`)
          return { status: response.status, body: await response.json() }
        }),
      )
      const failed = answers.filter(({ status }) => status !== 200)
      expect(failed).toEqual([])
    } finally {
      await gateway.stop()
    }
  })
})
