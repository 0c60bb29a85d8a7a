/** Sends what a gateway has answered to another one as well, and says where the two differ. */
import { printResult, visible } from '../command/print.ts'
import type { GatewayCommandOptions } from '../commands/options.ts'
import { type RunningGateway, runningGateway } from '../gateway/running-gateway.ts'
import { askFor } from './answer.ts'
import { answerDifferences } from './compare.ts'
import { type RecordedHead, type Recording, readRecording } from './recording.ts'

export interface ReplayOptions extends GatewayCommandOptions {
  against: string
  againstTokenFile?: string
  perRoute: number
  limit: number
}

interface Difference extends RecordedHead {
  differences: string[]
}

interface ReplayReport {
  compared: number
  routes: number
  differing: Difference[]
  left_out: Recording['leftOut']
}

export async function replay(file: string, options: ReplayOptions): Promise<number> {
  const { against, againstTokenFile, perRoute, limit, json } = options
  const one = runningGateway(options)
  const other = runningGateway({ url: against, ...(againstTokenFile !== undefined && { tokenFile: againstTokenFile }) })
  const { heads, leftOut } = await readRecording(file, { perRoute, total: limit })
  // Where no gateway answers this ends the command.
  for (const { client } of [one, other]) await client.fetch('/livez')
  const differing: Difference[] = []
  for (const head of heads) {
    const differences = await lastingDifferences(one, other, head)
    if (differences.length > 0) differing.push({ ...head, differences })
  }
  const routes = new Set(heads.map(({ method, route }) => `${method} ${route}`)).size
  const report: ReplayReport = { compared: heads.length, routes, differing, left_out: leftOut }
  printResult(report, json, () => describeReport(report))
  return differing.length === 0 ? 0 : 1
}

/** One after the other, and again where they differ: what changes by itself is no difference. */
async function lastingDifferences(one: RunningGateway, other: RunningGateway, head: RecordedHead): Promise<string[]> {
  const compare = async () => answerDifferences(await askFor(one, head), await askFor(other, head))
  const first = await compare()
  if (first.length === 0) return first
  const again = await compare()
  return first.filter((each) => again.includes(each))
}

function describeReport({ compared, routes, differing, left_out: left }: ReplayReport): string {
  const details = differing.map(({ method, path, differences }) =>
    [visible(`${method} ${path}`), ...differences.map((each) => `  ${visible(each)}`)].join('\n'),
  )
  const verdict = differing.length === 0 ? 'all alike' : `${differing.length} differ`
  const skipped = [
    `${left.with_effects} that may change something`,
    `${left.over_the_limits} over the limits`,
    `${left.upgrades} WebSockets`,
    `${left.without_path} without a path`,
  ]
  const summary = `${compared} requests to ${routes} routes compared, ${verdict}. Left out: ${skipped.join(', ')}.`
  return [...details, ...(details.length > 0 ? [''] : []), summary].join('\n')
}
