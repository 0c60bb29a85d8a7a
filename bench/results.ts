/** What a run found out, as bench/results/latest.json keeps it. A case that is not run again keeps its last figures. */
import type { CallTimes } from './load/callers.ts'
import type { Machine } from './machine.ts'
import type { Ratio } from './stats.ts'

export interface Conditions extends Machine {
  /** ISO 8601. */
  measuredAt: string
  loadTool: string
  rounds: number
  seconds: number
  connections: number
}

/** One target in one round. */
export interface Round {
  perSecond: number
  p50Ms: number
  p99Ms: number
  /** User and system time of the target's processes. */
  cpuUsPerRequest: number
  peakMiB: number
}

export interface TargetResult extends Round {
  name: string
  /** Difference of the best and the worst round's requests per second, as a part of the median. */
  spread: number
  idleMiB: number
  /** The gateway's requests per second as a multiple of this target's, round by round; null for the gateway itself. */
  gatewayRatio: Ratio | null
}

export interface LoadResults {
  kind: 'load'
  name: string
  title: string
  conditions: Conditions
  targets: TargetResult[]
}

export interface LatencyResults {
  kind: 'latency'
  name: string
  title: string
  conditions: Conditions
  perSecond: number
  direct: { p50Ms: number; p99Ms: number }
  gateway: { p50Ms: number; p99Ms: number }
  /** Medians of the rounds' differences. */
  addedP50Ms: number
  addedP99Ms: number
}

export interface StreamTargetResult {
  name: string
  opened: number
  openMs: number
  events: number
  lagP50Ms: number
  lagP99Ms: number
  lost: number
  idleMiB: number
  peakMiB: number
}

export interface StreamResults {
  kind: 'streams'
  name: string
  title: string
  conditions: Conditions
  count: number
  targets: StreamTargetResult[]
}

export interface IngestRow {
  /** Where the database is. */
  where: 'disk' | 'memory'
  /** Events to a request. */
  batch: number
  clients: number
  /** Acknowledged events. */
  perSecond: number
  p50Ms: number
  p99Ms: number
}

export interface EventsResults {
  kind: 'events'
  name: string
  title: string
  conditions: Conditions
  ingest: IngestRow[]
  fanOut: {
    readers: number
    perSecond: number
    events: number
    lagP50Ms: number
    lagP99Ms: number
    lost: number
    idleMiB: number
    peakMiB: number
  }
}

export interface AcrossRow {
  runtime: 'Node' | 'workerd'
  /** How many of the two instances events are posted to. */
  postedTo: 1 | 2
  posted: number
  lagP50Ms: number
  lagP99Ms: number
  lagMaxMs: number
  lost: number
}

export interface AcrossResults {
  kind: 'across'
  name: string
  title: string
  conditions: Conditions
  /** Of both instances together. */
  perSecond: number
  /** At each instance that is read. */
  readers: number
  pairs: AcrossRow[]
}

export interface ViewRow extends CallTimes {
  /** With its query. */
  path: string
}

export interface HealthRow extends CallTimes {
  /** Of a full maintenance run. */
  when: 'before' | 'during' | 'after'
}

export interface OperatorDataResults {
  kind: 'operator-data'
  name: string
  title: string
  conditions: Conditions
  /** Of the legacy database, and the events that were added to it. */
  rows: number
  events: number
  adoptMs: number
  /** Of the first start afterwards. */
  readyMs: number
  views: ViewRow[]
  health: HealthRow[]
}

export interface StartResults {
  conditions: Conditions
  /** From the spawn to /readyz, on a database that exists. */
  readyMs: number
  idleMiB: number
}

export type CaseResults =
  | LoadResults
  | LatencyResults
  | StreamResults
  | EventsResults
  | AcrossResults
  | OperatorDataResults

export interface Results {
  start: StartResults | null
  cases: CaseResults[]
}

export const noResults: Results = { start: null, cases: [] }

/** The new figures in place of the old, cases in the order of `names`. */
export function mergeResults(old: Results, fresh: Results, names: readonly string[]): Results {
  const latest = new Map([...old.cases, ...fresh.cases].map((result) => [result.name, result]))
  const cases = names.map((name) => latest.get(name)).filter((result) => result !== undefined)
  return { start: fresh.start ?? old.start, cases }
}
