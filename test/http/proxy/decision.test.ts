import { describe, expect, it } from 'vitest'
import { TransportError } from '../../../src/errors/gateway-error.ts'
import { expectProblem } from '../../support/expect-problem.ts'
import { jsonAnswer } from '../../support/fake-network.ts'
import { testApp, tokens } from '../../support/test-app.ts'

const explain = { 'x-vx11-explain': '1' }

function slowShub() {
  const gateway = testApp()
  gateway.network.answer('http://shub.test:8007/status', async () => {
    await gateway.clock.advance(40)
    return jsonAnswer({})
  })
  return gateway
}

describe('Server-Timing', () => {
  it('tells on every proxied answer what the gateway and the upstream took', async () => {
    const response = await slowShub().authorized('/shub/status')
    expect(response.headers.get('server-timing')).toBe('gateway;dur=0.00, upstream;dur=40.00')
  })

  it('is there when the upstream failed, too', async () => {
    const response = await testApp().authorized('/shub/status', { method: 'POST' })
    expect(response.headers.get('server-timing')).toMatch(/^gateway;dur=[\d.]+, upstream;dur=[\d.]+$/)
    await expectProblem(response, 'shub_unavailable')
  })
})

describe('X-VX11-Decision', () => {
  it('tells an administrator who asks how the answer came about', async () => {
    const response = await slowShub().authorized('/shub/status', { headers: explain })
    expect(response.headers.get('x-vx11-decision')).toBe(
      'route="/shub/*", cache=none, limit="protected", remaining=99, circuit=closed, attempts=1, ' +
        'gateway-ms=0.00, upstream-ms=40.00, paused-ms=0.00',
    )
  })

  it('counts the tries of an exchange that failed', async () => {
    const gateway = testApp()
    gateway.network.answer('http://shub.test:8007/status', new TransportError('reset'))
    const response = await gateway.authorized('/shub/status', { headers: explain })
    expect(response.headers.get('x-vx11-decision')).toContain('attempts=4')
    await expectProblem(response, 'shub_unavailable')
  })

  it('tells nobody who did not ask', async () => {
    const response = await slowShub().authorized('/shub/status')
    expect(response.headers.has('x-vx11-decision')).toBe(false)
  })

  it('tells nobody without the scope', async () => {
    const headers = { ...explain, 'x-vx11-gw-token': tokens.shub }
    const response = await slowShub().request('/shub/status', { headers })
    expect(response.status).toBe(200)
    expect(response.headers.has('x-vx11-decision')).toBe(false)
  })
})
