/** Shows what the running gateway recorded: the newest correlations, or one as a waterfall. */
import type { Answer } from '../../../../clients/typescript/src/index.ts'
import { printResult, table, visible } from '../command/print.ts'
import type { GatewayCommandOptions } from '../commands/options.ts'
import { runningGateway } from './running-gateway.ts'

export interface CorrelationListOptions extends GatewayCommandOptions {
  show: 'recent' | 'failed' | 'slow'
  limit: number
}

type Correlation = Answer<'getCorrelation'>

export async function printCorrelations({ show, limit, ...options }: CorrelationListOptions): Promise<undefined> {
  const page = await runningGateway(options).client.listCorrelations({ query: { show, limit } })
  const rows = page.correlations.map(({ at, outcome, duration_ms, status, target, name, principal, id }) =>
    [at, outcome, took(duration_ms), status, target, name, principal, id].map(cell),
  )
  const head = ['At', 'Outcome', 'Took', 'Status', 'Where', 'What', 'Who', 'Id']
  printResult(page, options.json, () => (rows.length > 0 ? table([head, ...rows]) : 'None.'))
}

export async function showCorrelation(id: string, options: GatewayCommandOptions): Promise<number> {
  const correlation = await runningGateway(options).client.getCorrelation({ path: { id } })
  printResult(correlation, options.json, () => describe(correlation))
  return correlation.outcome === 'failed' ? 1 : 0
}

function describe({ nodes, why, started_at, truncated }: Correlation): string {
  const rows = nodes.map(({ depth, kind, name, target, start_ms, duration_ms, outcome, status, error, decision }) => {
    const what = `${'  '.repeat(depth)}${kind} ${name}`
    return [took(start_ms), took(duration_ms), what, target, outcome, status ?? error, decision].map(cell)
  })
  return [
    visible(why),
    `from ${started_at ?? 'an unknown time'}${truncated ? '; there is more than is shown' : ''}`,
    '',
    table([['Start', 'Took', 'What', 'Where', 'Outcome', 'Status', 'Decision'], ...rows]),
  ].join('\n')
}

const cell = (value: string | number | null): string => visible(value === null ? '-' : String(value))
const took = (ms: number | null): string | null => (ms === null ? null : `${Math.round(ms)} ms`)
