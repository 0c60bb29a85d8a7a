/** What a request costs against how much of something there already is: nothing may grow faster than log n. */
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { memoryLimiter } from '../../src/adapters/memory/limiter.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { openReaders } from '../load/event-readers.ts'
import { connections, type Load } from '../load/http.ts'
import { postBatch } from '../load/ingest.ts'
import { measureRounds } from '../method/rounds.ts'
import { type Estimate, median, pairedRatio, relativeWidth } from '../method/stats.ts'
import { figure, type Line, type Measured, shown } from '../report/results.ts'
import type { Bench } from '../run-case.ts'
import { outputOf, temporaryFolder } from '../targets/children.ts'
import { startGateway, type Target, token } from '../targets/targets.ts'
import { measureSlice, sureBelow, warmUp } from './load.ts'

/** Something that costs, at one size. */
interface Subject {
  /** Microseconds of processor time for one operation. */
  run(): Promise<number>
  stop(): Promise<void>
}

interface Axis {
  name: string
  operation: string
  sizes: readonly number[]
  /** Taken with --large only. */
  large: readonly number[]
  /** What keeps it from growing further, in a word. */
  bound: string
  prepare(bench: Bench, size: number): Promise<Subject>
}

const headers = { 'x-vx11-token': token, 'content-type': 'application/json' }
/** Of each axis at most; a size more makes a round longer. */
const roundsOfAxis = 16

const axes: readonly Axis[] = [
  {
    ...{ name: 'keys in the limiter', operation: 'one take', bound: '100 000 keys', prepare: limiterOf },
    ...{ sizes: [1, 1000, 100_000, 1_000_000], large: [] },
  },
  {
    ...{ name: 'principals', operation: 'proxied GET, 1 KB', bound: '128 KiB of VX11_TOKENS', prepare: withPrincipals },
    ...{ sizes: [1, 30, 900], large: [] },
  },
  {
    ...{ name: 'upstreams', operation: 'proxied GET, 1 KB', bound: 'the nine of VX11', prepare: withUpstreams },
    ...{ sizes: [1, 9], large: [] },
  },
  {
    ...{
      name: 'idle event streams',
      operation: 'proxied GET, 1 KB',
      bound: 'VX11_EVENT_STREAMS',
      prepare: withStreams,
    },
    ...{ sizes: [0, 1000], large: [10_000] },
  },
  {
    ...{ name: 'events stored', operation: 'the newest 50 events', bound: 'retention', prepare: withEvents },
    ...{ sizes: [10_000, 100_000, 1_000_000], large: [10_000_000] },
  },
]

export async function measureGrowth(bench: Bench): Promise<Measured> {
  const found: Found[] = []
  for (const axis of axes) found.push(await measureAxis(bench, axis))
  const worst = found.toSorted((a, b) => b.againstLog.value - a.againstLog.value)[0]
  return {
    method: `slices of ${bench.options.seconds} s in turn, up to ${roundsOfAxis} rounds for each of them`,
    tables: [
      {
        head: ['against', 'what is asked', 'bounded by', 'n', 'CPU us', 'multiple of the first'],
        rows: found.flatMap(({ rows }) => rows),
      },
    ],
    readings: worst ? { 'against log n': worst.againstLog } : {},
    lines: found.map(({ line }) => line),
  }
}

interface Found {
  rows: string[][]
  line: Line
  /** How often the cost multiplied from the first size to the last, as a multiple of what log n did. */
  againstLog: Estimate
}

async function measureAxis(bench: Bench, axis: Axis): Promise<Found> {
  const sizes = [...axis.sizes, ...(bench.options.large ? axis.large : [])]
  const subjects: { size: number; subject: Subject }[] = []
  for (const size of sizes) subjects.push({ size, subject: await axis.prepare(bench, size) })
  const contenders = subjects.map(({ size, subject }) => ({ name: String(size), run: () => subject.run() }))
  const first = String(sizes[0])
  const ratio = (slices: Map<string, number[]>, size: number) =>
    pairedRatio(slices.get(String(size)) ?? [], slices.get(first) ?? [])
  const { slices } = await measureRounds(
    contenders,
    { ...bench.limits, rounds: Math.min(roundsOfAxis, bench.limits.rounds) },
    (taken) => sizes.slice(1).every((size) => relativeWidth(ratio(taken, size)) < sureBelow),
  )
  for (const { subject } of subjects) await subject.stop()
  const points = sizes.map((size) => ({ n: size, value: ratio(slices, size).value }))
  const rows = sizes.map((size, index) => [
    ...(index === 0 ? [axis.name, axis.operation, axis.bound] : ['', '', '']),
    ...[
      String(size),
      figure(median(slices.get(String(size)) ?? []), 2),
      index === 0 ? '-' : shown(ratio(slices, size)),
    ],
  ])
  const [from, to] = [sizes[0] ?? 0, sizes.at(-1) ?? 0]
  const allowed = Math.log2(to + 2) / Math.log2(from + 2)
  const multiple = ratio(slices, to)
  const scaled = (value: number | null) => (value === null ? null : value / allowed)
  const againstLog = { value: multiple.value / allowed, low: scaled(multiple.low), high: scaled(multiple.high) }
  return { rows, line: { name: axis.name, points }, againstLog }
}

