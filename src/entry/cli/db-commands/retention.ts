/** `npm run db -- retention`: counts expired rows by table; deletes them only with --apply. */
import { parseArgs } from 'node:util'
import type { RetentionTableResult } from '../../../db/maintenance/report.ts'
import type { DbCommand } from '../db.ts'
import { runHere, steps, tellReport } from './run-here.ts'

export const retention: DbCommand = async (args, config) => {
  const { values } = parseArgs({ args, options: { apply: { type: 'boolean' }, json: { type: 'boolean' } } })
  const report = await runHere({ ...steps('quick_check', 'retention'), apply: values.apply ?? false }, config)
  const status = tellReport(report, values.json ?? false)
  const result = report.steps.retention?.result
  if (result && !values.json) process.stdout.write(`\n${heading}${result.tables.map(line).join('')}`)
  return status
}

const row = (...cells: [string, string, string, string, string]) =>
  `${cells[0].padEnd(18)} ${cells[1].padEnd(12)} ${cells
    .slice(2)
    .map((cell) => cell.padStart(10))
    .join(' ')}`

const heading = `${row('table', 'column', 'days', 'eligible', 'deleted')}\n`

const line = ({ table, column, days, eligible, deleted, unreadable, error }: RetentionTableResult): string => {
  const remark = error ?? (unreadable ? `${unreadable} rows without a readable moment stay` : '')
  return `${`${row(table, column, String(days), String(eligible ?? '-'), String(deleted))}  ${remark}`.trimEnd()}\n`
}
