/** Shows the nine gates of the running gateway, measured now. */
import type { Answer } from '../../../../clients/typescript/src/index.ts'
import { printResult, visible } from '../command/print.ts'
import type { GatewayCommandOptions } from '../commands/options.ts'
import { runningGateway } from './running-gateway.ts'

type Report = Answer<'getGates'>

export async function showGates(options: GatewayCommandOptions): Promise<number> {
  const report = await runningGateway(options).client.getGates({ query: { fresh: 'true' } })
  printResult(report, options.json, () => describeReport(report))
  return report.failed === 0 ? 0 : 1
}

const describeReport = ({ gates, passed, failed, skipped }: Report) =>
  `${gates.map(describeGate).join('\n')}\n\n${passed} passed, ${failed} failed, ${skipped} skipped`

function describeGate({ gate, verdict, measured, findings, action }: Report['gates'][number]): string {
  const more = [...findings.map((finding) => `- ${finding}`), ...(action === null ? [] : [`> ${action}`])]
  const head = `${verdict.toUpperCase()}  ${gate.padEnd(21)}  ${visible(measured)}`
  return [head, ...more.map((line) => `      ${visible(line)}`)].join('\n')
}
