/** Detects when a limit refuses many requests, and reports it at most once per window. */

export interface LimitStorm {
  /** Counts a refusal; returns the count when it reaches the threshold, else undefined. */
  refused(rule: string, nowMs: number): number | undefined
}

const windowMs = 60_000

export function limitStorm(threshold: number): LimitStorm {
  const windows = new Map<string, { startedAt: number; count: number }>()
  return {
    refused(rule, nowMs) {
      const known = windows.get(rule)
      const window = known && nowMs - known.startedAt < windowMs ? known : { startedAt: nowMs, count: 0 }
      window.count++
      windows.set(rule, window)
      return window.count === threshold ? window.count : undefined
    },
  }
}
