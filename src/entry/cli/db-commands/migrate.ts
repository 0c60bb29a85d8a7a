/** `npm run db -- migrate` (also `npm run db:migrate`): migrates before a start, or a server that only workerd uses. */
import { migrateDatabase } from '../../../adapters/libsql/migration/migrate.ts'
import { summarise } from '../../../db/adoption/report.ts'
import type { DbCommand } from '../db.ts'

export const migrate: DbCommand = async (_args, { database: { url, authToken } }) => {
  const adopted = await migrateDatabase({ url, authToken: authToken ?? undefined })
  if (adopted) process.stdout.write(`VX11’s database is adopted: ${summarise(adopted)}.\n`)
  process.stdout.write('The database is up to date.\n')
  return 0
}
