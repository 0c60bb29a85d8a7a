/** `npm run db:migrate`: brings the database that VX11_DATABASE_URL names to the state of migrations/. */
import { migrateDatabase } from '../adapters/libsql/migrate.ts'

const url = process.env.VX11_DATABASE_URL || 'file:./data/vx11.db'
const authToken = process.env.VX11_DATABASE_AUTH_TOKEN

try {
  await migrateDatabase({ url, authToken })
  process.stdout.write('The database is up to date.\n')
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
