/** Lets the running gateway audit VX11 against its canon, or shows its last audit. */
import type { Answer } from '../../../../clients/typescript/src/index.ts'
import { CommandError } from '../command/exit-status.ts'
import { printResult, table, visible } from '../command/print.ts'
import type { GatewayCommandOptions } from '../commands/options.ts'
import { runningGateway } from './running-gateway.ts'

type Report = Answer<'auditDrift'>

export interface DriftOptions extends GatewayCommandOptions {
  last?: true
  strict?: true
}

/** Longer than an audit may take. */
const timeoutMs = 90_000

export async function showDrift(options: DriftOptions): Promise<number> {
  const { client } = runningGateway(options)
  const report = options.last ? reportOf(await client.getDrift()) : await client.auditDrift({ timeoutMs })
  printResult(report, options.json, () => describeReport(report))
  const isWell = options.strict ? report.status === 'ok' : report.status === 'ok' || report.status === 'incomplete'
  return isWell ? 0 : 1
}

/** The route can also give Markdown, which is not asked for here. */
function reportOf(answer: Answer<'getDrift'>): Report {
  if (typeof answer === 'string') throw new CommandError('failed', 'The gateway answered with no report.')
  return answer
}

function describeReport({
  status,
  areas,
  drifts,
  left_out,
  unknown,
  audited_at,
  report_path,
  unrecorded,
}: Report): string {
  if (audited_at === null) return 'Nothing was audited yet: npm run drift, without --last.'
  const summary = areas.map(({ area, verdict, checked, drifts, unknown }) => [
    area,
    verdict,
    `${checked}`,
    `${drifts}`,
    `${unknown}`,
  ])
  const found = drifts.map(({ severity, area, module, subject, expected, actual, current }) =>
    [severity, area, module, subject, expected, current ? actual : `${actual} (not asked this time)`].map(visible),
  )
  const silent = unknown.map(({ area, module, reason }) => visible(`  ${area} ${module}: ${reason}`))
  return [
    table([['Area', 'Verdict', 'Checked', 'Drifts', 'Unknown'], ...summary]),
    ...(found.length > 0 ? [`\n${table([['Severity', 'Area', 'Where', 'What', 'Canon', 'Actual'], ...found])}`] : []),
    ...(left_out > 0 ? [`${left_out} more are not listed.`] : []),
    ...(silent.length > 0 ? [`\nCould not be asked:\n${silent.join('\n')}`] : []),
    `\n${status} at ${audited_at}`,
    `Report: ${visible(report_path ?? 'not written')}${unrecorded === null ? '' : `; not stored: ${unrecorded}`}`,
  ].join('\n')
}
