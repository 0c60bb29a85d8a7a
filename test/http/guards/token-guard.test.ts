import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { describe, expect, it } from 'vitest'
import { accessFor } from '../../../src/http/guards/access.ts'
import { authFailureRule } from '../../../src/http/guards/token-guard.ts'
import { expectProblem } from '../../support/expect-problem.ts'
import { jsonAnswer } from '../../support/fake-network.ts'
import { testApp, tokens } from '../../support/test-app.ts'

/** Paths that anybody may call; a route that is not listed here must refuse a caller without a token. */
const publicRoutes = [
  'GET /health',
  'GET /livez',
  'GET /readyz',
  'GET /vx11/status',
  'GET /openapi.json',
  'GET /docs',
  'GET /docs/try',
  'GET /docs/try/x',
  'GET /operator',
  'GET /',
  'GET /favicon.ico',
  'GET /operator/ui',
  'GET /operator/ui/',
  'GET /operator/ui/x{.+}',
  'GET /shub/health',
  'GET /shub/ready',
  'GET /shub/openapi.json',
  'POST /auth/login',
  'GET /status',
  'GET /status/status.css',
  'GET /status/badge.svg',
]

function routesOf({ app }: ReturnType<typeof testApp>) {
  const routes = app.routes.filter(({ path }) => path !== '/*')
  const named = routes.flatMap(({ method, path }) =>
    method === 'ALL'
      ? [
          ['GET', path],
          ['POST', path],
        ]
      : [[method, path]],
  )
  return [
    ...new Set(named.map(([method, path]) => `${method} ${path?.replace('/*', '/anything').replace(/:\w+/g, 'x')}`)),
  ]
}

