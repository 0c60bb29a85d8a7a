/** `npm run db -- adopt [--dry-run]`: shows or adds what a VX11 database lacks, as the gateway does at start. */
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { databaseFailure } from '../../../adapters/libsql/failure.ts'
import { filePath } from '../../../adapters/libsql/file-path.ts'
import { lookAt } from '../../../adapters/libsql/migration/adopt.ts'
import { adoptAny, migrateDatabase, openAny } from '../../../adapters/libsql/migration/migrate.ts'
import type { RemoteAddress } from '../../../adapters/libsql/remote.ts'
import { type AdoptionReport, listPlan, summarise } from '../../../db/adoption/report.ts'
import type { DbCommand } from '../db.ts'

export const adoptCommand: DbCommand = async (args, { database }) => {
  const { values } = parseArgs({ args, options: { 'dry-run': { type: 'boolean', default: false } } })
  const address = { url: database.url, authToken: database.authToken ?? undefined }
  if (database.url.startsWith('file:') && !existsSync(filePath(database.url)))
    throw new Error(`${database.url} is not there yet, so there is nothing to adopt.`)
  const dryRun = values['dry-run'] === true
  const report = await lookOrAdopt(address, dryRun)
  const shown = report && (dryRun ? report : { ...report, steps: [] })
  if (shown) for (const line of listPlan(shown)) process.stdout.write(`${line}\n`)
  process.stdout.write(`${conclusion(report, dryRun)}\n`)
  return 0
}

/** For an adopted database it adds what could not be added before. */
async function lookOrAdopt(address: RemoteAddress, dryRun: boolean): Promise<AdoptionReport | null> {
  const client = await openAny(address)
  try {
    if (dryRun) return await lookAt(client)
    const report = await adoptAny(client, address)
    if (report) await migrateDatabase(address)
    return report
  } catch (error) {
    throw databaseFailure(error, address)
  } finally {
    client.close()
  }
}

function conclusion(report: AdoptionReport | null, dryRun: boolean): string {
  if (!report) return 'The database is empty, so there is nothing to adopt.'
  if (dryRun) return report.steps.length > 0 ? 'Nothing was changed.' : 'There is nothing to add.'
  return `The database is adopted: ${summarise(report)}.`
}
