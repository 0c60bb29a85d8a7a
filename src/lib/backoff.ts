/** Decides the pause before a retry, and whether to retry. */

/** Maximum pause before the first, second and third retry. */
const maxPausesMs = [100, 250, 625] as const

export const maxRetries = maxPausesMs.length

/** A longer Retry-After means no retry. */
export const maxRetryAfterMs = 5000

/**
 * Milliseconds before retry number `retry` (from 0): full jitter up to the step's maximum, added to
 * Retry-After. Null for no retry.
 */
export function pauseMs(retry: number, fraction: number, retryAfterMs = 0): number | null {
  const longest = maxPausesMs[retry]
  if (longest === undefined || retryAfterMs > maxRetryAfterMs) return null
  return retryAfterMs + Math.floor(fraction * longest)
}

/** The delay of a Retry-After field in milliseconds (RFC 9110 §10.2.3); 0 if it is absent or invalid. */
export function parseRetryAfter(value: string | readonly string[] | undefined, now: number): number {
  if (typeof value !== 'string') return 0
  if (/^\d{1,10}$/.test(value)) return Number(value) * 1000
  const at = parseHttpDate(value)
  return Number.isNaN(at) ? 0 : Math.max(0, at - now)
}

const imfOrRfc850 = /^[A-Z][a-z]{2,8}, \d{2}[ -][A-Z][a-z]{2}[ -]\d{2,4} \d{2}:\d{2}:\d{2} GMT$/
const asctime = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/

/** The three formats of RFC 9110 §5.6.7; asctime has no zone and means GMT. */
function parseHttpDate(value: string): number {
  if (imfOrRfc850.test(value)) return Date.parse(value)
  return asctime.test(value) ? Date.parse(`${value} GMT`) : Number.NaN
}
