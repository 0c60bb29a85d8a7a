/** Finds migrations/, and how far it goes. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** As seen from the bundle in dist/, or from this source file. */
const folder = ['../migrations', '../../../../migrations']
  .map((path) => join(import.meta.dirname, path))
  .find((candidate) => existsSync(candidate))

export function migrationsFolder(): string {
  if (!folder) throw new Error('the folder migrations/ is missing beside the program')
  return folder
}

/** When the newest was made, in epoch milliseconds, as a database records it. */
export function newestMigration(): number {
  const journal = readFileSync(join(migrationsFolder(), 'meta', '_journal.json'), 'utf8')
  const { entries } = JSON.parse(journal) as { entries: { when: number }[] }
  return Math.max(...entries.map(({ when }) => when))
}
