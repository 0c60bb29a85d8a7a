/** Runs the steps of one maintenance in their order, times each, and lets no failure of one hide what the others found. */
import type { RetentionConfig } from '../config/retention.ts'
import type { Db } from '../db/database.ts'
import type { MaintenanceRecord } from '../db/maintenance-record.ts'
import { rootCause } from '../lib/root-cause.ts'
import type { Clock } from '../ports.ts'
import { LeaseLost, type StepContext, type Steps, type StoreWork } from './outcome.ts'
import { type MaintenanceReport, type Progress, type StepName, type StepReport, stepNames } from './report.ts'
import { isExamination, isFull, type MaintenanceRequest } from './request.ts'
import { claim, finish, type RunRow, readFullRun, release, renew } from './run-record.ts'
import { readSize } from './size.ts'
import { stepsFor } from './steps.ts'

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
  /** Another lock already keeps other runs away. */
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
    // Several instances may have found it due; whoever comes second learns here that it is done.
    if (request.trigger === 'weekly' && !isDue(await readFullRun(db), startedAt))
      throw new MaintenanceRefused('not_due')
    options.started()
    const report = await runSteps(deps, request, { row, ...options })
    const record = isExamination(request) ? recordOf(report, startedAt, clock.now()) : undefined
    await finish(db, { report, record, full: isFull(request) }, clock.now())
    return report
  } catch (error) {
    await release(db, options.id).catch(() => {})
    throw error
  }
}

export const isDue = (lastFullRun: number | null, now: number): boolean =>
  lastFullRun === null || now - lastFullRun >= weekMs

type Running = RunOptions & { row: RunRow }

async function runSteps(deps: RunDeps, request: MaintenanceRequest, running: Running): Promise<MaintenanceReport> {
  const { db, clock, work, retention } = deps
  const startedAt = clock.monotonic()
  const sizeBytes = await readSize(db)
  const apply = request.apply ?? (sizeBytes !== null && sizeBytes >= retention.autoApplyMib * 2 ** 20)
  const steps: Record<string, StepReport> = {}
  const table: Steps = stepsFor(work)
  const tell = teller(deps, request, running, steps)
  for (const name of stepNames.filter((step) => request.steps.includes(step))) {
    await tell(name, null)
    const rows: StepContext['rows'] = (done, total) => tell(name, { done, total })
    steps[name] = await timed(clock, () => table[name]({ db, clock, retention, apply, steps, rows }))
  }
  running.progress(progressOf(request.steps.at(-1) ?? 'counts', null, request, steps))
  return {
    id: running.id,
    trigger: request.trigger,
    reason: request.reason,
    started_at: iso(running.row.startedAt),
    finished_at: iso(clock.now()),
    duration_ms: round(clock.monotonic() - startedAt),
    ok: Object.values(steps).every(({ status }) => status === 'ok' || status === 'skipped'),
    store: work.store,
    path: work.path,
    size_bytes: await readSize(db),
    steps,
  }
}

async function timed(clock: Clock, step: () => Promise<Omit<StepReport, 'duration_ms'>>): Promise<StepReport> {
  const startedAt = clock.monotonic()
  const outcome = await step().catch((error) => {
    if (error instanceof LeaseLost) throw error
    return { status: 'failed' as const, result: null, reason: rootCause(error) }
  })
  return { ...outcome, duration_ms: round(clock.monotonic() - startedAt) } as StepReport
}

/** Rows are told as they come, but at most so often; the row in the database follows more slowly. */
const tellEveryMs = 200
const renewEveryMs = 5000

function teller(
  { db, clock }: RunDeps,
  request: MaintenanceRequest,
  running: Running,
  steps: Record<string, StepReport>,
) {
  let step: StepName | undefined
  let toldAt = 0
  let renewedAt = 0
  return async (name: StepName, rows: Progress['rows']) => {
    const now = clock.monotonic()
    const isNew = step !== name
    if (!isNew && now - toldAt < tellEveryMs) return
    step = name
    toldAt = now
    const progress = progressOf(name, rows, request, steps)
    running.progress(progress)
    if (!isNew && now - renewedAt < renewEveryMs) return
    renewedAt = now
    const row = { ...running.row, leaseUntil: clock.now() + running.leaseMs, progress }
    if (!(await renew(db, row, clock.now()))) throw new LeaseLost('another run took this one’s place')
  }
}

function progressOf(
  step: StepName,
  rows: Progress['rows'],
  request: MaintenanceRequest,
  steps: Record<string, StepReport>,
): Progress {
  const finished = Object.entries(steps).map(([name, { status, duration_ms }]) => ({
    step: name as StepName,
    status,
    duration_ms,
  }))
  const share = rows && rows.total > 0 ? Math.min(1, rows.done / rows.total) : 0
  return { step, percent: Math.floor((100 * (finished.length + share)) / request.steps.length), rows, finished }
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
