/** Answers that change seldom: a caller that holds one names it by its ETag, and is told in a few bytes that it holds. */
import type { Context, MiddlewareHandler } from 'hono'
import * as v from 'valibot'
import { sha256Hex } from '../../lib/sha256.ts'
import type { AppEnv } from '../../ports/index.ts'

export const Revalidation = v.object({
  'If-None-Match': v.optional(v.pipe(v.string(), v.description('The ETag of an earlier answer'))),
})

/** Names the answer by what it depends on. True where the caller holds it: then 304 is the answer. */
export function isHeld(c: Context<AppEnv>, ...dependsOn: readonly (string | number | null)[]): boolean {
  // Weak: members that say when it was asked for, and by whom, differ.
  const etag = `W/"${dependsOn.join('-')}"`
  c.header('ETag', etag)
  return isNamed(c.req.header('if-none-match'), etag)
}

/** For an answer that is made in any case: named by its text, but for the correlation id. */
export const revalidated: MiddlewareHandler<AppEnv> = async function revalidated(c, next) {
  await next()
  if (c.res.status !== 200) return
  const text = await c.res.clone().text()
  const etag = `W/"${sha256Hex(text.replaceAll(c.get('correlationId'), '')).slice(0, 32)}"`
  c.res.headers.set('etag', etag)
  c.res.headers.set('cache-control', 'private, no-cache')
  if (!isNamed(c.req.header('if-none-match'), etag)) return
  const headers = new Headers(c.res.headers)
  for (const name of ['content-type', 'content-length']) headers.delete(name)
  // Hono would merge the old answer's headers into the new one.
  c.res = undefined
  c.res = new Response(null, { status: 304, headers })
}

/** Weak comparison (RFC 9110 §13.1.2). */
export const isNamed = (given: string | undefined, etag: string): boolean =>
  given === '*' ||
  (given?.split(',').some((each) => each.trim().replace(/^W\//, '') === etag.replace(/^W\//, '')) ?? false)
