/** What a look at the ten services sees and what it is called, and what the routes refuse; on both databases. */
import { describe, expect, it } from 'vitest'
import { TransportError } from '../../src/errors/gateway-error.ts'
import type { UpstreamAnswer } from '../../src/ports/index.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { testApp } from '../support/test-app.ts'
import { madre, power, switchUrl, truthApps } from '../support/truth-app.ts'

const { database, vx11 } = truthApps()

describe('a round', () => {
  it('names what answers, what should and does not, what sleeps by policy, and what nobody configured', async () => {
    const report = await vx11().read()
    expect(report.services.map(({ service, status, reason }) => [service, status, reason])).toEqual([
      ['tentaculo_link', 'OK', null],
      ['madre', 'OK', null],
      ['switch', 'OFF_BY_POLICY', 'no_window'],
      ['hermes', 'UNKNOWN', 'not_configured'],
      ['hormiguero', 'UNKNOWN', 'not_configured'],
      ['manifestator', 'UNKNOWN', 'not_configured'],
      ['mcp', 'UNKNOWN', 'not_configured'],
      ['shubniggurath', 'BROKEN', 'unreachable'],
      ['spawner', 'OFF_BY_POLICY', 'no_window'],
      ['operator', 'UNKNOWN', 'not_configured'],
    ])
    expect(report.summary).toEqual({ total: 10, ok: 2, broken: 1, off_by_policy: 2, unknown: 5 })
  })

  it('asks its own routes through every layer', async () => {
    const own = await vx11().status('tentaculo_link')
    expect(own).toMatchObject({ http_code: 200, endpoint_ok: '/health', port: 8000 })
    expect(own?.snippet).toContain('tentaculo_link')
  })

  it('tries the paths in their order, and keeps the first code where none answers 200', async () => {
    const gateway = vx11()
    gateway.network.answer('http://shub.test:8007/health', jsonAnswer({}, 404))
    gateway.network.answer('http://shub.test:8007/healthz', jsonAnswer({}, 500))
    gateway.network.answer('http://shub.test:8007/shub/health', jsonAnswer({ status: 'ok' }))
    expect(await gateway.status('shubniggurath')).toMatchObject({ status: 'OK', endpoint_ok: '/shub/health' })
    gateway.network.answer('http://shub.test:8007/shub/health', jsonAnswer({}, 503))
    await gateway.pass()
    expect(await gateway.status('shubniggurath')).toMatchObject({
      status: 'BROKEN',
      http_code: 404,
      endpoint_ok: null,
      reason: 'status_404',
    })
  })

  it('calls a service broken that answers wrongly, though the policy keeps it asleep', async () => {
    const gateway = vx11()
    for (const path of ['/health', '/healthz', '/switch/health'])
      gateway.network.answer(`${switchUrl}${path}`, jsonAnswer({}, 500))
    expect(await gateway.status('switch')).toMatchObject({ status: 'BROKEN', http_code: 500 })
  })

  it('calls a silent service broken once a window lists it', async () => {
    const gateway = vx11()
    gateway.network.answer(`${madre}/madre/power/state`, power(['switch']))
    expect(await gateway.status('switch')).toMatchObject({ status: 'BROKEN', reason: 'unreachable' })
    expect(await gateway.status('spawner')).toMatchObject({ status: 'OFF_BY_POLICY' })
  })

  it('does not guess why a service is silent while madre does not report the policy', async () => {
    const gateway = vx11()
    gateway.network.answer(`${madre}/madre/power/state`, new TransportError('unreachable'))
    expect(await gateway.status('switch')).toMatchObject({ status: 'UNKNOWN', reason: 'power_state_unknown' })
  })

  it('leaves a path after three seconds, also in the middle of a body', async () => {
    const gateway = vx11()
    const asked = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const
    gateway.network.answer('http://shub.test:8007/health', () => {
      asked[0].resolve()
      return new Promise<UpstreamAnswer>(() => {})
    })
    gateway.network.answer('http://shub.test:8007/healthz', () => {
      asked[1].resolve()
      // One byte, and then none.
      const body = new ReadableStream<Uint8Array>({ start: (c) => c.enqueue(new Uint8Array([65])) })
      return { status: 200, headers: {}, body }
    })
    gateway.network.answer('http://shub.test:8007/shub/health', jsonAnswer({ status: 'ok' }))
    const reading = gateway.status('shubniggurath')
    for (const { promise } of asked) {
      await promise
      await new Promise((resolve) => setTimeout(resolve, 0))
      await gateway.clock.advance(3000)
    }
    expect(await reading).toMatchObject({ status: 'OK', endpoint_ok: '/shub/health' })
    expect(
      gateway.network.exchanges.find(({ url }) => url.endsWith('shub.test:8007/healthz'))?.init.signal?.aborted,
    ).toBe(true)
  })

  it('has at most five services under way', async () => {
    const env = Object.fromEntries(
      ['HERMES', 'HORMIGUERO', 'MANIFESTATOR', 'MCP', 'SPAWNER', 'SWITCH', 'OPERATOR'].map((name) => [
        `${name}_URL`,
        `http://${name.toLowerCase()}.test`,
      ]),
    )
    const gateway = testApp({ env, deps: { database: database() } })
    let [now, max] = [0, 0]
    for (const name of ['madre.test:8001', 'shub.test:8007', ...Object.values(env).map((url) => url.slice(7))]) {
      gateway.network.answer(`http://${name}/health`, async () => {
        max = Math.max(max, ++now)
        await new Promise((resolve) => setTimeout(resolve, 0))
        now--
        return jsonAnswer({ status: 'ok' })
      })
    }
    await gateway.services.minutely.truth()
    expect(max).toBe(5)
  })

  it('keeps a hundred characters of what was said, without control characters', async () => {
    const gateway = vx11()
    const body = new TextEncoder().encode(`a\r\n|b\u0000${'é'.repeat(200)}`)
    gateway.network.answer('http://shub.test:8007/health', { status: 200, headers: {}, body })
    const snippet = (await gateway.status('shubniggurath'))?.snippet ?? ''
    expect(snippet).toBe(`a |b ${'é'.repeat(95)}`)
    const md = await (await gateway.authorized('/operator/api/truth?format=md')).text()
    expect(md).toContain(`| a \\|b ${'é'.repeat(25)}... |`)
  })
})

describe('the routes', () => {
  it('refuse what they do not know', async () => {
    const gateway = vx11()
    await expectProblem(await gateway.authorized('/operator/api/truth/nothing'), 'not_found')
    await expectProblem(await gateway.authorized('/operator/api/truth/__proto__'), 'not_found')
    await expectProblem(await gateway.authorized('/operator/api/truth?format=xml'), 'validation_error')
    expect(gateway.network.exchanges).toEqual([])
  })

  it.each(['/operator/api/truth', '/operator/api/truth?format=md', '/operator/api/truth/switch'])(
    'answer a caller that holds %s in no bytes, until the next round',
    async (path) => {
      const gateway = vx11()
      await gateway.minute()
      const etag = (await gateway.authorized(path)).headers.get('etag') ?? ''
      const ask = () => gateway.authorized(path, { headers: { 'if-none-match': etag } })
      const held = await ask()
      expect([held.status, await held.text(), held.headers.get('etag')]).toEqual([304, '', etag])
      await gateway.pass()
      const anew = await ask()
      expect(anew.status).toBe(200)
      expect(anew.headers.get('etag')).not.toBe(etag)
    },
  )
})
