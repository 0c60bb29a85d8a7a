/** Writes the map and the schema of the database as Markdown and JSON. */
import { printResult } from '../command/print.ts'
import type { JsonOption } from '../commands/options.ts'
import { commandConfig } from '../gateway/running-gateway.ts'
import { runHere, steps } from './run-here.ts'

export async function mapHere({ json }: JsonOption): Promise<number> {
  const report = await runHere({ ...steps('counts', 'db_map'), apply: null }, commandConfig())
  const { result, reason } = report.steps.db_map ?? {}
  printResult(report, json, () => result?.files.join('\n') ?? String(reason))
  return report.ok ? 0 : 1
}
