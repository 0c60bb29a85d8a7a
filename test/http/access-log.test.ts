/** The line of each request: who asked what, without what a query may hold. */
import { describe, expect, it } from 'vitest'
import { testApp } from '../support/test-app.ts'

const requestLine = ({ logLines }: ReturnType<typeof testApp>) =>
  logLines.find(({ event }) => event === 'request') ?? {}

describe('the access line', () => {
  it('has client, path, status and bytes, and nothing of the query', async () => {
    const gateway = testApp()
    await gateway.authorized('/operator/session/some-id?token=secret')
    const line = requestLine(gateway)
    expect(line).toMatchObject({ method: 'GET', path: '/operator/session/some-id', client: expect.any(String) })
    expect(line.route).toBe('/operator/session/:session_id')
    expect(JSON.stringify(gateway.logLines)).not.toContain('secret')
  })

  it('keeps a path as it was sent, and on one line', async () => {
    const gateway = testApp({ deps: { requestTarget: () => '/a%20b\u001b[2J"\n/..;/x?y' } })
    await gateway.request('/a')
    expect(requestLine(gateway).path).toBe('/a%20b\u001b[2J"\n/..;/x')
  })

  it('leaves paths out where they are switched off', async () => {
    const gateway = testApp({ env: { VX11_LOG_PATHS: 'false' } })
    await gateway.authorized('/operator/session/some-id')
    expect(requestLine(gateway).route).toBe('/operator/session/:session_id')
    expect(JSON.stringify(gateway.logLines)).not.toContain('some-id')
  })

  it('has those parameters of the query that may be shown', async () => {
    const queryOf = async (path: string, env: Record<string, string> = { VX11_LOG_QUERY: 'limit, since' }) => {
      const gateway = testApp({ env })
      await gateway.authorized(path)
      expect(JSON.stringify(gateway.logLines)).not.toContain('secret')
      return requestLine(gateway).query
    }
    expect(await queryOf('/operator/session/some-id?limit=5&token=secret&since=%20x&since=2')).toBe(
      'limit=5&since=%20x&since=2',
    )
    expect(await queryOf('/operator/session/some-id?token=limit&secret=limit=5')).toBeUndefined()
    expect(await queryOf('/operator/session/some-id')).toBeUndefined()
    expect(await queryOf(`/operator/session/some-id?limit=${'5'.repeat(1001)}`)).toBeUndefined()
    expect(await queryOf('/operator/session/some-id?limit=5', {})).toBeUndefined()
    expect(
      await queryOf('/operator/session/some-id?limit=5', { VX11_LOG_QUERY: 'limit', VX11_LOG_PATHS: 'false' }),
    ).toBeUndefined()
  })

  it.each(['token', 'limit,token', 'a b', '*', 'x'.repeat(65)])('shows no %s', (names) => {
    expect(() => testApp({ env: { VX11_LOG_QUERY: names } })).toThrow('VX11_LOG_QUERY')
  })
})
