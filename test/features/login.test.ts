import { describe, expect, it } from 'vitest'
import { TransportError } from '../../src/errors/gateway-error.ts'
import { loginRule } from '../../src/features/login/service.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { bodyOf } from '../support/power-window.ts'
import { testApp } from '../support/test-app.ts'

const backend = 'http://operator.test:8011'
const who = { username: 'ana', password: 'p4ss' }

function gatewayWith(env: Record<string, string> = { OPERATOR_URL: backend }) {
  const gateway = testApp({ env })
  const login = (body: unknown = who, address = '192.0.2.1') =>
    gateway.request('/auth/login', {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'x-test-address': address },
    })
  return { ...gateway, login, logout: () => gateway.authorized('/auth/logout', { method: 'POST' }) }
}

describe('POST /auth/login', () => {
  it('needs no token, and gives what the backend gives', async () => {
    const { login, network } = gatewayWith()
    network.answer(`${backend}/auth/login`, jsonAnswer({ access_token: 't', token_type: 'bearer' }))
    const response = await login({ ...who, more: 1 })
    expect([response.status, await response.json()]).toEqual([200, { access_token: 't', token_type: 'bearer' }])
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(network.exchanges.map(bodyOf)).toEqual([who])
  })

  it.each([401, 403])('calls the backend’s %d a failed login', async (status) => {
    const { login, network } = gatewayWith()
    network.answer(`${backend}/auth/login`, jsonAnswer({ detail: 'wrong' }, status))
    await expectProblem(await login(), 'login_failed')
  })

  it('is not closed to others by whoever guesses', async () => {
    const { login, network } = gatewayWith()
    network.answer(`${backend}/auth/login`, jsonAnswer({}, 401))
    for (let i = 0; i < loginRule.limit; i++) await expectProblem(await login(), 'login_failed')
    await expectProblem(await login(), 'too_many_requests')
    expect(network.exchanges).toHaveLength(loginRule.limit)
    network.answer(`${backend}/auth/login`, jsonAnswer({ access_token: 't' }))
    expect((await login(who, '198.51.100.7')).status).toBe(200)
  })

  it('says that there is no login: none configured, none at the backend, none that answers', async () => {
    await expectProblem(await gatewayWith({}).login(), 'upstream_unavailable', 'service_offline')
    const { login, network } = gatewayWith()
    network.answer(`${backend}/auth/login`, jsonAnswer({ detail: 'Not Found' }, 404))
    await expectProblem(await login(), 'not_implemented')
    network.answer(`${backend}/auth/login`, new TransportError('unreachable'))
    await expectProblem(await login(), 'upstream_unavailable', 'service_offline')
  })

  it('reads no body of whom it refuses anyway', async () => {
    const refusedUnread = async ({ request }: Pick<ReturnType<typeof gatewayWith>, 'request'>) => {
      let pulls = 0
      const pull = (controller: ReadableStreamDefaultController<Uint8Array>) => {
        pulls++
        controller.enqueue(new Uint8Array(1000))
      }
      const body = new ReadableStream({ pull }, { highWaterMark: 0 })
      const response = await request('/auth/login', { method: 'POST', body, duplex: 'half' } as RequestInit)
      // The limit of the body may hold one piece.
      expect(pulls).toBeLessThanOrEqual(1)
      return response
    }
    await expectProblem(await refusedUnread(gatewayWith({})), 'upstream_unavailable', 'service_offline')
    const gateway = gatewayWith()
    for (let i = 0; i < loginRule.limit; i++) await gateway.login(undefined, '192.0.2.1')
    await expectProblem(await refusedUnread(gateway), 'too_many_requests')
  })

  it('takes no login while tries cannot be counted', async () => {
    const limiter = {
      take: async (key: string) => {
        if (key.startsWith('login:')) throw new Error('down')
        return { allowed: true, remaining: 1, retryAfterMs: 0, resetMs: 0 }
      },
      store: 'redis' as const,
      peek: async () => ({ allowed: true, remaining: 1, retryAfterMs: 0, resetMs: 0 }),
      ping: async () => {},
    }
    const { request } = testApp({ env: { OPERATOR_URL: backend }, deps: { limiter } })
    const init = { method: 'POST', body: JSON.stringify(who) }
    await expectProblem(await request('/auth/login', init), 'limiter_unavailable')
  })

  it.each([{}, { username: 'ana' }, { username: '', password: 'x' }, { username: ['a'], password: 'x' }])(
    'refuses %j',
    async (body) => {
      const { login, network } = gatewayWith()
      await expectProblem(await login(body), 'validation_error')
      await expectProblem(await login({ ...who, password: 'x'.repeat(257) }), 'validation_error')
      expect(network.exchanges).toEqual([])
    },
  )

  it('writes neither name nor password down', async () => {
    const { login, logLines } = gatewayWith()
    await login()
    expect(JSON.stringify(logLines)).not.toMatch(/ana|p4ss/)
  })
})

describe('POST /auth/logout', () => {
  it('tells the backend', async () => {
    const { logout, network, request } = gatewayWith()
    await expectProblem(await request('/auth/logout', { method: 'POST' }), 'auth_required')
    network.answer(`${backend}/auth/logout`, jsonAnswer({ status: 'logged_out' }))
    expect(await (await logout()).json()).toEqual({ status: 'logged_out' })
    network.answer(`${backend}/auth/logout`, jsonAnswer({}, 404))
    await expectProblem(await logout(), 'not_implemented')
    await expectProblem(await gatewayWith({}).logout(), 'upstream_unavailable', 'service_offline')
  })
})
