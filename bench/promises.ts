/** The numbers that the gateway is held to, against what the last run found. */
import { isQuiet } from './machine.ts'
import type {
  AcrossResults,
  AcrossRow,
  CaseResults,
  EventsResults,
  HealthRow,
  LoadResults,
  OperatorDataResults,
  Results,
} from './results.ts'

export interface Verdict {
  what: string
  promised: string
  found: string
  /** Null when nothing can be claimed: not measured, or on a machine that was busy with something else. */
  kept: boolean | null
}

interface RatioPromise {
  what: string
  caseName: string
  peer: string
  atLeast: number
}

const ratioPromises: readonly RatioPromise[] = [
  { what: 'proxied GET, 1 KB', caseName: 'get-1k', peer: 'fastify-http-proxy', atLeast: 1.3 },
  { what: 'proxied GET, 1 KB', caseName: 'get-1k', peer: 'nginx', atLeast: 0.42 },
  { what: 'proxied GET, 1 KB', caseName: 'get-1k', peer: 'hono-fetch', atLeast: 3 },
  { what: 'cached health answer', caseName: 'cached', peer: 'hono-json', atLeast: 0.75 },
  { what: 'cached health answer', caseName: 'cached', peer: 'nginx-cache', atLeast: 0.55 },
]

export function judge({ start, cases }: Results): Verdict[] {
  const latency = cases.find((result) => result.kind === 'latency')
  const peaks = cases.flatMap(gatewayPeak)
  const load = peaks.length > 0 ? Math.max(...peaks) : undefined
  const startedQuietly = start !== null && isQuiet(start.conditions)
  const loadedQuietly = cases.every(({ conditions }) => isQuiet(conditions))
  const lateness = latency !== undefined && isQuiet(latency.conditions)
  return [
    ...ratioPromises.map((promise) => judgeRatio(promise, cases)),
    atMost('added latency at half load, p50', latency?.addedP50Ms, 0.3, 'ms', 2, lateness),
    atMost('added latency at half load, p99', latency?.addedP99Ms, 2, 'ms', 2, lateness),
    ...judgeEvents(cases.find((result) => result.kind === 'events')),
    ...judgeAcross(cases.find((result) => result.kind === 'across')),
    ...judgeOperatorData(cases.find((result) => result.kind === 'operator-data')),
    atMost('memory, idle', start?.idleMiB, 90, 'MiB', 0, startedQuietly),
    atMost('memory, under load', load, 256, 'MiB', 0, loadedQuietly),
    atMost('start on an existing database', start ? start.readyMs / 1000 : undefined, 1, 's', 2, startedQuietly),
  ]
}

function judgeEvents(results: EventsResults | undefined): Verdict[] {
  const row = (batched: boolean) =>
    results?.ingest.find(({ where, batch }) => where === 'disk' && batch > 1 === batched)
  const quiet = results !== undefined && isQuiet(results.conditions)
  return [
    atLeast('durable ingest, 64 clients', row(false)?.perSecond, 5000, 'events/s', quiet),
    atMost('durable ingest, 64 clients, p99', row(false)?.p99Ms, 20, 'ms', 1, quiet),
    atLeast('durable ingest, batches', row(true)?.perSecond, 20_000, 'events/s', quiet),
    atMost('500 readers at 50 events/s, p99', results?.fanOut.lagP99Ms, 50, 'ms', 1, quiet),
    atMost('500 readers at 50 events/s, lost', results?.fanOut.lost, 0, 'events', 0, quiet),
  ]
}

function judgeAcross(results: AcrossResults | undefined): Verdict[] {
  const quiet = results !== undefined && isQuiet(results.conditions)
  const p99 = (runtime: AcrossRow['runtime']) => {
    const lags = results?.pairs.filter((pair) => pair.runtime === runtime).map(({ lagP99Ms }) => lagP99Ms) ?? []
    const found = lags.length > 0 ? Math.max(...lags) : undefined
    return atMost(`events to another instance on ${runtime}, p99`, found, 100, 'ms', 1, quiet)
  }
  const lost = results?.pairs.reduce((sum, pair) => sum + pair.lost, 0)
  return [p99('Node'), p99('workerd'), atMost('events to another instance, lost', lost, 0, 'events', 0, quiet)]
}

function judgeOperatorData(results: OperatorDataResults | undefined): Verdict[] {
  const quiet = results !== undefined && isQuiet(results.conditions)
  const seconds = (ms: number | undefined) => (ms === undefined ? undefined : ms / 1000)
  const slowest = results && Math.max(...results.views.map(({ p99Ms }) => p99Ms))
  const rise = results && healthRise(results.health)
  return [
    atMost('adoption of a legacy database', seconds(results?.adoptMs), 5, 's', 2, quiet),
    atMost('start on the adopted database', seconds(results?.readyMs), 1, 's', 2, quiet),
    atMost("the operator's slowest view, p99", slowest, 10, 'ms', 1, quiet),
    atMost('/health beside maintenance, rise of p99', rise, 5, 'ms', 2, quiet),
  ]
}

/** Over the slower of the stretches without maintenance. */
export function healthRise(health: readonly HealthRow[]): number {
  const p99 = (when: HealthRow['when']) => health.find((row) => row.when === when)?.p99Ms ?? Number.NaN
  return p99('during') - Math.max(p99('before'), p99('after'))
}

function atLeast(what: string, found: number | undefined, least: number, unit: string, quiet: boolean): Verdict {
  const promised = `>= ${least} ${unit}`
  if (found === undefined) return { what, promised, found: 'not measured', kept: null }
  return { what, promised, found: `${found.toFixed(0)} ${unit}`, kept: quiet ? found >= least : null }
}

function judgeRatio({ what, caseName, peer, atLeast }: RatioPromise, cases: readonly CaseResults[]): Verdict {
  const results = cases.find((result): result is LoadResults => result.kind === 'load' && result.name === caseName)
  const ratio = results?.targets.find(({ name }) => name === peer)?.gatewayRatio
  return {
    what: `${what}, against ${peer}`,
    promised: `>= ${atLeast} x`,
    found: ratio ? `${ratio.median.toFixed(2)} x (${ratio.min.toFixed(2)} to ${ratio.max.toFixed(2)})` : 'not measured',
    kept: results && ratio && isQuiet(results.conditions) ? ratio.median >= atLeast : null,
  }
}

function atMost(
  what: string,
  found: number | undefined,
  most: number,
  unit: string,
  digits: number,
  quiet: boolean,
): Verdict {
  const promised = `<= ${most} ${unit}`
  if (found === undefined) return { what, promised, found: 'not measured', kept: null }
  return { what, promised, found: `${found.toFixed(digits)} ${unit}`, kept: quiet ? found <= most : null }
}

function gatewayPeak(result: CaseResults): number[] {
  if (result.kind === 'latency' || result.kind === 'across' || result.kind === 'operator-data') return []
  if (result.kind === 'events') return [result.fanOut.peakMiB]
  const { targets } = result
  return [...targets].filter(({ name }) => name === 'gateway').map(({ peakMiB }) => peakMiB)
}
