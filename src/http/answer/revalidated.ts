/** ETag and 304 for reads that change seldom. Weak: each answer has a correlation id of its own (RFC 9110 §8.8.1). */
import type { MiddlewareHandler } from 'hono'
import * as v from 'valibot'
import { sha256Hex } from '../../lib/sha256.ts'
import type { AppEnv } from '../../ports/index.ts'
import { takesHeaders } from '../routing/parameters.ts'
import { isKnown } from './built-file.ts'

const Revalidation = v.object({
  'If-None-Match': v.optional(v.pipe(v.string(), v.description('The ETag of an earlier answer'))),
})
export const takesETag = takesHeaders(Revalidation)

/** After `takesETag`; the caller may keep the answer, and asks before each use whether it still holds. */
export const revalidated: MiddlewareHandler<AppEnv> = async function revalidated(c, next) {
  await next()
  if (c.res.status !== 200) return
  const text = await c.res.clone().text()
  const etag = `W/"${sha256Hex(text.replaceAll(c.get('correlationId'), '')).slice(0, 32)}"`
  c.res.headers.set('etag', etag)
  c.res.headers.set('cache-control', 'private, no-cache')
  if (!isKnown(c.req.header('if-none-match'), etag)) return
  const headers = new Headers(c.res.headers)
  for (const name of ['content-type', 'content-length']) headers.delete(name)
  // Hono would merge the old answer's headers into the new one.
  c.res = undefined
  c.res = new Response(null, { status: 304, headers })
}
