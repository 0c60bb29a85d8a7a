/** Starts database maintenance and reports on it. */
import type { MaintenanceReport, Progress, Trigger } from '../db/maintenance/report.ts'
import type { MaintenanceRequest } from '../db/maintenance/request.ts'
import type { ChangeOrigin } from './announce.ts'

/** A started run. */
export interface MaintenanceRun {
  id: string
  /** Rejects if the whole run failed; the report lists failed steps. */
  report: Promise<MaintenanceReport>
}

export interface MaintenanceStatus {
  state: 'idle' | 'running'
  /** `here`: this instance runs it. Progress is null until the first step begins. */
  run: { id: string; trigger: Trigger; started_at: string; here: boolean; progress: Progress | null } | null
  last: MaintenanceReport | null
  /** Null if there was no full run yet, so that one is due. */
  next_full_run_at: string | null
  /** Since when old rows may be deleted unasked; null: never yet, so that runs only plan. */
  retention_allowed_at: string | null
}

/** One run at a time, over all instances that share the database. */
export interface Maintenance {
  /** Resolves when the run has begun; rejects with `maintenance_running` during another run. */
  start(request: MaintenanceRequest, origin?: ChangeOrigin): Promise<MaintenanceRun>
  read(): Promise<MaintenanceStatus>
  /** Runs the weekly maintenance to its end if it is due. Failures are logged. */
  startWhenDue(): Promise<void>
}
