/** Shows when the running gateway's resources are used up, or why nobody can say. */
import type { Answer } from '../../../../clients/typescript/src/index.ts'
import { printResult, table, visible } from '../command/print.ts'
import type { GatewayCommandOptions } from '../commands/options.ts'
import { runningGateway } from './running-gateway.ts'

type Report = Answer<'getForecasts'>

export async function showForecasts(options: GatewayCommandOptions): Promise<number> {
  const report = await runningGateway(options).client.getForecasts()
  printResult(report, options.json, () => describeReport(report))
  return report.forecasts.some(({ raised }) => raised) ? 1 : 0
}

function describeReport({ forecasts, measured_at, instance }: Report): string {
  const rows = forecasts.map(({ name, used, limit, unit, per_hour, at, reason, principal, raised }) => {
    const whose = principal === null ? name : `${name} of ${principal}`
    const amount = used === null || limit === null ? '-' : `${used} of ${limit} ${unit}`
    return [whose, amount, per_hour === null ? '-' : `${per_hour}`, at ?? reason ?? '-', raised ? 'near' : ''].map(
      visible,
    )
  })
  const head = ['What', 'Used', 'An hour', 'Used up at, or why nobody knows', '']
  return `${table([head, ...rows])}\n\n${visible(instance)} at ${measured_at ?? 'never'}`
}
