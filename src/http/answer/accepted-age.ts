/** How old a measurement may be for this caller: `Cache-Control: max-age` of a request (RFC 9111, section 5.2.1.1). */
import type { Context } from 'hono'
import * as v from 'valibot'
import { takesHeaders } from '../routing/parameters.ts'

/** However many callers ask for less, nothing is measured more often than this. */
const leastMs = 400

const AgeHeaders = v.object({
  'Cache-Control': v.optional(
    v.pipe(v.string(), v.description('max-age, in seconds: how old the measurements may be, 0.4 s at least')),
  ),
})

export const takesAge = takesHeaders(AgeHeaders)

/** Undefined where the caller leaves it to the gateway. */
export function acceptedMs(c: Context): number | undefined {
  const asked = c.req.header('cache-control') ?? ''
  const [, seconds] = /(?:^|[\s,])max-age=(\d{1,9})(?![^\s,])/i.exec(asked) ?? []
  if (seconds !== undefined) return Math.max(leastMs, Number(seconds) * 1000)
  return /(?:^|[\s,])no-cache(?![^\s,])/i.test(asked) ? leastMs : undefined
}
