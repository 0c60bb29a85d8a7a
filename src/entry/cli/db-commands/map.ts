/** `npm run db -- map`: writes the map and the schema of the database as Markdown and JSON. */
import type { DbCommand } from '../db.ts'
import { runHere, steps } from './run-here.ts'

export const map: DbCommand = async (_args, config) => {
  const report = await runHere({ ...steps('counts', 'db_map'), apply: null }, config)
  const { result, reason } = report.steps.db_map ?? {}
  process.stdout.write(`${result?.files.join('\n') ?? reason}\n`)
  return report.ok ? 0 : 1
}