/** The real one, in this process: a million addresses take too long to come from outside. */
async function limiterOf(_: Bench, keys: number): Promise<Subject> {
  const limiter = memoryLimiter(systemClock())
  const rule = { name: 'bench', limit: 1_000_000_000, windowMs: 60_000 }
  const names = Array.from({ length: keys }, (_unused, n) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`)
  for (const name of names) await limiter.take(name, rule)
  const takes = 200_000
  let next = 0
  const run = async () => {
    const before = process.cpuUsage()
    for (let n = 0; n < takes; n++) {
      // Over all keys in leaps, so that no cache holds the next one.
      next = (next + 7919) % keys
      limiter.take(names[next] ?? '', rule)
    }
    const { user, system } = process.cpuUsage(before)
    return (user + system) / takes
  }
  await run()
  return { run, stop: async () => {} }
}

async function withPrincipals(bench: Bench, count: number): Promise<Subject> {
  const list = Array.from({ length: count }, (_, n) => ({ name: `p${n}`, token: tokenOf(n), scopes: ['shub'] }))
  const gateway = await start(bench, { VX11_TOKENS: JSON.stringify(list) })
  return gatewaySubject(bench, gateway, '/shub/1k', { 'x-vx11-token': tokenOf(count - 1) })
}

const tokenOf = (n: number) => `bench-token-of-principal-${String(n).padStart(8, '0')}`

async function withUpstreams(bench: Bench, count: number): Promise<Subject> {
  const names = ['SWITCH', 'HERMES', 'HORMIGUERO', 'MANIFESTATOR', 'MCP', 'SPAWNER', 'OPERATOR', 'MADRE']
  const more = names.slice(0, count - 1).map((name) => [`${name}_URL`, bench.upstream.url])
  return gatewaySubject(bench, await start(bench, Object.fromEntries(more)), '/shub/1k')
}

async function withStreams(bench: Bench, count: number): Promise<Subject> {
  const gateway = await start(bench, { VX11_EVENT_STREAMS: '20000' })
  const readers = await openReaders(gateway.url, headers, count)
  const { run, stop } = await gatewaySubject(bench, gateway, '/shub/1k')
  return { run, stop: async () => void (await Promise.all([readers.finish(0), stop()])) }
}

async function withEvents(bench: Bench, count: number): Promise<Subject> {
  const folder = temporaryFolder()
  const file = join(folder, 'vx11.db')
  const env = { VX11_DATABASE_URL: `file:${file}`, VX11_DATA_DIR: join(folder, 'data') }
  mkdirSync(env.VX11_DATA_DIR)
  const seeding = await start(bench, env)
  for (let batch = 0; batch < 10; batch++) await postBatch({ url: seeding.url, headers, batch: 500 }, batch)
  await seeding.stop()
  copyEvents(file, count)
  // Else the gateway would begin the weekly run by itself.
  const command = join(dirname(bench.bundle.script), 'tentaculo.js')
  await outputOf(process.execPath, [command, 'db', 'maintain', '--plan'], { cwd: bench.bundle.folder, env })
  return gatewaySubject(bench, await start(bench, env), '/operator/api/events?limit=50')
}

/** Doubles what the gateway wrote until there are that many, each under the next id. */
function copyEvents(file: string, count: number): void {
  const database = new DatabaseSync(file)
  const stored = () => Number(database.prepare('SELECT max(id) AS id FROM events').get()?.id)
  database.exec('PRAGMA synchronous = OFF')
  for (let last = stored(); last < count; last = stored()) {
    const from = Math.max(0, 2 * last - count)
    database.exec(`BEGIN;
      INSERT INTO operator_events
        SELECT printf('evt_%012x', e.id + ${last - from}), o.ts, o.event_type, o.severity, o.module, o.correlation_id, o.summary, o.payload_json
        FROM events e JOIN operator_events o ON o.event_id = printf('evt_%012x', e.id) WHERE e.id > ${from};
      INSERT INTO events SELECT id + ${last - from}, source, event_type, payload, created_at FROM events WHERE id > ${from};
      COMMIT;`)
  }
  database.close()
}

const start = (bench: Bench, env: Readonly<Record<string, string>>): Promise<Target> =>
  startGateway('gateway', bench.bundle, bench.upstream, env)

async function gatewaySubject(
  { options }: Bench,
  gateway: Target,
  path: string,
  sent: Readonly<Record<string, string>> = { 'x-vx11-token': token },
): Promise<Subject> {
  const load: Load = {
    ...{ url: gateway.url + path, method: 'GET', headers: sent, bodyBytes: 0, newAddresses: false, connections },
    ...{ seconds: options.seconds, perSecond: null },
  }
  await warmUp(gateway, load, 200, options.warmUpSeconds)
  return { run: async () => (await measureSlice(gateway, load, 200, options.leadInSeconds)).cpuUs, stop: gateway.stop }
}
