/** Both entries on a real libSQL server, above the concurrency at which a shared client breaks on workerd. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { watchMemory } from '../support/faults/vitals.ts'
import { startNodeGateway, startWorkerGateway } from '../support/gateways.ts'
import { type Sqld, startSqld } from '../support/sqld.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

let sqld: Sqld | null
beforeAll(async () => {
  sqld = await startSqld()
  if (!sqld) return
  execFileSync(join(root, 'node_modules/.bin/node'), ['dist/tentaculo.js', 'db', 'migrate'], {
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

describe('a libSQL server that froze', () => {
  it('costs each caller one wait, then 503 with Retry-After, and is used again when it answers', async ({ skip }) => {
    if (!sqld) return skip()
    const gateway = await startNodeGateway({ VX11_DATABASE_URL: sqld.url, VX11_RATE_LIMIT_ENABLED: 'false' })
    const large = JSON.stringify({ source: 'test', type: 'large', payload: { text: 'x'.repeat(30_000) } })
    const ingest = () => gateway.fetch('/events/ingest', { method: 'POST', body: large })
    // Of a queue of its own the 200th read would wait for ten times twenty others.
    const read = () => gateway.fetch('/operator/session/nobody')
    try {
      await expect.poll(async () => (await ingest()).status).toBe(200)
      const memory = await watchMemory(gateway)
      sqld.freeze()
      const startedAt = performance.now()
      const answers = await Promise.all([...Array.from({ length: 100 }, ingest), ...Array.from({ length: 200 }, read)])
      const tookMs = performance.now() - startedAt
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]))
      expect(answers.filter(({ headers }) => !headers.get('retry-after'))).toEqual([])
      expect(tookMs).toBeLessThan(60_000)
      expect(memory.stop().grown).toBeLessThan(256)
    } finally {
      sqld.thaw()
      await expect.poll(async () => (await ingest()).status).toBe(200)
      await gateway.stop()
    }
  })
})
