/** `npm run db -- backup`: makes a verified copy, also while a gateway uses the database. */
import { parseArgs } from 'node:util'
import type { DbCommand } from '../db.ts'
import { runHere, steps, tellReport } from './run-here.ts'

export const backup: DbCommand = async (args, config) => {
  const { values } = parseArgs({ args, options: { json: { type: 'boolean' } } })
  const report = await runHere({ ...steps('quick_check', 'backup', 'backup_rotation'), apply: null }, config)
  const status = tellReport(report, values.json ?? false)
  const made = report.steps.backup?.result
  if (made && !values.json) process.stdout.write(`\n${made.file}\n${made.bytes} bytes, SHA-256 ${made.sha256}\n`)
  // Remote stores do not support backups.
  return made ? status : 1
}
