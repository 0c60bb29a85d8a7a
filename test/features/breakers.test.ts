import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { TransportError } from '../../src/errors/gateway-error.ts'
import { BreakerStatus } from '../../src/features/breakers/schema.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { testApp, tokens } from '../support/test-app.ts'

const path = '/vx11/circuit-breaker/status'
const shub = 'http://shub.test:8007'

function gatewayWithShub(env: Record<string, string> = {}) {
  const gateway = testApp({ env })
  const read = async () => v.parse(BreakerStatus, await (await gateway.authorized(path)).json())
  const fail = async (times: number) => {
    for (let i = 0; i < times; i++) {
      if (i > 0) await gateway.clock.advance(250)
      await gateway.authorized('/shub/a', { method: 'POST' })
    }
  }
  return { ...gateway, read, fail }
}

describe('GET /vx11/circuit-breaker/status', () => {
  it('is for operators', async () => {
    const gateway = testApp()
    await expectProblem(await gateway.request(path), 'auth_required')
    await expectProblem(await gateway.request(path, { headers: { 'x-vx11-token': tokens.shub } }), 'forbidden')
    expect((await gateway.request(path, { headers: { 'x-vx11-token': tokens.operator } })).status).toBe(200)
  })

  it('tells of each configured upstream', async () => {
    expect(await gatewayWithShub().read()).toEqual({
      status: 'ok',
      timestamp: 1_800_000_000,
      breakers: Object.fromEntries(
        ['madre', 'shub'].map((name) => [
          name,
          {
            state: 'closed',
            failure_count: 0,
            last_failure: null,
            opened_until: null,
            cause: null,
            in_flight: 0,
            max_in_flight: 256,
            retry_budget: { requests: 0, retries: 0, remaining: 3 },
          },
        ]),
      ),
    })
  })

  it('shows an open circuit, which reading does not change', async () => {
    const gateway = gatewayWithShub()
    await gateway.fail(5)
    const open = { state: 'open', failure_count: 5, last_failure: 1_800_000_001, opened_until: 1_800_000_002 }
    expect((await gateway.read()).breakers.shub).toMatchObject(open)
    await gateway.clock.advance(61_500)
    const later = await gateway.read()
    expect(later.breakers.shub).toMatchObject(open)
    expect(later.timestamp).toBe(1_800_000_062.5)
  })

  it('keeps the last failure after the recovery', async () => {
    const gateway = gatewayWithShub()
    await gateway.fail(5)
    await gateway.clock.advance(60_000)
    gateway.network.answer(`${shub}/a`, jsonAnswer({}))
    await gateway.fail(1)
    expect((await gateway.read()).breakers.shub).toMatchObject({
      state: 'closed',
      failure_count: 0,
      last_failure: 1_800_000_001,
      opened_until: null,
    })
  })
})

describe('a caller of a failing upstream', () => {
  it('is refused while the circuit is open, and told when to come back', async () => {
    const gateway = gatewayWithShub({ VX11_BREAKER_COOLDOWN_S: '30' })
    await gateway.fail(5)
    for (const cooldownS of [1, 2, 4]) {
      await gateway.clock.advance(cooldownS * 1000)
      await gateway.fail(1)
    }
    const asked = gateway.network.exchanges.length
    await gateway.clock.advance(3000)
    const response = await gateway.authorized('/shub/a')
    expect(response.headers.get('retry-after')).toBe('5')
    expect(await expectProblem(response, 'shub_unavailable')).toMatchObject({ retry_after: 5 })
    expect(gateway.network.exchanges).toHaveLength(asked)
  })

  it('gets a good answer when a retry finds one', async () => {
    const gateway = gatewayWithShub()
    let tries = 0
    gateway.network.answer(`${shub}/a`, () => {
      if (++tries < 3) throw new TransportError('reset')
      return jsonAnswer({ tries })
    })
    expect(await (await gateway.authorized('/shub/a')).json()).toEqual({ tries: 3 })
    expect((await gateway.read()).breakers.shub?.retry_budget).toEqual({ requests: 1, retries: 2, remaining: 1 })
  })

  it('is told so when its deadline cannot be read', async () => {
    const gateway = gatewayWithShub()
    const response = await gateway.authorized('/shub/a', { headers: { 'x-vx11-deadline-ms': '5s' } })
    await expectProblem(response, 'validation_error')
    expect(gateway.network.exchanges).toEqual([])
  })

  it('opens no circuit by looking at the status', async () => {
    const gateway = gatewayWithShub()
    for (let i = 0; i < 10; i++) {
      await gateway.request('/vx11/status')
      await gateway.request('/shub/health')
      await gateway.clock.advance(5000)
    }
    expect((await gateway.read()).breakers.shub).toMatchObject({ state: 'closed', failure_count: 0 })
    expect((await gateway.read()).breakers.madre).toMatchObject({ state: 'closed', failure_count: 0 })
  })
})
