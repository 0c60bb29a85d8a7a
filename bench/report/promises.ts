/** The numbers that the gateway is held to, against what the last run found. */
import { isQuiet } from '../method/machine.ts'
import type { Estimate } from '../method/stats.ts'
import { type CaseResults, shown } from './results.ts'

export interface Verdict {
  what: string
  promised: string
  found: string
  /** Null when nothing can be claimed. */
  kept: boolean | null
}

export interface Promised {
  what: string
  caseName: string
  /** Of the case's readings; of several the worst counts. */
  reading: string
  max?: number
  min?: number
  unit: string
  digits?: number
  /** Counted by the clock: what else runs can only make it worse, so a loud machine can keep it and not break it. */
  timed?: true
  /** One pair says nothing. */
  paired?: true
}

const ratio = (caseName: string, title: string, peer: string, max: number): Promised => ({
  ...{ what: `${title}, processor time against ${peer}`, caseName, reading: peer, max, unit: 'x', paired: true },
})

export const promises: readonly Promised[] = [
  ratio('get-1k', 'proxied GET, 1 KB', 'fastify-http-proxy', 0.75),
  ratio('get-1k', 'proxied GET, 1 KB', 'node-http', 0.9),
  ratio('get-64k', 'proxied GET, 64 KB', 'fastify-http-proxy', 0.85),
  ratio('get-10m', 'proxied GET, 10 MB', 'fastify-http-proxy', 1),
  ratio('post-10k', 'proxied POST, 10 KB', 'fastify-http-proxy', 1),
  ratio('post-10k', 'proxied POST, 10 KB', 'node-http', 1.1),
  ratio('cached', 'cached health answer', 'hono-json', 1.33),
  {
    what: 'added latency at 5000/s, p50',
    timed: true,
    caseName: 'latency',
    reading: 'added p50',
    max: 0.3,
    unit: 'ms',
  },
  { what: 'added latency at 5000/s, p99', timed: true, caseName: 'latency', reading: 'added p99', max: 2, unit: 'ms' },
  {
    what: 'p99 at 5000/s against fastify-http-proxy',
    timed: true,
    caseName: 'latency',
    reading: 'p99',
    max: 1.5,
    unit: 'x',
  },
  {
    what: '500 proxied streams, lag p99 against nginx',
    timed: true,
    caseName: 'streams',
    reading: 'nginx',
    max: 2,
    unit: 'x',
  },
  {
    ...{ what: 'durable ingest, 64 clients', timed: true, caseName: 'events', reading: 'ingest', min: 5000 },
    ...{ unit: 'events/s', digits: 0 },
  },
  {
    what: 'durable ingest, 64 clients, p99',
    timed: true,
    caseName: 'events',
    reading: 'ingest p99',
    max: 20,
    unit: 'ms',
  },
  {
    what: '500 readers at 50 events/s, p99',
    timed: true,
    caseName: 'events',
    reading: 'fan-out p99',
    max: 50,
    unit: 'ms',
  },
  { what: '500 readers at 50 events/s', caseName: 'events', reading: 'lost', max: 0, unit: 'lost', digits: 0 },
  { what: 'events to another instance, p99', timed: true, caseName: 'across', reading: 'p99', max: 100, unit: 'ms' },
  { what: 'events to another instance', caseName: 'across', reading: 'lost', max: 0, unit: 'lost', digits: 0 },
  {
    what: 'adoption of a legacy database',
    timed: true,
    caseName: 'operator-data',
    reading: 'adoption',
    max: 5,
    unit: 's',
  },
  {
    what: "the operator's slowest view, p99",
    timed: true,
    caseName: 'operator-data',
    reading: 'slowest view',
    max: 10,
    unit: 'ms',
  },
  {
    what: '/health beside maintenance, p99',
    timed: true,
    caseName: 'operator-data',
    reading: 'rise',
    max: 5,
    unit: 'ms more',
  },
  {
    what: '/livez while the database is locked',
    timed: true,
    caseName: 'locked',
    reading: 'livez',
    max: 50,
    unit: 'ms',
  },
  {
    what: '200 hostile connections, memory',
    caseName: 'hostile',
    reading: 'memory rise',
    max: 40,
    unit: 'MiB more',
    digits: 0,
  },
  { what: 'memory, idle', caseName: 'start', reading: 'memory', max: 90, unit: 'MiB', digits: 0 },
  { what: 'memory, under any load', caseName: '*', reading: 'memory', max: 256, unit: 'MiB', digits: 0 },
  { what: 'start on an existing database', timed: true, caseName: 'start', reading: 'ready', max: 1, unit: 's' },
  { what: 'growth of cost, against log n', caseName: 'growth', reading: 'against log n', max: 1, unit: 'x' },
  { what: 'object calls of a protected proxied GET', caseName: 'workerd', reading: 'object calls', max: 1, unit: '' },
  { what: 'worker bundle, gzip', caseName: 'workerd', reading: 'bundle', max: 450, unit: 'KiB', digits: 0 },
]

export const judge = (cases: readonly CaseResults[]): Verdict[] => promises.map((promise) => judgeOne(promise, cases))

/** Memory under any load is that of the hungriest case; every other promise has a case of its own. */
function judgeOne(promise: Promised, cases: readonly CaseResults[]): Verdict {
  const { what, caseName, reading, max, min = 0, unit, digits = 2 } = promise
  const promised = `${max === undefined ? `>= ${min}` : `<= ${max}`} ${unit}`.trim()
  const from = cases.filter(({ name, readings }) =>
    caseName === '*' ? name !== 'start' && readings[reading] !== undefined : name === caseName,
  )
  const worst = from.toSorted((a, b) => readingOf(b, reading) - readingOf(a, reading))[0]
  const found = worst?.readings[reading]
  if (!worst || !found || !Number.isFinite(found.value)) return { what, promised, found: 'not measured', kept: null }
  const failureCounts = !promise.timed || isQuiet(worst.conditions)
  const holds = (value: number) => (max === undefined ? value >= min : value <= max)
  const decides = !promise.paired || found.low !== null
  const kept = decides ? verdict(found, holds, failureCounts) : null
  return { what, promised, found: `${shown(found, digits)} ${unit}`.trim(), kept }
}

const readingOf = ({ readings }: CaseResults, name: string) => readings[name]?.value ?? Number.NEGATIVE_INFINITY

/** An interval decides where it lies on one side of the limit. */
function verdict(
  { value, low, high }: Estimate,
  holds: (value: number) => boolean,
  failureCounts: boolean,
): boolean | null {
  if (holds(low ?? value) !== holds(high ?? value)) return null
  return holds(value) || (failureCounts ? false : null)
}
