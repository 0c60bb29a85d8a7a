import { describe, expect, it } from 'vitest'
import { TransportError } from '../../src/errors/gateway-error.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { testApp, tokens } from '../support/test-app.ts'

const madreState = 'http://madre.test:8001/madre/power/state'

/** While a window holds switch open. */
function windowed() {
  const gateway = testApp({ env })
  const state = { policy: 'windowed', window_id: 'w-1', active_services: ['switch', 'madre', 'redis'] }
  gateway.network.answer(madreState, jsonAnswer(state))
  return gateway
}

const env = { SWITCH_URL: 'http://switch.test:8002' }

describe.each([
  ['madre', 'http://madre.test:8001', '/madre/plans?limit=1', 'madre_unavailable'],
  ['switch', 'http://switch.test:8002', '/switch/queue/status?x=%2F', 'switch_unavailable'],
] as const)('everything under /%s', (_name, url, target, unavailable) => {
  it('reaches the upstream under the path it came with', async () => {
    const gateway = windowed()
    gateway.network.answer(url + target, jsonAnswer({ plans: [] }))
    const response = await gateway.authorized(target)
    expect(response.status).toBe(200)
    expect(gateway.network.exchanges.at(-1)?.init.headers).toMatchObject({ 'x-vx11-token': tokens.link })
  })

  it('is for administrators alone', async () => {
    const gateway = windowed()
    await expectProblem(await gateway.request(target), 'auth_required')
    const headers = { 'x-vx11-token': tokens.operator }
    await expectProblem(await gateway.request(target, { headers }), 'forbidden')
    expect(gateway.network.exchanges).toEqual([])
  })

  it('says by name that the upstream is away, and 504 when it is too slow', async () => {
    const gateway = windowed()
    await expectProblem(await gateway.authorized(target, { method: 'POST' }), unavailable)
    gateway.network.answer(url + target, new TransportError('timeout'))
    await expectProblem(await gateway.authorized(target, { method: 'POST' }), 'upstream_timeout')
  })
})

it('says how to wake a switch that is not configured', async () => {
  const body = await expectProblem(await testApp().authorized('/switch/health'), 'switch_unavailable')
  expect(body.detail).toContain('SWITCH_URL')
})
