/** Checks that a store can read and write events now, with a write transaction that changes nothing. */
import { sql } from 'drizzle-orm'
import type { Db } from './database.ts'

/** Reads the newest rows, next to where the next ones are written. Rejects with the store's error. */
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
