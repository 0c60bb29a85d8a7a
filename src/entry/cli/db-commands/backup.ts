/** Makes a verified copy, also while a gateway uses the database. */
import type { JsonOption } from '../commands/options.ts'
import { commandConfig } from '../gateway/running-gateway.ts'
import { describeReport, printReport, runHere, steps } from './run-here.ts'

export async function backUpHere({ json }: JsonOption): Promise<number> {
  const request = { ...steps('quick_check', 'backup', 'backup_rotation'), apply: null }
  const report = await runHere(request, commandConfig())
  const made = report.steps.backup?.result
  const copy = made ? `\n\n${made.file}\n${made.bytes} bytes, SHA-256 ${made.sha256}` : ''
  const status = printReport(report, json, () => `${describeReport(report)}${copy}`)
  // Remote stores do not support backups.
  return made ? status : 1
}
