/** Tracks outages of a store; reports each one once at its begin and once at its end. */

export interface Outage {
  readonly lasts: boolean
  failed(error: unknown): void
  /** An operation continued without the store. */
  missed(): void
  worked(): void
}

interface OutageReport {
  began(reason: string): void
  /** `missed`: the number of operations without the store. */
  ended(missed: number): void
}

/** Maximum number of further reasons reported in one outage. */
const maxReasons = 4

export function outage(report: OutageReport): Outage {
  const reasons = new Set<string>()
  let missed = 0
  return {
    get lasts() {
      return reasons.size > 0
    },
    failed(error) {
      const reason = error instanceof Error ? error.message : 'unknown'
      if (reasons.has(reason) || reasons.size >= maxReasons) return
      reasons.add(reason)
      report.began(reason)
    },
    missed: () => void missed++,
    worked() {
      if (reasons.size === 0) return
      reasons.clear()
      report.ended(missed)
      missed = 0
    },
  }
}
