/** Lets the store refresh the statistics that its planner goes by. */
import { sql } from 'drizzle-orm'
import { done, type StepContext } from '../outcome.ts'

export async function optimize({ db }: StepContext) {
  await db.run(sql`PRAGMA optimize`)
  return done({ statement: 'PRAGMA optimize', tables: null })
}
