import { DrizzleQueryError } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { expectProblem } from '../../support/expect-problem.ts'
import { jsonAnswer } from '../../support/fake-network.ts'
import { testApp } from '../../support/test-app.ts'

describe('routing', () => {
  it('answers an unknown path with 404', async () => {
    await expectProblem(await testApp().request('/nowhere'), 'not_found')
    await expectProblem(await testApp().authorized('/vx11/nowhere'), 'not_found')
  })

  it.each([
    ['POST', '/health', 'GET, HEAD'],
    ['DELETE', '/vx11/overview', 'GET, HEAD'],
    ['PUT', '/openapi.json', 'GET, HEAD'],
  ])('answers %s %s with 405 and Allow: %s', async (method, path, allow) => {
    const response = await testApp().authorized(path, { method })
    expect(response.headers.get('allow')).toBe(allow)
    await expectProblem(response, 'method_not_allowed')
  })

  it('answers HEAD like GET, without the body', async () => {
    const gateway = testApp()
    gateway.network.answer('http://shub.test:8007/health', jsonAnswer({ status: 'ok' }))
    for (const path of [
      '/health',
      '/livez',
      '/readyz',
      '/vx11/status',
      '/vx11/overview',
      '/metrics',
      '/openapi.json',
      '/docs',
      '/shub/health',
    ]) {
      const response = await gateway.authorized(path, { method: 'HEAD' })
      expect(response.status, path).toBe(200)
      expect(await response.text(), path).toBe('')
    }
  })

  it.each([
    '/shub/%2e%2e/status',
    '/shub/..%2fstatus',
    '/shub/a%5cb',
    '/shub/a%00b',
    '/shub/./status',
    '/../etc/passwd',
    '//evil.example/shub/status',
    'http://evil.example/shub/status',
    '/shub/a b',
    '/shub/%0d%0aX-Injected:1',
  ])('refuses the target %s', async (target) => {
    const gateway = testApp()
    await expectProblem(
      await gateway.authorized('/shub/status', { headers: { 'x-test-target': target } }),
      'bad_request_target',
    )
    expect(gateway.network.exchanges).toEqual([])
  })

  it('tells nothing of an unexpected error to the caller, and all of it to the log', async () => {
    const gateway = testApp()
    gateway.app.get('/fails', () => {
      throw new TypeError('secret detail')
    })
    const response = await gateway.request('/fails')
    expect(await response.clone().text()).not.toContain('secret detail')
    const body = await expectProblem(response, 'internal_error')
    expect(gateway.logLines).toContainEqual(
      expect.objectContaining({
        event: 'unexpected_error',
        error: 'TypeError',
        correlation_id: body.correlation_id,
        reason: expect.stringContaining('secret detail'),
      }),
    )
  })
  it.each([
    ['a full disk', Object.assign(new Error('disk is full'), { code: 'SQLITE_FULL' })],
    ['a server out of reach', new DrizzleQueryError('select 1', ['secret'], new TypeError('fetch failed'))],
  ])('answers 503 when the database fails: %s', async (_words, failure) => {
    const gateway = testApp()
    gateway.app.get('/fails', () => {
      throw failure
    })
    const body = await expectProblem(await gateway.request('/fails'), 'database_unavailable')
    expect(gateway.logLines).toContainEqual(
      expect.objectContaining({ event: 'database_failed', correlation_id: body.correlation_id }),
    )
    expect(JSON.stringify(gateway.logLines)).not.toContain('secret')
  })

  it('does not blame the database for a query that is wrong', async () => {
    const gateway = testApp()
    gateway.app.get('/fails', () => {
      throw new DrizzleQueryError('select nope', [], Object.assign(new Error('no column'), { code: 'SQL_INPUT_ERROR' }))
    })
    await expectProblem(await gateway.request('/fails'), 'internal_error')
  })
})
