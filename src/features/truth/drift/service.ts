/** Audits VX11 against its canon once a week and on request, keeps what is open, and announces what is new or over. */

import { build } from '../../../lib/build.ts'
import { compactMoment, isoMoment } from '../../../lib/moment-forms.ts'
import { rootReason } from '../../../lib/root-reason.ts'
import { singleFlight } from '../../../lib/single-flight.ts'
import type { ChangeOrigin, Deps } from '../../../ports/index.ts'
import { driftChanges } from './announced.ts'
import { ownRecord, toldEveryMs } from './areas/instances.ts'
import { type Audited, auditAll, type DriftAuditDeps } from './audit.ts'
import { describeDrift, driftReportName } from './report.ts'
import { type Drift, type DriftRecord, driftSeverities, type OpenDrift } from './schema.ts'
import { type AuditRow, type DriftStore, detailsOf, driftStore, type StoredDrift } from './store.ts'

export type DriftDeps = DriftAuditDeps & Pick<Deps, 'announce' | 'instance' | 'metrics' | 'reports'>

export interface DriftReading {
  /** Null before the first audit. */
  audit: DriftRecord | null
  unrecorded: 'database_unavailable' | null
}

export interface DriftAudit {
  /** The minute's work: tells the other instances of this one, and audits when a week is over. Never rejects. */
  keep(): Promise<void>
  /** An audit now; who asks meanwhile shares it. Never rejects. */
  run(origin: ChangeOrigin): Promise<DriftReading>
  /** The last audit, of whatever instance. Never rejects. */
  read(): Promise<DriftReading>
}

export const auditEveryMs = 7 * 86_400_000
/** Longer than a round of probes and the documents of all upstreams. */
const timeoutMs = 60_000
/** More would hide one another; an event, a row and a page have to carry them. */
const maxDrifts = 500

export function driftAudit(deps: DriftDeps, store: DriftStore = driftStore(deps.database)): DriftAudit {
  const { clock, log, metrics } = deps
  const holder = deps.random.uuid()
  const share = singleFlight<DriftReading>(clock, timeoutMs)
  let last: DriftRecord | null = null
  let toldAt = Number.NEGATIVE_INFINITY
  metrics.watchDrift(() => last && { at: last.at, drifts: last.drifts })

  const failed = (event: string) => (error: unknown) => {
    log.warn(event, { reason: rootReason(error) })
    return undefined
  }
  const own = () => ownRecord(deps.instance, clock.now(), deps.configTexts())

  async function read(): Promise<DriftReading> {
    const stored = await attempt(() => store.read()).catch(failed('drift_not_read'))
    if (stored !== undefined) last = stored ?? last
    return { audit: last, unrecorded: stored === undefined ? 'database_unavailable' : null }
  }

  const run = (trigger: DriftRecord['trigger'], origin: ChangeOrigin) =>
    share('audit', async () => {
      const audited = await auditAll(deps, { own: own(), told: () => store.readInstances(clock.now()) })
      const before = await attempt(() => store.readOpen()).catch(failed('drift_not_read'))
      const audit = stored(audited, before ?? [], { at: clock.now(), trigger })
      audit.report_path = (await attempt(() => writeReport(deps, audit)).catch(failed('report_not_written'))) ?? null
      last = audit
      const kept =
        before && (await attempt(() => record(deps, store, audit, before, origin)).catch(failed('drift_not_recorded')))
      log.info('drift_audited', { reason: trigger, count: audit.drifts.length + audit.left_out })
      return { audit, unrecorded: kept ? null : 'database_unavailable' }
    })

  return {
    read,
    run: (origin) => run('request', origin),
    async keep() {
      if (clock.monotonic() < toldAt + toldEveryMs) return
      toldAt = clock.monotonic()
      await attempt(() => store.tell(own())).catch(failed('instance_not_told'))
      const { audit, unrecorded } = await read()
      const isDue = unrecorded === null && (audit === null || Math.abs(clock.now() - audit.at) >= auditEveryMs)
      if (!isDue) return
      const turn = await attempt(() => store.takeTurn(holder, clock.now())).catch(failed('drift_turn_unknown'))
      if (turn) await run('weekly', { principal: null, correlationId: null })
    },
  }
}

/** A database that is not open throws at once; that is a rejection like any other. */
const attempt = async <T>(work: () => Promise<T>): Promise<T> => work()

async function writeReport({ reports }: DriftDeps, audit: DriftRecord): Promise<string | null> {
  return (await reports?.write(driftReportName, describeDrift(audit))) ?? null
}

/** The gravest first. What was open and could not be asked this time stays open. */
function stored(
  { areas, drifts, unknown }: Audited,
  before: readonly StoredDrift[],
  { at, trigger }: Pick<DriftRecord, 'at' | 'trigger'>,
): DriftRecord {
  const since = new Map(before.map((drift) => [detailsOf(drift), drift.since]))
  const found: OpenDrift[] = drifts.map((drift) => ({
    ...drift,
    since: since.get(detailsOf(drift)) || isoMoment(at),
    current: true,
  }))
  const silent = new Set(unknown.map(({ area, module }) => `${area} ${module}`))
  const known = new Set(drifts.map(detailsOf))
  const held = before
    .filter((drift) => silent.has(`${drift.area} ${drift.module}`) && !known.has(detailsOf(drift)))
    .map((drift) => ({ ...drift, current: false }))
  const all = [...found, ...held].sort((one, other) => gravity(other) - gravity(one))
  const left_out = Math.max(0, all.length - maxDrifts)
  const version = build.version
  return { at, trigger, version, areas, drifts: all.slice(0, maxDrifts), left_out, unknown, report_path: null }
}

const gravity = ({ severity }: Pick<Drift, 'severity'>) => driftSeverities.indexOf(severity)

/** True when it is stored. */
async function record(
  deps: DriftDeps,
  store: DriftStore,
  audit: DriftRecord,
  before: readonly StoredDrift[],
  origin: ChangeOrigin,
): Promise<boolean> {
  const open = new Set(audit.drifts.map(detailsOf))
  // Beyond the limit nobody looked, so nothing is known to be over.
  const resolved = audit.left_out > 0 ? [] : before.filter((drift) => !open.has(detailsOf(drift)))
  const known = new Set(before.map(detailsOf))
  const isNews = resolved.length > 0 || [...open].some((details) => !known.has(details))
  const row = isNews || audit.trigger === 'weekly' ? auditRow(deps, audit, origin) : null
  const inserted = new Set(await store.save(audit, resolved, row))
  const found = audit.drifts.filter((drift) => inserted.has(detailsOf(drift)))
  for (const event of driftChanges(found, resolved, origin)) deps.announce(event)
  return true
}

const priorities = { critical: 'P0', high: 'P1', medium: 'P2', low: 'P3' } as const

function auditRow({ random }: DriftDeps, audit: DriftRecord, { correlationId }: ChangeOrigin): AuditRow {
  const { at, drifts, unknown } = audit
  const findings = drifts.map((drift) => ({ ...drift, priority: priorities[drift.severity] }))
  const summary = `Drift audit: ${drifts.length} open, ${unknown.length} could not be asked`
  return { id: `drift-${compactMoment(at)}-${random.uuid().slice(0, 8)}`, plan: { summary, findings }, correlationId }
}
