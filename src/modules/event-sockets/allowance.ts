/** How much a socket may say: a token bucket of messages, of which a long one takes several. */
import { decide } from '../../lib/gcra.ts'

const bytesPerUnit = 16_384

/** `tat` is the bucket, as lib/gcra.ts keeps it; what a refused message could still take is spent. */
export function spend(tat: number, chars: number, perMinute: number, now: number): { tat: number; waitMs: number } {
  const rate = { limit: perMinute, windowMs: 60_000 }
  let bucket = tat
  for (let units = 1 + Math.floor(chars / bytesPerUnit); units > 0; units--) {
    const { allowed, tat: next, retryAfterMs } = decide(bucket, rate, now)
    if (!allowed) return { tat: bucket, waitMs: retryAfterMs }
    bucket = next
  }
  return { tat: bucket, waitMs: 0 }
}
