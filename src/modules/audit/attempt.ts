/**
 * The row of an act that begins, so that a process that dies in it leaves a trace. The line of its end takes the row's
 * place in one transaction; where the act is the gateway's own change, there is no such row.
 */
import { and, eq } from 'drizzle-orm'
import * as v from 'valibot'
import type { Db } from '../../db/database.ts'
import { auditLogs } from '../../db/schema/mcp.ts'
import { parseObject } from '../../lib/json-text.ts'
import { sqlMoment } from '../../lib/moment-forms.ts'
import { withTimeout } from '../../lib/with-timeout.ts'
import type { Deps } from '../../ports/index.ts'
import { type ActName, type Actor, actNames, auditComponent, auditOf } from './act.ts'

export interface BegunAct {
  act: ActName
  target: string | null
}

/** The id of the row; null if it was not stored, which is in the log. Never rejects. */
export type BeginAct = (begun: BegunAct, actor: Actor) => Promise<number | null>

/** How long an act waits for it: the database is away, and closing a window is not to wait for that. */
const timeoutMs = 1000

export const actBeginner =
  ({ clock, database, log, metrics }: Pick<Deps, 'clock' | 'database' | 'log' | 'metrics'>): BeginAct =>
  async ({ act, target }, actor) => {
    const attempt = { act, target, outcome: 'attempted', error: null, before: null, after: null } as const
    const { line } = auditOf(attempt, actor)
    const insert = async () => {
      const row = { ...line, createdAt: sqlMoment(clock.now()) }
      const [stored] = await database.open().insert(auditLogs).values(row).returning({ id: auditLogs.id })
      return stored?.id ?? null
    }
    return withTimeout(clock, timeoutMs, insert(), () => new Error('late')).catch(() => {
      metrics.actNotRecorded()
      log.warn('audit_attempt_not_stored', { reason: act, correlation_id: actor.correlationId })
      return null
    })
  }

/** For an act that turned out to be none. */
export const dropAttempt = async (db: Db, id: number): Promise<void> =>
  void (await db.delete(auditLogs).where(and(eq(auditLogs.id, id), eq(auditLogs.component, auditComponent))))

const Attempt = v.object({
  act: v.picklist(actNames),
  outcome: v.literal('attempted'),
  principal: v.nullable(v.string()),
  key_name: v.nullable(v.string()),
  address: v.string(),
  correlation_id: v.string(),
})

/** Who began which act; undefined for a row that is another's, or gone. */
export async function readAttempt(
  db: Db,
  id: number,
  correlationId: string | null,
): Promise<{ act: ActName; actor: Actor } | undefined> {
  const { component, message } = auditLogs
  const isAct = and(eq(auditLogs.id, id), eq(component, auditComponent))
  const [row] = await db.select({ message }).from(auditLogs).where(isAct)
  const attempt = v.safeParse(Attempt, parseObject(row?.message ?? null))
  if (!attempt.success || attempt.output.correlation_id !== correlationId) return undefined
  const { act, principal, key_name, address } = attempt.output
  return { act, actor: { principal, keyName: key_name, address, correlationId } }
}
