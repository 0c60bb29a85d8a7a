/** `npm run db -- migrate` (also `npm run db:migrate`): ahead of a start, or for a server that only workerd uses. */
import { migrateDatabase } from '../../adapters/libsql/migrate.ts'
import type { DbCommand } from '../db.ts'

export const migrate: DbCommand = async (_args, { database: { url, authToken } }) => {
  await migrateDatabase({ url, authToken: authToken ?? undefined })
  process.stdout.write('The database is up to date.\n')
  return 0
}
