/** The results as Markdown tables that also read well in a terminal. */
import type { CallTimes } from '../load/callers.ts'
import { isQuiet, quietBelow } from '../machine.ts'
import { judge } from '../promises.ts'
import type {
  AcrossResults,
  CaseResults,
  Conditions,
  EventsResults,
  LatencyResults,
  LoadResults,
  OperatorDataResults,
  Results,
  StreamResults,
} from '../results.ts'
import type { Ratio } from '../stats.ts'

type Row = readonly string[]

export function renderResults(results: Results): string {
  const verdicts = judge(results).map(({ what, promised, found, kept }) => [
    what,
    promised,
    found,
    kept === null ? '-' : kept ? 'yes' : '**no**',
  ])
  return [
    '### Numbers to hold\n',
    renderTable(['what', 'promised', 'found', 'kept'], verdicts),
    ...results.cases.flatMap((result) => [
      `\n### ${result.title}\n`,
      renderCase(result),
      `\n${told(result.conditions)}`,
    ]),
  ].join('\n')
}

function renderCase(result: CaseResults): string {
  if (result.kind === 'load') return renderLoad(result)
  if (result.kind === 'operator-data')
    return `${renderAdoption(result)}\n\n${renderViews(result)}\n\n${renderHealth(result)}`
  if (result.kind === 'events') return `${renderIngest(result)}\n\n${renderFanOut(result)}`
  if (result.kind === 'across') return renderAcross(result)
  return result.kind === 'latency' ? renderLatency(result) : renderStreams(result)
}

const renderLoad = ({ targets }: LoadResults) =>
  renderTable(
    ['target', 'requests/s', 'spread', 'gateway / it', 'p50 ms', 'p99 ms', 'CPU us/request', 'idle MiB', 'peak MiB'],
    targets.map((target) => [
      target.name,
      target.perSecond.toFixed(target.perSecond < 1000 ? 1 : 0),
      `${(target.spread * 100).toFixed(0)} %`,
      target.gatewayRatio ? renderRatio(target.gatewayRatio) : '-',
      target.p50Ms.toFixed(2),
      target.p99Ms.toFixed(2),
      target.cpuUsPerRequest.toFixed(1),
      target.idleMiB.toFixed(0),
      target.peakMiB.toFixed(0),
    ]),
  )

const renderLatency = ({ direct, gateway, perSecond, addedP50Ms, addedP99Ms }: LatencyResults) =>
  renderTable(
    [`at ${perSecond} requests/s`, 'p50 ms', 'p99 ms'],
    [
      ['straight to the upstream', direct.p50Ms.toFixed(3), direct.p99Ms.toFixed(3)],
      ['through the gateway', gateway.p50Ms.toFixed(3), gateway.p99Ms.toFixed(3)],
      ['added', addedP50Ms.toFixed(3), addedP99Ms.toFixed(3)],
    ],
  )

const renderStreams = ({ targets, count }: StreamResults) =>
  renderTable(
    [
      'target',
      `open of ${count}`,
      'opened in ms',
      'events',
      'lag p50 ms',
      'lag p99 ms',
      'lost',
      'idle MiB',
      'peak MiB',
    ],
    targets.map((target) => [
      target.name,
      String(target.opened),
      target.openMs.toFixed(0),
      String(target.events),
      target.lagP50Ms.toFixed(2),
      target.lagP99Ms.toFixed(2),
      String(target.lost),
      target.idleMiB.toFixed(0),
      target.peakMiB.toFixed(0),
    ]),
  )

const renderIngest = ({ ingest }: EventsResults) =>
  renderTable(
    ['events to a request', 'database', 'clients', 'events/s', 'p50 ms', 'p99 ms'],
    ingest.map(({ where, batch, clients, perSecond, p50Ms, p99Ms }) => [
      String(batch),
      where,
      String(clients),
      perSecond.toFixed(0),
      p50Ms.toFixed(2),
      p99Ms.toFixed(2),
    ]),
  )

const renderFanOut = ({ fanOut }: EventsResults) =>
  renderTable(
    ['readers', 'events/s', 'delivered', 'lag p50 ms', 'lag p99 ms', 'lost', 'idle MiB', 'peak MiB'],
    [
      [
        String(fanOut.readers),
        String(fanOut.perSecond),
        String(fanOut.events),
        fanOut.lagP50Ms.toFixed(2),
        fanOut.lagP99Ms.toFixed(2),
        String(fanOut.lost),
        fanOut.idleMiB.toFixed(0),
        fanOut.peakMiB.toFixed(0),
      ],
    ],
  )

const renderAcross = ({ pairs, perSecond, readers }: AcrossResults) =>
  renderTable(
    ['two on', 'events to', 'events/s', 'posted', 'readers', 'lag p50 ms', 'lag p99 ms', 'lag max ms', 'lost'],
    pairs.map(({ runtime, postedTo, posted, lagP50Ms, lagP99Ms, lagMaxMs, lost }) => [
      runtime,
      postedTo === 1 ? 'the other one' : 'both',
      String(perSecond),
      String(posted),
      String(readers),
      lagP50Ms.toFixed(2),
      lagP99Ms.toFixed(2),
      lagMaxMs.toFixed(2),
      String(lost),
    ]),
  )

const renderAdoption = ({ rows, events, adoptMs, readyMs }: OperatorDataResults) =>
  renderTable(
    ['rows', 'adopted in s', 'ready after s', 'events added'],
    [[String(rows), (adoptMs / 1000).toFixed(2), (readyMs / 1000).toFixed(2), String(events)]],
  )

const timesHead = ['answers', 'p50 ms', 'p99 ms', 'most ms']
const timesCells = ({ n, p50Ms, p99Ms, maxMs }: CallTimes) => [
  String(n),
  p50Ms.toFixed(2),
  p99Ms.toFixed(2),
  maxMs.toFixed(1),
]

const renderViews = ({ views }: OperatorDataResults) =>
  renderTable(
    ['view', ...timesHead],
    views.map((view) => [view.path, ...timesCells(view)]),
  )

const renderHealth = ({ health }: OperatorDataResults) =>
  renderTable(
    ['/health, maintenance', ...timesHead],
    health.map((row) => [row.when, ...timesCells(row)]),
  )

export const renderRatio = ({ median, min, max }: Ratio): string =>
  `${median.toFixed(2)} (${min.toFixed(2)} to ${max.toFixed(2)})`

function told(conditions: Conditions): string {
  const { measuredAt, node, cpu, cores, loadAverage, loadTool, rounds, seconds, connections } = conditions
  const where = `${cores} cores of ${cpu}, Node ${node}, ${loadTool} over ${connections} connections`
  const quiet = isQuiet(conditions) ? '' : ` **The machine was not quiet** (above ${quietBelow}): read the ratios only.`
  return `${measuredAt.slice(0, 16).replace('T', ' ')} UTC, ${where}, ${rounds} rounds of ${seconds} s, load average before it ${loadAverage}.${quiet}`
}

/** Columns as wide as their widest cell; the first reads from the left, figures from the right. */
export function renderTable(head: Row, rows: readonly Row[]): string {
  const widths = head.map((title, i) => Math.max(title.length, 3, ...rows.map((row) => row[i]?.length ?? 0)))
  const line = (row: Row) =>
    `| ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`
  const rule = `|${widths.map((width, i) => (i === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`
  return [line(head), rule, ...rows.map(line)].join('\n')
}
