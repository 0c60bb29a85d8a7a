/** Which methods a path answers, read off the routes themselves, for 405 and its Allow header (RFC 9110 §15.5.6). */
import type { Hono } from 'hono'
import type { AppEnv } from '../../ports/index.ts'

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/** Empty when no route but the middleware matches. */
export const allowedMethods =
  (app: Pick<Hono<AppEnv>, 'router'>) =>
  (path: string): string[] => {
    const answered = methods.filter((method) =>
      app.router.match(method, path)[0].some(([[, route]]) => route.path !== '/*'),
    )
    return answered.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
  }
