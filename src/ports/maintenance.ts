/** The care of the database, as routes and timers ask for it. */
import type { MaintenanceReport, Progress, Trigger } from '../db/maintenance/report.ts'
import type { MaintenanceRequest } from '../db/maintenance/request.ts'
import type { ChangeOrigin } from './announce.ts'

/** A run that has begun. */
export interface MaintenanceRun {
  id: string
  /** Rejects when the run failed as a whole; a step that failed is in the report. */
  report: Promise<MaintenanceReport>
}

export interface MaintenanceStatus {
  state: 'idle' | 'running'
  /** `here`: this instance does it. Progress is null until the first step begins. */
  run: { id: string; trigger: Trigger; started_at: string; here: boolean; progress: Progress | null } | null
  last: MaintenanceReport | null
  /** Null when there never was a full run, so that one is due. */
  next_full_run_at: string | null
  /** Since when old rows may be deleted unasked; null: never yet, so that runs only plan. */
  retention_allowed_at: string | null
}

/** The care of the database. One run at a time, whatever number of instances share the database. */
export interface Maintenance {
  /** Resolves when the run has begun; rejects with `maintenance_running` while another one is under way. */
  start(request: MaintenanceRequest, origin?: ChangeOrigin): Promise<MaintenanceRun>
  read(): Promise<MaintenanceStatus>
  /** Runs the weekly maintenance if it is due, to its end. What goes wrong is logged. */
  startWhenDue(): Promise<void>
}
