/** Runs maintenance steps for a command: a bar while they run, then what they found. */
import { existsSync } from 'node:fs'
import { filePath } from '../../../adapters/libsql/file-path.ts'
import { remoteDatabase } from '../../../adapters/libsql/remote.ts'
import { systemClock } from '../../../adapters/system/clock.ts'
import { systemRandom } from '../../../adapters/system/random.ts'
import type { Config } from '../../../config/config.ts'
import { type MaintenanceReport, type StepName, stepNames } from '../../../db/maintenance/report.ts'
import type { MaintenanceRequest } from '../../../db/maintenance/request.ts'
import { MaintenanceRefused } from '../../../modules/maintenance/run.ts'
import { nodeMaintenance } from '../../node/database/node-maintenance.ts'
import { finishedLine, progressBar } from './progress-bar.ts'

/** Rejects with a sentence when another run is under way, or when there is no database. */
export async function runHere(request: MaintenanceRequest, config: Config): Promise<MaintenanceReport> {
  const { url, authToken } = config.database
  if (url.startsWith('file:') && !existsSync(filePath(url)))
    throw new Error(`There is no database at ${filePath(url)}.`)
  const database = remoteDatabase({ url, authToken: authToken ?? undefined })
  const execute = nodeMaintenance({ clock: systemClock(), config, database })
  const bar = progressBar(process.stderr)
  try {
    return await execute(request, { id: systemRandom().uuid(), started() {}, progress: bar.show })
  } catch (error) {
    if (error instanceof MaintenanceRefused) throw new Error('Another maintenance of this database is running.')
    throw error
  } finally {
    bar.clear()
  }
}

/** A line for each step, with its reason where there is one. */
function describeReport({ steps }: MaintenanceReport): string {
  const lines = stepNames.flatMap((step) => {
    const report = steps[step]
    if (!report) return []
    return `${finishedLine({ step, ...report })}${report.reason ? `  ${report.reason}` : ''}\n`
  })
  return lines.join('')
}

/** Prints the report in the form that was asked for; the exit status says whether all was well. */
export function tellReport(report: MaintenanceReport, json: boolean): number {
  process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : describeReport(report))
  return report.ok ? 0 : 1
}

export const steps = (...names: StepName[]): Pick<MaintenanceRequest, 'steps' | 'trigger' | 'reason'> => ({
  steps: names,
  trigger: 'command',
  reason: null,
})
