/** One outage of a store: whether it lasts, and one report at its begin and at its end, however often it is felt. */

export interface Outage {
  readonly lasts: boolean
  failed(error: unknown): void
  /** Something went on without the store. */
  missed(): void
  worked(): void
}

interface OutageReport {
  began(reason: string): void
  /** `missed`: how often something went on without the store. */
  ended(missed: number): void
}

/** A new reason within one outage is reported, too, but no more of them than this. */
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
