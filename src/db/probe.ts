/** Asks a store whether it would take and give events now: by a transaction that may write, and changes nothing. */
import { sql } from 'drizzle-orm'
import type { Db } from './database.ts'

/** The newest rows lie where the next ones go. Rejects with the store's error. */
export async function probeStore(db: Db): Promise<void> {
  const nothing = (table: 'events' | 'forensic_ledger' | 'operator_events') =>
    db.run(sql`insert into ${sql.identifier(table)} select * from ${sql.identifier(table)} where 0`)
  await db.batch([
    nothing('forensic_ledger'),
    nothing('events'),
    nothing('operator_events'),
    db.all(sql`select max(id) as newest from events`),
    db.all(sql`select hash from forensic_ledger order by id desc limit 1`),
  ])
}
