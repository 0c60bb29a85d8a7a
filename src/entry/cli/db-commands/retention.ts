/** Counts expired rows by table; deletes them only with --apply. */
import type { RetentionTableResult } from '../../../db/maintenance/report.ts'
import type { JsonOption } from '../commands/options.ts'
import { commandConfig } from '../gateway/running-gateway.ts'
import { describeReport, printReport, runHere, steps } from './run-here.ts'

export interface RetentionOptions extends JsonOption {
  apply?: boolean
}

export async function retainHere({ apply = false, json }: RetentionOptions): Promise<number> {
  const report = await runHere({ ...steps('quick_check', 'retention'), apply }, commandConfig())
  const result = report.steps.retention?.result
  const rows = result ? `\n\n${[heading, ...result.tables.map(line)].join('\n')}` : ''
  return printReport(report, json, () => `${describeReport(report)}${rows}`)
}

const row = (...cells: [string, string, string, string, string]) =>
  `${cells[0].padEnd(18)} ${cells[1].padEnd(12)} ${cells
    .slice(2)
    .map((cell) => cell.padStart(10))
    .join(' ')}`

const heading = row('table', 'column', 'days', 'eligible', 'deleted')

const line = ({ table, column, days, eligible, deleted, unreadable, error }: RetentionTableResult): string => {
  const remark = error ?? (unreadable ? `${unreadable} rows without a readable moment stay` : '')
  return `${row(table, column, String(days), String(eligible ?? '-'), String(deleted))}  ${remark}`.trimEnd()
}
