/** The message rate of a socket: a token bucket from which a long message takes several units. */
import { decide } from '../../lib/gcra.ts'

const bytesPerUnit = 16_384

/** `tat` is the bucket's state (lib/gcra.ts). A refused message spends the units that were left. */
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
