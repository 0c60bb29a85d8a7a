/** Shares the time of a chat among those who may still be asked. */

/** Reserved for the local answer and for storing the exchange. */
const reserveMs = 300

/**
 * Milliseconds for the first of `weights`: its part of what remains. A quick provider leaves more
 * time to the others, a hanging one takes only its own. At least 1.
 */
export function timeShareMs(remainingMs: number, weights: readonly number[]): number {
  const [own = 0] = weights
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  if (all === 0) return Math.max(1, remainingMs)
  const reserve = Math.min(reserveMs, remainingMs / 3)
  return Math.max(1, Math.floor(((remainingMs - reserve) * own) / all))
}
