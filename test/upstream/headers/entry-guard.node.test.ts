/** The signatures, told to a simulated shub that checks them, with everything between that stands there in life. */

import Registry from 'prom-client/lib/registry.js'
import { afterAll, describe, expect, it } from 'vitest'
import { undiciTransport } from '../../../src/adapters/node-http/undici/transport.ts'
import { prometheusMetrics } from '../../../src/adapters/prometheus/metrics.ts'
import { systemClock } from '../../../src/adapters/system/clock.ts'
import { systemRandom } from '../../../src/adapters/system/random.ts'
import { parseConfig } from '../../../src/config/config.ts'
import type { Log, UpstreamInit } from '../../../src/ports/index.ts'
import { askUpstream, connectUpstreams } from '../../../src/upstream/connect.ts'
import { ownRequestHeaders } from '../../../src/upstream/headers/request-headers.ts'
import { watchBody } from '../../../src/upstream/layers/watch-body.ts'
import { runningShub } from '../../support/simulators/running.ts'

const secret = 'a-shared-secret'
const token = 'token-of-the-gateway'
const silent = () => {}
const log: Log = { debug: silent, info: silent, warn: silent, error: silent }
const network = undiciTransport()
afterAll(() => network.close())

async function guardedShub(secretOfGateway = secret) {
  const shub = await runningShub({ guard: { secret }, token })
  const clock = systemClock()
  const config = parseConfig({
    VX11_TENTACULO_LINK_TOKEN: token,
    SHUB_URL: shub.url,
    VX11_TENTACULO_LINK_SHARED_SECRET: secretOfGateway,
  })
  const { upstreams } = connectUpstreams({
    announce: () => {},
    config,
    clock,
    random: systemRandom(),
    log,
    metrics: prometheusMetrics(new Registry(), clock),
    transports: { url: network.transport },
    watchBody,
    pause: async () => {},
  })
  const headers = ownRequestHeaders({ correlationId: 'c-1', upstreamToken: token, via: 'gate' })
  const send = async (target: string, init: Partial<UpstreamInit> = {}) => {
    const answer = await upstreams.shub?.(target, {
      method: 'GET',
      body: null,
      ...init,
      headers: { ...headers, 'x-correlation-id': 'c-1', ...init.headers },
    })
    const text = await new Response(answer?.body as ReadableStream | null | undefined).text()
    return { status: answer?.status, text }
  }
  return { shub, send, config, upstreams }
}

describe('shub with its guard on', () => {
  it('takes signed requests, with and without a body', async () => {
    const { send } = await guardedShub()
    expect((await send('/status?q=1')).status).toBe(200)
    const body = new TextEncoder().encode('{"job_name":"j1","audio_files":["/a.wav"]}')
    const headers = { 'content-type': 'application/json' }
    expect((await send('/api/batch/submit', { method: 'POST', headers, body })).status).toBe(200)
    const stream = new Response(body).body
    expect((await send('/api/batch/submit', { method: 'POST', headers, body: stream })).status).toBe(200)
  })

  it('takes signed requests to paths with escapes', async () => {
    const { send } = await guardedShub()
    expect((await send('/api/batch/status/caf%C3%A9%20%25')).status).not.toBe(401)
  })

  it('gets a new nonce with every retry', async () => {
    const { send, shub } = await guardedShub()
    shub.misbehave({ kind: 'status', status: 503, times: 2 })
    expect((await send('/status')).status).toBe(200)
    const nonces = shub.requests.map(
      ({ headers }) => headers.find(([name]) => name.toLowerCase() === 'x-vx11-nonce')?.[1],
    )
    expect(nonces).toHaveLength(3)
    expect(new Set(nonces).size).toBe(3)
  })

  it('gets no signature where it wants none', async () => {
    const { shub, config, upstreams } = await guardedShub()
    const question = { target: '/health', correlationId: 'c-1', limits: {} }
    expect((await askUpstream({ config, upstreams }, 'shub', question))?.status).toBe(200)
    expect(shub.requests[0]?.headers.map(([name]) => name.toLowerCase())).not.toContain('x-vx11-signature')
  })

  it('passes its refusal through when the secrets differ', async () => {
    const { send } = await guardedShub('another-secret')
    expect(await send('/status')).toMatchObject({
      status: 401,
      text: expect.stringContaining('Invalid HMAC signature'),
    })
  })
})
