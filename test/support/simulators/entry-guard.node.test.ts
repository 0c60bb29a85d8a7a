/** The simulated entry guard, held to the contract's vectors and its order of checks. */
import { describe, expect, it } from 'vitest'
import { movableClock, runningShub } from './running.ts'

describe('entry guard', () => {
  const secret = 'test-secret-123'
  const clock = movableClock(1_767_000_000_000)
  /** The two vectors of the contract. */
  const statusHeaders = {
    'x-vx11-token': 'shub-token',
    'x-vx11-entry': 'tentaculo_link',
    'x-vx11-request-id': '11111111-1111-4111-8111-111111111111',
    'x-vx11-correlation-id': '22222222-2222-4222-8222-222222222222',
    'x-vx11-timestamp': '1767000000',
    'x-vx11-nonce': 'nonce-0001',
    'x-vx11-signature': '5f4a8e924b7c1ecc067b8cc6ca0b2dd031c10912abbd728e1da87ca3230c9440',
  }
  const batchHeaders = {
    ...statusHeaders,
    'content-type': 'application/json',
    'x-vx11-nonce': 'nonce-0002',
    'x-vx11-signature': '3858ea037a5bb073c3d5e0a66b1f4cf8da265886332a198b8d720b5006844fd9',
  }
  const begin = async (now = clock.now) => {
    const { url } = await runningShub({ guard: { secret, now } })
    return async (path: string, init: RequestInit = {}) => {
      const response = await fetch(url + path, init)
      const body = (await response.json()) as { detail?: unknown }
      return [response.status, body.detail]
    }
  }

  it('lets the signed vectors of the contract through', async () => {
    const call = await begin()
    expect((await call('/status?q=1', { headers: statusHeaders }))[0]).toBe(200)
    const body = '{"job_name":"j1","audio_files":["/a.wav"]}'
    expect((await call('/api/batch/submit', { method: 'POST', headers: batchHeaders, body }))[0]).toBe(200)
  })

  it('is not asked on the open paths, but before everything else', async () => {
    const call = await begin()
    expect((await call('/health'))[0]).toBe(200)
    expect((await call('/openapi.json'))[0]).toBe(200)
    expect((await call('/nowhere'))[0]).toBe(401)
  })

  it('refuses a changed body', async () => {
    const call = await begin()
    const body = '{"job_name":"j1","audio_files":["/b.wav"]}'
    expect(await call('/api/batch/submit', { method: 'POST', headers: batchHeaders, body })).toEqual([
      401,
      'Invalid HMAC signature',
    ])
  })

  it('refuses a nonce that it has seen, even with a bad signature the first time', async () => {
    const call = await begin()
    const bad = { ...statusHeaders, 'x-vx11-signature': statusHeaders['x-vx11-signature'].toUpperCase() }
    expect(await call('/status', { headers: bad })).toEqual([401, 'Invalid HMAC signature'])
    expect(await call('/status', { headers: statusHeaders })).toEqual([401, 'Nonce replay detected'])
  })

  it.each([
    [{ 'x-vx11-entry': 'other' }, 403, 'Invalid X-VX11-Entry value'],
    [{ 'x-vx11-timestamp': '17.5' }, 401, 'Invalid timestamp format'],
    [{ 'x-vx11-timestamp': '1766999969' }, 401, 'Timestamp skew exceeded (31s > 30s)'],
    [{ 'x-vx11-timestamp': '1767000031' }, 401, 'Timestamp skew exceeded (31s > 30s)'],
    [{ 'x-vx11-timestamp': '1766999970' }, 401, 'Invalid HMAC signature'],
    [{ 'x-vx11-nonce': '' }, 401, 'Missing required headers: X-VX11-Nonce'],
  ])('answers %j with %d %s', async (headers, status, text) => {
    const call = await begin()
    expect(await call('/status', { headers: { ...statusHeaders, ...headers } })).toEqual([status, text])
  })

  it('names all headers that are missing', async () => {
    const call = await begin()
    expect((await call('/status'))[1]).toBe(
      'Missing required headers: X-VX11-Entry, X-VX11-Request-Id, X-VX11-Correlation-Id, X-VX11-Timestamp, X-VX11-Nonce, X-VX11-Signature',
    )
  })
})
