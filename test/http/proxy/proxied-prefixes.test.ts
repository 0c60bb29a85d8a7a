/** What every prefix must have that is passed through whole: a scope, the limit class of proxied requests, large bodies. */
import { describe, expect, it } from 'vitest'
import { accessFor } from '../../../src/http/guards/access.ts'
import { testApp } from '../../support/test-app.ts'

const gateway = testApp()
/** Routes for all methods and paths are proxies; each upstream's own middleware is one of them. */
const prefixes = [
  ...new Set(
    gateway.app.routes
      .filter(({ method, path }) => method === 'ALL' && /^\/[a-z]+\/\*$/.test(path))
      .map(({ path }) => path.slice(0, -2)),
  ),
]

describe('proxied prefixes', () => {
  it('are found among the routes', () => {
    expect(prefixes).toEqual(expect.arrayContaining(['/shub', '/madre', '/switch']))
  })

  it.each(prefixes)('%s asks for a token', (prefix) => {
    expect(accessFor({ openV7Paths: true }, 'POST', `${prefix}/a`).kind).toBe('scope')
  })

  it.each(prefixes)('%s counts as protected', async (prefix) => {
    const answer = await gateway.authorized(`${prefix}/a`)
    expect(answer.headers.get('ratelimit-policy')).toMatch(/^"protected";/)
  })

  it.each(prefixes)('%s takes bodies over the limit of JSON routes', async (prefix) => {
    const body = new Uint8Array(1_048_577)
    const headers = { 'content-length': String(body.length) }
    const answer = await gateway.authorized(`${prefix}/a`, { method: 'POST', headers, body })
    expect(answer.status).not.toBe(413)
  })
})
