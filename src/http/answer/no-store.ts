/** Live states are worth nothing a second later, and must not be kept by anybody on the way. */
import { createMiddleware } from 'hono/factory'

export const noStore = createMiddleware(async function noStore(c, next) {
  c.header('Cache-Control', 'no-store')
  await next()
})
