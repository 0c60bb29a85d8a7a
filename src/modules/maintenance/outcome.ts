/** How a step ended, before anybody took its time. */

import type { RetentionConfig } from '../../config/retention.ts'
import type { Db } from '../../db/database.ts'
import type { StepName, StepReport, StepReports, StepResult } from '../../db/maintenance/report.ts'
import type { Clock } from '../../ports/index.ts'

export type StepOutcome<Name extends StepName> = Pick<StepReport<Name>, 'status' | 'reason'> & {
  result: StepResult<Name> | null
}

export const done = <Result>(result: Result) => ({ status: 'ok' as const, result, reason: null })
export const found = <Result>(result: Result, reason: string) => ({ status: 'found' as const, result, reason })
export const failed = <Result>(result: Result, reason: string) => ({ status: 'failed' as const, result, reason })
export const skippedStep = (reason: string) => ({ status: 'skipped' as const, result: null, reason })

/** What a step may use. */
export interface StepContext {
  db: Db
  clock: Clock
  retention: RetentionConfig
  apply: boolean
  /** Only plans, because an operator has not allowed deletion yet. */
  held: boolean
  /** The steps before this one. */
  steps: StepReports
  /** Reports how many of how many rows (or tables) are done. */
  rows(done: number, total: number): Promise<void>
}

export type MaintenanceStep<Name extends StepName> = (context: StepContext) => Promise<StepOutcome<Name>>
export type Steps = { [Name in StepName]: MaintenanceStep<Name> }

/** What a platform brings to a run: where the database is, and the steps that it does in its own way. */
export interface StoreWork {
  store: 'file' | 'server' | 'd1'
  path: string | null
  /** Deletions that one run may make; where an invocation has limits, the next run goes on. */
  maxBatches: number
  /** What a store needs now and then between batches of deletions, outside of any lock. */
  betweenBatches?: (db: Db) => Promise<void>
  steps: Partial<Steps>
}

/** Ends a run at once: its place was taken, so that it must change nothing more. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost'
}
