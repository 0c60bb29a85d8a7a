/** Finds migrations/ and its newest migration. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Relative to the bundle in dist/, or to this source file. */
const folder = ['../migrations', '../../../../migrations']
  .map((path) => join(import.meta.dirname, path))
  .find((candidate) => existsSync(candidate))

export function migrationsFolder(): string {
  if (!folder) throw new Error('the folder migrations/ is missing beside the program')
  return folder
}

/** Creation time of the newest migration, in epoch milliseconds, as recorded in databases. */
export function newestMigration(): number {
  const journal = readFileSync(join(migrationsFolder(), 'meta', '_journal.json'), 'utf8')
  const { entries } = JSON.parse(journal) as { entries: { when: number }[] }
  return Math.max(...entries.map(({ when }) => when))
}
