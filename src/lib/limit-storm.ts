/** Notices when a limit refuses so many requests that somebody should know, and says so once a window at most. */

export interface LimitStorm {
  /** Counts a refusal of the rule at that moment; the count when it has just become a storm. */
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
