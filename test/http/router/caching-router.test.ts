/** The remembering router finds what Hono's own finds, the first time and again, and keeps no more than it may. */
import fc from 'fast-check'
import { TrieRouter } from 'hono/router/trie-router'
import { describe, expect, it } from 'vitest'
import { CachingRouter } from '../../../src/http/router/caching-router.ts'

const routes = [
  ['ALL', '/*'],
  ['GET', '/audit/runs'],
  ['GET', '/audit/:id'],
  ['GET', '/audit/:id/download'],
  ['POST', '/audit/:id'],
  ['ALL', '/shub/*'],
] as const

function routers() {
  const pair = [new CachingRouter<string>(), new TrieRouter<string>()] as const
  for (const [method, path] of routes) for (const router of pair) router.add(method, path, `${method} ${path}`)
  return pair
}

describe('the remembering router', () => {
  it('finds what the router behind it finds, however often', () => {
    const [remembering, plain] = routers()
    const segment = fc.constantFrom('audit', 'runs', 'shub', 'download', 'x', '')
    const request = fc.tuple(fc.constantFrom('GET', 'POST', 'PUT'), fc.array(segment, { maxLength: 4 }))
    fc.assert(
      fc.property(request, ([method, segments]) => {
        const path = `/${segments.join('/')}`
        for (let time = 0; time < 2; time++) expect(remembering.match(method, path)).toEqual(plain.match(method, path))
      }),
    )
  })

  it('does not take one method for another', () => {
    const [remembering] = routers()
    const handlers = (method: string) => remembering.match(method, '/audit/7')[0].map(([handler]) => handler)
    expect(handlers('GET')).toEqual(['ALL /*', 'GET /audit/:id'])
    expect(handlers('POST')).toEqual(['ALL /*', 'POST /audit/:id'])
  })

  it('knows a route that is added after it was asked', () => {
    const [remembering] = routers()
    expect(remembering.match('GET', '/late')[0]).toHaveLength(1)
    remembering.add('GET', '/late', 'GET /late')
    expect(remembering.match('GET', '/late')[0]).toHaveLength(2)
  })

  it('forgets, when more paths come than it keeps', () => {
    const [remembering] = routers()
    const first = remembering.match('GET', '/audit/first')
    expect(remembering.match('GET', '/audit/first')).toBe(first)
    for (let i = 0; i < 1000; i++) remembering.match('GET', `/audit/${i}`)
    expect(remembering.match('GET', '/audit/first')).not.toBe(first)
    const long = `/audit/${'x'.repeat(300)}`
    expect(remembering.match('GET', long)).not.toBe(remembering.match('GET', long))
  })
})
