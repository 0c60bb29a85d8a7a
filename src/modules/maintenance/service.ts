/** The maintenance port: one run at a time, its progress on request, its changes as events and log lines. */
import { ownChange } from '../../announcements.ts'
import type { Database } from '../../db/database.ts'
import type { MaintenanceReport } from '../../db/maintenance/report.ts'
import { type MaintenanceRequest, maintenanceRequest } from '../../db/maintenance/request.ts'
import { GatewayError } from '../../errors/gateway-error.ts'
import { rootReason } from '../../lib/root-reason.ts'
import type { Deps, Maintenance, MaintenanceRun, MaintenanceStatus } from '../../ports/index.ts'
import { maintenanceEvents } from './events.ts'
import { isDue, MaintenanceRefused, type RunOptions, weekMs } from './run.ts'
import { readFullRun, readReport, readRetentionLeave, readRun } from './run-record.ts'

/** Runs one maintenance where the platform wants it: in a thread, or here. */
export type Execute = (
  request: MaintenanceRequest,
  options: Pick<RunOptions, 'id' | 'started' | 'progress'>,
) => Promise<MaintenanceReport>

interface ServiceDeps extends Pick<Deps, 'clock' | 'random' | 'log' | 'announce' | 'database' | 'background'> {
  execute: Execute
}

/** A weekly run that failed as a whole, say on a full disk, is tried again after this time. */
const retryMs = 3_600_000

type Current = NonNullable<MaintenanceStatus['run']>

export function maintenanceService(deps: ServiceDeps): Maintenance {
  const { clock, database, log } = deps
  let current: Current | undefined
  let notBefore = Number.NEGATIVE_INFINITY

  async function start(request: MaintenanceRequest, origin = ownChange): Promise<MaintenanceRun> {
    if (current) throw new GatewayError('maintenance_running')
    const run = { id: deps.random.uuid(), trigger: request.trigger }
    current = { ...run, started_at: iso(clock.now()), here: true, progress: null }
    const notify = maintenanceEvents(deps, run, origin)
    const started = Promise.withResolvers<void>()
    const report = deps
      .execute(request, {
        id: run.id,
        started: started.resolve,
        progress(progress) {
          if (current) current = { ...current, progress }
          notify.progress(progress)
        },
      })
      .finally(() => {
        current = undefined
      })
    // What ends before it started never was a run.
    await Promise.race([started.promise, report]).catch((error) => {
      if (!(error instanceof MaintenanceRefused)) log.warn('maintenance_not_started', { reason: rootReason(error) })
      throw refusalOf(error)
    })
    notify.started()
    deps.background(report.then(notify.finished, notify.failed))
    return { id: run.id, report }
  }

  return {
    start,
    async read() {
      const [row, last, fullRun, leave] = await readRecords(database)
      const run = current ?? (row && row.leaseUntil > clock.now() ? elsewhere(row) : null)
      return {
        state: run ? 'running' : 'idle',
        run,
        last,
        next_full_run_at: fullRun === null ? null : iso(fullRun + weekMs),
        retention_allowed_at: leave === null ? null : iso(leave),
      }
    },
    async startWhenDue() {
      if (current || clock.monotonic() < notBefore) return
      try {
        if (!isDue(await readFullRun(database.open()), clock.now())) return
        notBefore = clock.monotonic() + retryMs
        await (await start(maintenanceRequest('weekly'))).report
      } catch {
        // Reported already: by the run, by the faster instance, or by the database's readiness.
      }
    },
  }
}

async function readRecords(database: Database) {
  try {
    const db = database.open()
    return await Promise.all([readRun(db), readReport(db), readFullRun(db), readRetentionLeave(db)])
  } catch (error) {
    throw refusalOf(error)
  }
}

const elsewhere = ({
  id,
  trigger,
  startedAt,
  progress,
}: NonNullable<Awaited<ReturnType<typeof readRun>>>): Current => ({
  id,
  trigger,
  started_at: iso(startedAt),
  here: false,
  progress,
})

/** "Not due" means that another instance has just done it. */
function refusalOf(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error
  if (error instanceof MaintenanceRefused) return new GatewayError('maintenance_running')
  return new GatewayError('database_unavailable', {}, { cause: error })
}

const iso = (ms: number) => new Date(ms).toISOString()
