/** Runs maintenance steps for a command, with a progress bar and a final report. */
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
import { printResult } from '../command/print.ts'
import { finishedLine, progressBar } from './progress-bar.ts'

/** Rejects with a sentence if another run is active or there is no database. */
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

/** One line per step, with its reason if it has one. */
export const describeReport = ({ steps }: MaintenanceReport): string =>
  stepNames
    .flatMap((step) => {
      const report = steps[step]
      if (!report) return []
      return `${finishedLine({ step, ...report })}${report.reason ? `  ${report.reason}` : ''}`
    })
    .join('\n')

/** Prints the report as text or JSON; returns exit status 0 only if all steps succeeded. */
export function printReport(
  report: MaintenanceReport,
  json: true | undefined,
  text = () => describeReport(report),
): number {
  printResult(report, json, text)
  return report.ok ? 0 : 1
}

export const steps = (...names: StepName[]): Pick<MaintenanceRequest, 'steps' | 'trigger' | 'reason'> => ({
  steps: names,
  trigger: 'command',
  reason: null,
})
