/** A route joined with the middleware before it answers, fails and passes on like the two apart. */
import { Hono } from 'hono'
import { matchedRoutes } from 'hono/route'
import type { H, RouterRoute } from 'hono/types'
import { describe, expect, it } from 'vitest'
import { CachingRouter } from '../../../src/http/router/caching-router.ts'
import { asOneHandler, type RouteHandler } from '../../../src/http/router/one-handler.ts'

function appWith(router: CachingRouter<[H, RouterRoute]>) {
  const seen: string[] = []
  const app = new Hono({ router })
    .use(async (c, next: RouteHandler) => {
      const answer = await next()
      if (answer && answer !== c) c.res = answer as Response
      seen.push(
        matchedRoutes(c)
          .filter(({ path }) => path !== '/*')
          .map(({ path }) => path)
          .join(),
      )
      return c.res
    })
    .get('/plain', (c) => c.text('plain'))
    .get('/named/:name', (c) => c.text(c.req.param('name')))
    .get('/passes', (_c, next) => next())
    .get(
      '/twice',
      async (c, next) => {
        await next()
        c.res.headers.set('x-after', 'yes')
      },
      (c) => c.text('twice'),
    )
    .post('/plain', async (c) => c.json(await c.req.json()))
    .notFound((c) => c.text('nothing', 404))
  return { app, seen }
}

describe('a route and the middleware before it as one handler', () => {
  const joined = appWith(new CachingRouter(asOneHandler))
  const apart = appWith(new CachingRouter())

  it.each(['/plain', '/named/a%20b', '/passes', '/twice', '/absent'])('answers %s as apart', async (path) => {
    for (const method of ['GET', 'HEAD']) {
      const [one, other] = await Promise.all([joined, apart].map(({ app }) => app.request(path, { method })))
      expect(one?.status).toBe(other?.status)
      expect([...(one?.headers ?? [])]).toEqual([...(other?.headers ?? [])])
      expect(await one?.text()).toBe(await other?.text())
    }
    expect(joined.seen).toEqual(apart.seen)
  })

  it('takes a body', async () => {
    const answer = await joined.app.request('/plain', { method: 'POST', body: '{"a":1}' })
    expect(await answer.json()).toEqual({ a: 1 })
  })
})
