/** Runs the steps of one maintenance in their order, times each, and lets no failure of one hide what the others found. */
import type { RetentionConfig } from '../../config/retention.ts'
import type { Db } from '../../db/database.ts'
import type { MaintenanceRecord } from '../../db/maintenance/record.ts'
import { type MaintenanceReport, type Progress, type StepReport, stepNames } from '../../db/maintenance/report.ts'
import { isExamination, isFull, type MaintenanceRequest } from '../../db/maintenance/request.ts'
import { readSize } from '../../db/size.ts'
import { rootReason } from '../../lib/root-reason.ts'
import type { Clock } from '../../ports/index.ts'
import { LeaseLost, type StepContext, type StoreWork } from './outcome.ts'
import { progressOf, progressReporter } from './progress-reporter.ts'
import { decideRetention, letsRetention } from './retention-leave.ts'
import { claim, finish, type RunRow, readFullRun, readRetentionLeave, release } from './run-record.ts'
import { stepsFor } from './steps/steps.ts'

export interface RunDeps {
  db: Db
  clock: Clock
  retention: RetentionConfig
  work: StoreWork
}

export interface RunOptions {
  id: string
  /** How long the run may be silent before another may take its place. */
  leaseMs: number
  /** Another lock already excludes other runs. */
  alone: boolean
  started(): void
  progress(progress: Progress): void
}

export const weekMs = 7 * 86_400_000

export type WhyNot = 'running' | 'not_due'

/** The run did not start, and changed nothing. */
export class MaintenanceRefused extends Error {
  override readonly name = 'MaintenanceRefused'
  readonly why: WhyNot

  constructor(why: WhyNot) {
    super(why)
    this.why = why
  }
}

/** Rejects with MaintenanceRefused, or when the store does not even take the lock or the report. */
export async function runMaintenance(deps: RunDeps, request: MaintenanceRequest, options: RunOptions) {
  const { db, clock } = deps
  const startedAt = clock.now()
  const row: RunRow = {
    id: options.id,
    trigger: request.trigger,
    startedAt,
    leaseUntil: startedAt + options.leaseMs,
    progress: null,
  }
  if (!(await claim(db, row, { now: startedAt, force: options.alone }))) throw new MaintenanceRefused('running')
  try {
    // Several instances may have found it due; the second one finds here that it is done.
    if (request.trigger === 'weekly' && !isDue(await readFullRun(db), startedAt))
      throw new MaintenanceRefused('not_due')
    options.started()
    const report = await runSteps(deps, request, { row, ...options })
    const record = isExamination(request) ? recordOf(report, startedAt, clock.now()) : undefined
    const leave = letsRetention(report, request)
    await finish(db, { report, record, full: isFull(request), leave }, clock.now())
    return report
  } catch (error) {
    await release(db, options.id).catch(() => {})
    throw error
  }
}

/** A run that ended later than this from now was dated by a wrong clock, and must not put off the next for years. */
const clockToleranceMs = 3_600_000

export const isDue = (lastFullRun: number | null, now: number): boolean =>
  lastFullRun === null || now - lastFullRun >= weekMs || lastFullRun - now > clockToleranceMs

async function runSteps(
  { db, clock, work, retention }: RunDeps,
  request: MaintenanceRequest,
  { row, leaseMs, progress }: RunOptions & { row: RunRow },
): Promise<MaintenanceReport> {
  const startedAt = clock.monotonic()
  const steps: Record<string, StepReport> = {}
  const wanted = stepNames.filter((step) => request.steps.includes(step))
  const progressOptions = { db, clock, row, leaseMs, progress, steps, total: wanted.length }
  const notify = progressReporter(progressOptions)
  const database = { bytes: await readSize(db).catch(() => null), allowed: (await readRetentionLeave(db)) !== null }
  const decision = decideRetention(request, retention, database)
  const context = { db, clock, retention, apply: decision === 'apply', held: decision === 'hold', steps }
  const table = stepsFor(work)
  for (const name of wanted) {
    await notify(name, null)
    const rows: StepContext['rows'] = (done, total) => notify(name, { done, total })
    steps[name] = await timed(clock, () => table[name]({ ...context, rows }))
    if (name === wanted.at(-1)) progress(progressOf(progressOptions, name))
  }
  return {
    id: row.id,
    trigger: request.trigger,
    reason: request.reason,
    started_at: iso(row.startedAt),
    finished_at: iso(clock.now()),
    duration_ms: round(clock.monotonic() - startedAt),
    ok: Object.values(steps).every(({ status }) => status === 'ok' || status === 'skipped'),
    store: work.store,
    path: work.path,
    size_bytes: await readSize(db).catch(() => null),
    steps,
  }
}

async function timed(clock: Clock, step: () => Promise<Omit<StepReport, 'duration_ms'>>): Promise<StepReport> {
  const startedAt = clock.monotonic()
  const outcome = await step().catch((error) => {
    if (error instanceof LeaseLost) throw error
    return { status: 'failed' as const, result: null, reason: rootReason(error) }
  })
  return { ...outcome, duration_ms: round(clock.monotonic() - startedAt) } as StepReport
}

function recordOf({ ok, steps }: MaintenanceReport, startedAt: number, finishedAt: number): MaintenanceRecord {
  return {
    startedAt,
    finishedAt,
    ok,
    quickCheck: steps.quick_check?.result?.verdict ?? null,
    integrityCheck: steps.integrity_check?.result?.verdict ?? null,
    foreignKeyViolations: steps.foreign_key_check?.result?.violations ?? null,
    backup: steps.backup?.result ?? null,
  }
}

const iso = (ms: number) => new Date(ms).toISOString()
const round = (ms: number) => Math.round(ms * 10) / 10
