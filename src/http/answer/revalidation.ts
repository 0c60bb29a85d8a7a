/** Answers that change seldom: a caller that holds one names it by its ETag, and is told in a few bytes that it holds. */
import type { Context } from 'hono'
import * as v from 'valibot'
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

/** Weak comparison (RFC 9110 §13.1.2). */
export const isNamed = (given: string | undefined, etag: string): boolean =>
  given === '*' ||
  (given?.split(',').some((each) => each.trim().replace(/^W\//, '') === etag.replace(/^W\//, '')) ?? false)
