/** Keeps audits: an open drift is a row of `drift_reports`, an audit that changed something one of `manifestator_audit`. */
import { and, desc, eq, gte, like, lte, sql } from 'drizzle-orm'
import * as v from 'valibot'
import type { Database } from '../../../db/database.ts'
import { insertSelect, orNull } from '../../../db/insert-select.ts'
import { parseRecord, readRecords, takeTurn, writeRecords } from '../../../db/records.ts'
import { systemState } from '../../../db/schema/madre.ts'
import { driftReports, manifestatorAudit } from '../../../db/schema/manifestator.ts'
import { zonedMoment } from '../../../lib/moment.ts'
import { storedMoment } from '../../../lib/moment-forms.ts'
import { InstanceRecord, instancePrefix } from './areas/instances.ts'
import { type Drift, DriftArea, DriftRecord, DriftSeverity } from './schema.ts'

const auditKey = 'gateway:drift'
const turnKey = 'gateway:drift:turn'
/** An audit that does not end is tried again after this time. */
const turnMs = 3_600_000
const dayMs = 86_400_000
const maxOpen = 1000
const maxInstances = 200

const Details = v.object({
  source: v.literal('tentaculo_link'),
  area: DriftArea,
  module: v.string(),
  subject: v.string(),
  expected: v.string(),
  actual: v.string(),
})
/** How the details of the gateway's own rows begin; the other rows are manifestator's. */
const ownDetails = '{"source":"tentaculo_link",%'

/** Equal for the same drift, so that it has one open row, however often it is found. */
export const detailsOf = ({ area, module, subject, expected, actual }: Drift): string =>
  JSON.stringify({ source: 'tentaculo_link', area, module, subject, expected, actual })

export interface StoredDrift extends Drift {
  since: string
}

export interface AuditRow {
  id: string
  plan: { summary: string; findings: readonly unknown[] }
  correlationId: string | null
}

/** Everything rejects with the store's error. */
export interface DriftStore {
  /** True for one caller in an hour, over all instances. */
  takeTurn(holder: string, at: number): Promise<boolean>
  read(): Promise<DriftRecord | null>
  /** Drifts that are open, with the moment when they were found first. */
  readOpen(): Promise<StoredDrift[]>
  /** In one transaction. Gives the details of the drifts that had no open row. */
  save(audit: DriftRecord, resolved: readonly Drift[], row: AuditRow | null): Promise<string[]>
  tell(record: InstanceRecord): Promise<void>
  /** What instances told of themselves since yesterday. */
  readInstances(at: number): Promise<InstanceRecord[]>
}

export function driftStore(database: Database): DriftStore {
  return {
    takeTurn: async (holder, at) => takeTurn(database.open(), turnKey, holder, at, turnMs),

    async read() {
      const texts = await readRecords(database.open(), [auditKey])
      return parseRecord(DriftRecord, texts.get(auditKey))
    },

    async readOpen() {
      const rows = await database
        .open()
        .select()
        .from(driftReports)
        .where(isOpenAndOwn())
        .orderBy(desc(driftReports.id))
        .limit(maxOpen)
      return rows.flatMap(({ details, severity, timestamp }) => {
        const known = parseRecord(Details, details)
        if (!known || !v.is(DriftSeverity, severity)) return []
        const { source: _, ...drift } = known
        return [{ ...drift, severity, since: zonedMoment(timestamp) ?? '' }]
      })
    },

    async save(audit, resolved, row) {
      const db = database.open()
      const current = audit.drifts.filter((drift) => drift.current)
      const found = current.map((drift) => ({ ...drift, details: detailsOf(drift) }))
      const given = {
        module: sql`found.value ->> '$.module'`,
        details: sql`found.value ->> '$.details'`,
        severity: sql`found.value ->> '$.severity'`,
        timestamp: storedMoment(audit.at),
        resolved: false,
      }
      const [inserted] = await db.batch([
        insertSelect(
          db,
          driftReports,
          orNull(driftReports, given),
          sql`from json_each(${JSON.stringify(found)}) as found where not exists (
            select 1 from drift_reports known
            where known.resolved = 0 and known.details = found.value ->> '$.details')`,
        ).returning({ details: driftReports.details }),
        db
          .update(driftReports)
          .set({ resolved: true })
          .where(and(isOpenAndOwn(), isOneOf(resolved.map(detailsOf)))),
        writeRecords(db, { [auditKey]: JSON.stringify(audit) }, audit.at),
        db.delete(systemState).where(and(isInstance(), lte(systemState.updatedAt, storedMoment(audit.at - dayMs)))),
        ...(row ? [db.insert(manifestatorAudit).values(auditRow(row, audit.at))] : []),
      ])
      return inserted.map(({ details }) => details)
    },

    async tell(record) {
      await writeRecords(database.open(), { [instancePrefix + record.instance]: JSON.stringify(record) }, record.at)
    },

    async readInstances(at) {
      const { value, updatedAt } = systemState
      const rows = await database
        .open()
        .select({ value })
        .from(systemState)
        .where(and(isInstance(), gte(updatedAt, storedMoment(at - dayMs))))
        .orderBy(desc(updatedAt))
        .limit(maxInstances)
      return rows.flatMap((row) => parseRecord(InstanceRecord, row.value ?? undefined) ?? [])
    },
  }
}

const isOpenAndOwn = () => and(eq(driftReports.resolved, false), like(driftReports.details, ownDetails))

const isOneOf = (details: readonly string[]) =>
  sql`${driftReports.details} in (select value from json_each(${JSON.stringify(details)}))`

const isInstance = () => like(systemState.key, `${instancePrefix}%`)

const auditRow = ({ id, plan, correlationId }: AuditRow, at: number) => ({
  auditId: id,
  runTs: storedMoment(at),
  patchPlanJson: JSON.stringify(plan),
  status: 'draft',
  correlationId,
  evidencePathsJson: '[]',
})
