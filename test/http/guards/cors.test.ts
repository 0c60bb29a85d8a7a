import { describe, expect, it } from 'vitest'
import { expectProblem } from '../../support/expect-problem.ts'
import { testApp } from '../../support/test-app.ts'

const origin = 'https://console.example'
const withOrigin = () => testApp({ env: { ALLOWED_ORIGINS: `${origin},https://other.example` } })

describe('CORS', () => {
  it('answers a preflight of an allowed origin without a token', async () => {
    const response = await withOrigin().request('/operator/api/status', {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-vx11-token' },
    })
    expect(response.status).toBe(204)
    expect(response.headers.get('access-control-allow-origin')).toBe(origin)
    expect(response.headers.get('access-control-allow-headers')).toBe('x-vx11-token')
    expect(response.headers.get('access-control-max-age')).toBe('600')
  })

  it.each([undefined, origin])('takes a preflight for no call, with %s allowed', async (allowed) => {
    const gateway = testApp({ env: { ALLOWED_ORIGINS: allowed ?? '', VX11_RATE_LIMIT_IP: '3' } })
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST', 'x-vx11-token': 'no' }
    for (let i = 0; i < 70; i++) {
      const response = await gateway.request('/operator/api/status', { method: 'OPTIONS', headers })
      expect(response.status).toBe(204)
      expect(response.headers.has('access-control-allow-origin')).toBe(false)
    }
    const wrong = { headers: { 'x-vx11-token': 'wrong' } }
    await expectProblem(await gateway.request('/operator/api/status', wrong), 'forbidden')
  })

  it('lets an allowed origin read errors and the headers it needs', async () => {
    const response = await withOrigin().request('/vx11/overview', { headers: { origin } })
    expect(response.headers.get('access-control-allow-origin')).toBe(origin)
    expect(response.headers.get('access-control-expose-headers')).toContain('X-Correlation-ID')
    const exposed = response.headers.get('access-control-expose-headers')?.split(',')
    const ours = ['Retry-After', 'Link', 'Location', 'ETag', 'Allow', 'X-VX11-Woken', 'X-VX11-Ignored-Parameters']
    expect(exposed).toEqual(expect.arrayContaining(ours))
    await expectProblem(response, 'auth_required')
  })

  it('lets an allowed origin read a 404', async () => {
    const response = await withOrigin().request('/nowhere', { headers: { origin } })
    expect(response.headers.get('access-control-allow-origin')).toBe(origin)
    await expectProblem(response, 'not_found')
  })

  it.each(['https://evil.example', 'null', 'https://console.example.evil.example', 'http://console.example'])(
    'says nothing to %s',
    async (stranger) => {
      const response = await withOrigin().request('/health', { headers: { origin: stranger } })
      expect(response.status).toBe(200)
      expect(response.headers.has('access-control-allow-origin')).toBe(false)
      expect(response.headers.has('access-control-allow-credentials')).toBe(false)
      expect(response.headers.get('vary')).toContain('Origin')
    },
  )

  it('is silent when no origin is configured', async () => {
    const response = await testApp().request('/health', { headers: { origin } })
    expect(response.headers.has('access-control-allow-origin')).toBe(false)
    expect(response.headers.get('vary') ?? '').not.toMatch(/origin/i)
  })
})