describe('token guard', () => {
  it('guards every route that is not on the public list', async () => {
    const gateway = testApp({ env: { VX11_RATE_LIMIT_ENABLED: 'false' } })
    const guarded = routesOf(gateway).filter((route) => !publicRoutes.includes(route))
    expect(guarded.length).toBeGreaterThan(4)
    for (const route of guarded) {
      const [method = '', path = ''] = route.split(' ')
      const missing = await gateway.request(path, { method })
      await expectProblem(missing, path.startsWith('/shub') ? 'forbidden' : 'auth_required')
      for (const headers of [{ 'x-vx11-token': 'wrong' }, { authorization: 'Bearer wrong' }]) {
        await expectProblem(await gateway.request(path, { method, headers }), 'forbidden')
      }
    }
    expect(gateway.network.exchanges).toEqual([])
  })

  it('leaves the public routes open', async () => {
    const gateway = testApp()
    for (const route of publicRoutes) {
      const [method = '', path = ''] = route.split(' ')
      expect((await gateway.request(path, { method })).status, path).not.toBe(401)
      expect((await gateway.request(path, { method })).status, path).not.toBe(403)
    }
  })

  it('asks for the token before anything else under a guarded prefix, known path or not', async () => {
    const { request } = testApp()
    await expectProblem(await request('/operator/api/nothing-here'), 'auth_required')
    await expectProblem(await request('/vx11/overview', { method: 'DELETE', body: '{' }), 'auth_required')
  })

  it.each([
    ['an empty header', { 'x-vx11-token': '' }],
    ['a bearer without a token', { authorization: 'Bearer ' }],
    ['another scheme', { authorization: 'Basic dXNlcjpwYXNz' }],
  ])('treats %s as no token', async (_name, headers) => {
    await expectProblem(await testApp().request('/vx11/overview', { headers }), 'auth_required')
  })

  it('never takes a token from the query', async () => {
    await expectProblem(await testApp().request(`/vx11/overview?token=${tokens.link}`), 'auth_required')
  })

  it.each([
    ['X-VX11-Token', { 'X-VX11-Token': tokens.operator }],
    ['Authorization: Bearer', { Authorization: `Bearer ${tokens.operator}` }],
    ['authorization: bearer', { authorization: `bearer ${tokens.operator}` }],
  ])('takes %s', async (_name, headers) => {
    expect((await testApp().request('/vx11/overview', { headers })).status).toBe(200)
  })

  it('takes X-VX11-GW-TOKEN under /shub alone', async () => {
    const gateway = testApp()
    gateway.network.answer('http://shub.test:8007/status', jsonAnswer({ health: {} }))
    const headers = { 'x-vx11-gw-token': tokens.shub }
    expect((await gateway.request('/shub/status', { headers })).status).toBe(200)
    await expectProblem(await gateway.request('/vx11/overview', { headers }), 'auth_required')
  })

  it('lets no token do what it has no scope for', async () => {
    const gateway = testApp()
    const operator = { 'x-vx11-token': tokens.operator }
    const shub = { 'x-vx11-token': tokens.shub }
    await expectProblem(await gateway.request('/shub/status', { headers: operator }), 'forbidden')
    await expectProblem(await gateway.request('/vx11/overview', { headers: shub }), 'forbidden')
  })

  it('takes named tokens by their hash until their time is over', async () => {
    const hash = bytesToHex(sha256(utf8ToBytes('night-shift-token')))
    const notAfter = new Date(1_800_000_000_000 + 1000).toISOString()
    const named = JSON.stringify([{ name: 'night-shift', sha256: hash, scopes: ['operator'], notAfter }])
    const gateway = testApp({ env: { VX11_TOKENS: named } })
    const headers = { 'x-vx11-token': 'night-shift-token' }
    expect((await gateway.request('/vx11/overview', { headers })).status).toBe(200)
    await gateway.clock.advance(1001)
    await expectProblem(await gateway.request('/vx11/overview', { headers }), 'forbidden')
  })

  it('stops listening to the guesses of an address, and hears its right tokens and other addresses', async () => {
    const gateway = testApp()
    const guess = { headers: { 'x-vx11-token': 'guess', 'x-test-address': '203.0.113.9' } }
    for (let i = 0; i < authFailureRule.limit; i++) {
      await expectProblem(await gateway.request('/vx11/overview', guess), 'forbidden')
    }
    const refused = await gateway.request('/vx11/overview', guess)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    await expectProblem(refused, 'too_many_requests')
    const right = { headers: { 'x-vx11-token': tokens.link, 'x-test-address': '203.0.113.9' } }
    expect((await gateway.request('/vx11/overview', right)).status).toBe(200)
    const other = { headers: { 'x-vx11-token': 'guess', 'x-test-address': '203.0.113.10' } }
    await expectProblem(await gateway.request('/vx11/overview', other), 'forbidden')
  })

  it('counts a missing token as no guess', async () => {
    const gateway = testApp()
    for (let i = 0; i <= authFailureRule.limit; i++) {
      await expectProblem(await gateway.request('/vx11/overview'), 'auth_required')
      await expectProblem(await gateway.request('/shub/status'), 'forbidden')
    }
    await expectProblem(await gateway.request('/vx11/overview', { headers: { 'x-vx11-token': 'guess' } }), 'forbidden')
  })

  it('counts the guesses of one address as one, in whatever spelling it comes', async () => {
    const gateway = testApp()
    const guess = (address: string) =>
      gateway.request('/vx11/overview', { headers: { 'x-vx11-token': 'guess', 'x-test-address': address } })
    for (let i = 0; i < authFailureRule.limit; i++) await guess(`2001:db8:1:2::${i.toString(16)}`)
    await expectProblem(await guess('[2001:DB8:1:2:ffff::1]:443'), 'too_many_requests')
    await expectProblem(await guess('2001:db8:1:3::1'), 'forbidden')
  })

  it('reopens what v7 left open when the operator says so', async () => {
    await expectProblem(await testApp().request('/metrics'), 'auth_required')
    const open = testApp({ env: { VX11_V7_OPEN_PATHS: 'yes' } })
    expect((await open.request('/metrics')).status).toBe(200)
    await expectProblem(await open.request('/vx11/overview'), 'auth_required')
  })

  it('writes no token into the log, whatever is sent', async () => {
    const gateway = testApp()
    await gateway.authorized('/vx11/overview')
    await gateway.request('/vx11/overview?token=marker-7f3a', { headers: { 'x-vx11-token': 'marker-7f3a' } })
    const log = JSON.stringify(gateway.logLines)
    expect(log).not.toContain('marker-7f3a')
    expect(log).not.toContain(tokens.link)
    expect(log).toContain('"principal":"link"')
  })

  it('knows a rule for every prefix that serves routes', () => {
    const gateway = testApp()
    for (const route of routesOf(gateway).filter((route) => !publicRoutes.includes(route))) {
      const [method = '', path = ''] = route.split(' ')
      expect(accessFor({ openV7Paths: false }, method, path), route).toMatchObject({ kind: 'scope' })
    }
  })
})
