/** Shows or adds what a VX11 database lacks, as the gateway does at start. */
import { existsSync } from 'node:fs'
import { databaseFailure } from '../../../adapters/libsql/failure.ts'
import { filePath } from '../../../adapters/libsql/file-path.ts'
import { lookAt } from '../../../adapters/libsql/migration/adopt.ts'
import { adoptAny, migrateDatabase, openAny } from '../../../adapters/libsql/migration/migrate.ts'
import type { RemoteAddress } from '../../../adapters/libsql/remote.ts'
import { type AdoptionReport, listPlan, summarise } from '../../../db/adoption/report.ts'
import { printResult } from '../command/print.ts'
import type { JsonOption } from '../commands/options.ts'
import { commandConfig } from '../gateway/running-gateway.ts'

export interface AdoptOptions extends JsonOption {
  dryRun?: boolean
}

export async function adoptHere({ dryRun = false, json }: AdoptOptions): Promise<undefined> {
  const { url, authToken } = commandConfig().database
  if (url.startsWith('file:') && !existsSync(filePath(url)))
    throw new Error(`${url} is not there yet, so there is nothing to adopt.`)
  const report = await lookOrAdopt({ url, authToken: authToken ?? undefined }, dryRun)
  const plan = report ? listPlan(dryRun ? report : { ...report, steps: [] }) : []
  printResult({ dry_run: dryRun, report }, json, () => [...plan, conclusion(report, dryRun)].join('\n'))
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
