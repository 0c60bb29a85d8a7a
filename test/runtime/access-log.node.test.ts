/** The access line of real gateways: bytes as they were sent, also of a stream whose reader left. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Gateway, startNodeGateway, startWorkerGateway } from '../support/gateways.ts'

interface Line {
  event: string
  path?: string
  status?: number
  bytes?: number
  client?: string
  duration_ms?: number
}

const lineOf = (gateway: Gateway, path: string): Line | undefined =>
  gateway
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{"time"'))
    .map((line) => JSON.parse(line) as Line)
    .find((line) => line.event === 'request' && line.path === path)

describe('on Node', () => {
  let gateway: Gateway
  beforeAll(async () => {
    gateway = await startNodeGateway()
  })
  afterAll(() => gateway?.stop())

  it('has the bytes of the body as they were sent, compressed ones too, and none of a HEAD', async () => {
    const plainly = { headers: { 'accept-encoding': 'identity' } }
    for (const target of ['/vx11/overview?a=1', '/openapi.json', '/nothing-here']) {
      const body = await (await gateway.fetch(target, plainly)).arrayBuffer()
      const path = target.split('?')[0] ?? ''
      await expect.poll(() => lineOf(gateway, path)).toMatchObject({ bytes: body.byteLength, client: '127.0.0.1' })
    }
    const packed = await gateway.fetch('/docs', { headers: { 'accept-encoding': 'gzip' } })
    const plain = (await packed.arrayBuffer()).byteLength
    await expect.poll(() => lineOf(gateway, '/docs')?.bytes).toBeGreaterThan(1000)
    expect(lineOf(gateway, '/docs')?.bytes).toBeLessThan(plain / 2)
    await gateway.fetch('/operator/api/whoami', { method: 'HEAD' })
    await expect.poll(() => lineOf(gateway, '/operator/api/whoami')?.bytes).toBe(0)
  })

  it('comes when a stream ends, with what was sent of it', async () => {
    const leaving = new AbortController()
    const stream = await gateway.fetch('/operator/api/events/stream', { signal: leaving.signal })
    const first = await stream.body?.getReader().read()
    expect(lineOf(gateway, '/operator/api/events/stream')).toBeUndefined()
    leaving.abort()
    await expect.poll(() => lineOf(gateway, '/operator/api/events/stream')).toMatchObject({ status: 200 })
    const { bytes = 0 } = lineOf(gateway, '/operator/api/events/stream') ?? {}
    expect(bytes).toBeGreaterThanOrEqual(first?.value?.byteLength ?? 1)
  })
})

describe('on workerd', () => {
  it('has path and client, and the bytes where the answer announces them', async () => {
    const gateway = await startWorkerGateway()
    try {
      await gateway.fetch('/vx11/overview?a=1')
      await expect
        .poll(() => lineOf(gateway, '/vx11/overview'))
        .toMatchObject({ client: 'unknown', duration_ms: expect.any(Number) })
      await gateway.fetch('/operator/ui')
      await expect.poll(() => lineOf(gateway, '/operator/ui')).toMatchObject({ bytes: 0 })
    } finally {
      await gateway.stop()
    }
  })
})
