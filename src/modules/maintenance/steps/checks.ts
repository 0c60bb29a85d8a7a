/** Asks SQLite whether the database is whole, and judges what it answers: a check that ran is no check that passed. */
import { sql } from 'drizzle-orm'
import type { Db } from '../../../db/database.ts'
import { rootReason } from '../../../lib/root-reason.ts'
import { done, found, type StepContext } from '../outcome.ts'

/** SQLite itself stops at 100. */
const maxProblems = 100

export const quickCheck = ({ db }: StepContext) => judge(db, 'quick_check')
export const integrityCheck = ({ db }: StepContext) => judge(db, 'integrity_check')

async function judge(db: Db, pragma: 'quick_check' | 'integrity_check') {
  const lines = await linesOf(db, pragma)
  if (lines.length === 1 && lines[0] === 'ok') return done({ verdict: 'ok', problems: [] })
  const problems = lines.length > 0 ? lines : ['the check gave no answer']
  return found({ verdict: problems[0] ?? '', problems }, `${problems.length} problems: ${problems[0]}`)
}

/** Damage that the check itself stumbles over is what it found. */
async function linesOf(db: Db, pragma: string): Promise<string[]> {
  try {
    const rows = await db.all<Record<string, unknown>>(sql.raw(`PRAGMA ${pragma}(${maxProblems})`))
    // The column has the pragma's name.
    return rows.map((row) => String(Object.values(row)[0]))
  } catch (error) {
    const words = rootReason(error)
    if (!/SQLITE_CORRUPT|SQLITE_NOTADB|malformed/.test(words)) throw error
    return [words]
  }
}

export async function foreignKeyCheck({ db }: StepContext) {
  const rows = await db.all<{ table: string; parent: string }>(sql`PRAGMA foreign_key_check`)
  const byKey: Record<string, number> = {}
  for (const { table, parent } of rows) {
    const key = `${table} -> ${parent}`
    byKey[key] = (byKey[key] ?? 0) + 1
  }
  const result = { violations: rows.length, by_key: byKey }
  return rows.length === 0 ? done(result) : found(result, `${rows.length} rows without parent`)
}
