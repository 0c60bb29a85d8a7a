/** Deletes the gateway's own records beyond VX11_TIMELINE_ROWS, oldest first; what VX11's services wrote stays. */
import { sql } from 'drizzle-orm'
import { rootReason } from '../../lib/root-reason.ts'
import type { Deps } from '../../ports/index.ts'
import { ownTypes } from './work-rows.ts'

type RowLimitDeps = Pick<Deps, 'clock' | 'config' | 'database' | 'log'>

/** Ids of one statement: a few milliseconds of the writer's time. */
export const idsAtOnce = 2000
/** Statements of one call; a thousand records a second are kept up with. */
const maxStatements = 30
const pauseMs = 20

/** Called once a minute. Never rejects; the next call goes on. */
export function rowLimit({ clock, config, database, log }: RowLimitDeps): () => Promise<void> {
  // What lies before was looked through already, and rows of others would be looked through again and again.
  let passed = 0

  /** False at the end. */
  async function step(): Promise<boolean> {
    const db = database.open()
    const [range] = await db.all<{ first: number | null; newest: number | null }>(sql`
      select (select min(id) from routing_events where id > ${passed}) as first, max(id) as newest from routing_events`)
    const last = (range?.newest ?? 0) - config.timeline.maxRows
    const first = range?.first ?? null
    if (first === null || first > last) return false
    const end = Math.min(last, first + idsAtOnce - 1)
    await db.run(sql`
      delete from routing_events where id between ${first} and ${end}
        and route_type in (select value from json_each(${JSON.stringify(ownTypes)}))`)
    passed = end
    return true
  }

  return async function limitRows() {
    try {
      for (let count = 0; count < maxStatements && (await step()); count++) await clock.sleep(pauseMs)
    } catch (error) {
      log.warn('timeline_not_limited', { reason: rootReason(error) })
    }
  }
}
