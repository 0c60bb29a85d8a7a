/** How long to wait before a try is repeated, and when not to. */

/** Before the first, second and third retry. */
const maxPausesMs = [100, 250, 625] as const

export const maxRetries = maxPausesMs.length

/** Whoever asks for more patience than this is not asked again. */
export const maxRetryAfterMs = 5000

/**
 * Milliseconds before retry number `retry` (from 0): anywhere up to the step's length (full jitter), on top of what
 * the other side asked for. Null when there is to be no retry.
 */
export function pauseMs(retry: number, fraction: number, retryAfterMs = 0): number | null {
  const longest = maxPausesMs[retry]
  if (longest === undefined || retryAfterMs > maxRetryAfterMs) return null
  return retryAfterMs + Math.floor(fraction * longest)
}

/** Milliseconds from now that a Retry-After field asks for (RFC 9110 §10.2.3); 0 when it says nothing that can be read. */
export function parseRetryAfter(value: string | readonly string[] | undefined, now: number): number {
  if (typeof value !== 'string') return 0
  if (/^\d{1,10}$/.test(value)) return Number(value) * 1000
  const at = parseHttpDate(value)
  return Number.isNaN(at) ? 0 : Math.max(0, at - now)
}

const imfOrRfc850 = /^[A-Z][a-z]{2,8}, \d{2}[ -][A-Z][a-z]{2}[ -]\d{2,4} \d{2}:\d{2}:\d{2} GMT$/
const asctime = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/

/** The three forms of RFC 9110 §5.6.7; asctime does not say that it is in GMT. */
function parseHttpDate(value: string): number {
  if (imfOrRfc850.test(value)) return Date.parse(value)
  return asctime.test(value) ? Date.parse(`${value} GMT`) : Number.NaN
}
