/** Reports a run's progress: to local listeners at once, to other instances through the database every so often. */

import type { Db } from '../../db/database.ts'
import type { Progress, StepName, StepReport } from '../../db/maintenance/report.ts'
import type { Clock } from '../../ports/index.ts'
import { LeaseLost } from './outcome.ts'
import { type RunRow, renew } from './run-record.ts'

export interface ProgressOptions {
  db: Db
  clock: Clock
  row: RunRow
  leaseMs: number
  /** How many steps the run has. */
  total: number
  /** Those that are done; the run adds to them. */
  steps: Readonly<Record<string, StepReport>>
  progress(progress: Progress): void
}

const tellEveryMs = 200
const renewEveryMs = 5000

/** Reports each step's start, and its rows every so often. Rejects with LeaseLost when another run took over. */
export function progressReporter(options: ProgressOptions) {
  const { db, clock, row, leaseMs } = options
  let step: StepName | undefined
  let toldAt = 0
  let renewedAt = 0
  return async (name: StepName, rows: Progress['rows']): Promise<void> => {
    const now = clock.monotonic()
    const isNew = step !== name
    if (!isNew && now - toldAt < tellEveryMs) return
    step = name
    toldAt = now
    const progress = progressOf(options, name, rows)
    options.progress(progress)
    if (!isNew && now - renewedAt < renewEveryMs) return
    renewedAt = now
    const renewed = await renew(db, { ...row, leaseUntil: clock.now() + leaseMs, progress }, clock.now())
    if (!renewed) throw new LeaseLost('another run took this one’s place')
  }
}

export function progressOf({ steps, total }: ProgressOptions, step: StepName, rows: Progress['rows'] = null): Progress {
  const finished = Object.entries(steps).map(([name, { status, duration_ms }]) => ({
    step: name as StepName,
    status,
    duration_ms,
  }))
  const share = rows && rows.total > 0 ? Math.min(1, rows.done / rows.total) : 0
  return { step, percent: Math.floor((100 * (finished.length + share)) / total), rows, finished }
}
