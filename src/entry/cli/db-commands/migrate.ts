/** Migrates before a start, or a server that only workerd uses. */
import { migrateDatabase } from '../../../adapters/libsql/migration/migrate.ts'
import { summarise } from '../../../db/adoption/report.ts'
import { printResult } from '../command/print.ts'
import type { JsonOption } from '../commands/options.ts'
import { commandConfig } from '../gateway/running-gateway.ts'

export async function migrate({ json }: JsonOption): Promise<undefined> {
  const { url, authToken } = commandConfig().database
  const adopted = await migrateDatabase({ url, authToken: authToken ?? undefined })
  const adoption = adopted ? `VX11’s database is adopted: ${summarise(adopted)}.\n` : ''
  printResult({ adopted }, json, () => `${adoption}The database is up to date.`)
}
