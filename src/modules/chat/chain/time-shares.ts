/** Shares the time of a chat among those who may still be asked. */

/** Kept for the answer that needs nobody, and for storing the exchange. */
const reserveMs = 300

/**
 * Milliseconds for the first of `weights`: its part of what remains, so that whoever is quick leaves more to the others
 * and whoever hangs does not take their turn. At least 1.
 */
export function timeShareMs(remainingMs: number, weights: readonly number[]): number {
  const [own = 0] = weights
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  if (all === 0) return Math.max(1, remainingMs)
  const reserve = Math.min(reserveMs, remainingMs / 3)
  return Math.max(1, Math.floor(((remainingMs - reserve) * own) / all))
}
