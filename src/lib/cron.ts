/** Five-field cron patterns in a time zone, by whole minutes. */
import { Cron } from 'croner'

export interface CronTimes {
  /** The first moment after `ms`, in epoch milliseconds; null when there is none. */
  after(ms: number): number | null
  /** The last moment in the `spanMs` up to `ms`, that one included. */
  lastWithin(ms: number, spanMs: number): number | null
}

/** Null for what is no pattern of five fields, or no time zone. */
export function cronTimes(pattern: string, timezone: string): CronTimes | null {
  if (pattern.trim().split(/\s+/).length !== 5) return null
  try {
    // Without a function nothing is scheduled: it only computes.
    const cron = new Cron(pattern, { timezone })
    const after = (ms: number) => cron.nextRun(new Date(ms))?.getTime() ?? null
    after(0)
    return { after, lastWithin: (ms, spanMs) => lastUpTo(after, ms, spanMs) }
  } catch {
    return null
  }
}

function lastUpTo(after: CronTimes['after'], ms: number, spanMs: number): number | null {
  let last: number | null = null
  for (let next = after(ms - spanMs - 1); next !== null && next <= ms; next = after(next)) last = next
  return last
}
