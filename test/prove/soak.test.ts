/**
 * The real Node entry under a steady load with 1 % faults of every kind, while its wall clock jumps: it holds no more at
 * the end than after a warm-up of four minutes. SOAK_SECONDS (600) and SOAK_RATE (300 requests per second) shorten it.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type FaultUpstream, startFaultUpstream } from '../support/fault-upstream.ts'
import { brokenConnections } from '../support/faults/broken-connections.ts'
import { readVitals, type Vitals } from '../support/faults/vitals.ts'
import { wrongAnswers } from '../support/faults/wrong-answers.ts'
import { freePort } from '../support/free-port.ts'
import { type Gateway, startNodeGateway, token } from '../support/gateways.ts'
import { type HeapUse, type LiveHeap, liveHeap } from './live-heap.ts'
import { type Answered, type Asked, steadyLoad } from './load.ts'
import { type Sample, type Trend, trendOf } from './trend.ts'

const seconds = Number(process.env.SOAK_SECONDS ?? 600)
const perSecond = Number(process.env.SOAK_RATE ?? 300)
const faults = [...Object.keys(brokenConnections), ...Object.keys(wrongAnswers)]
const deadlineMs = 1000
const preloads = ['feedback-at-once', 'clock-jumps'].map(
  (name) => `--import=${new URL(`in-process/${name}.ts`, import.meta.url).href}`,
)

/** V8 grows its heap to its working size, and every jump of the clock, with the jobs that it sets off, has come twice. */
const warmUpSeconds = 255
const measuredSeconds = seconds
const windowSeconds = Math.max(2, measuredSeconds / 45)
const allowedPerHour = 1
/** Two readings of the same heap at rest lie that far apart: compiled code, inline caches, pooled buffers. */
const readingErrorMiB = 0.5

let gateway: Gateway
let upstream: FaultUpstream
let heapOf: LiveHeap
beforeAll(async () => {
  const inspectorPort = await freePort()
  upstream = await startFaultUpstream({ forgets: true })
  gateway = await startNodeGateway({
    SHUB_URL: upstream.url,
    VX11_RATE_LIMIT_ENABLED: 'false',
    VX11_BREAKER_FAILURES: '1000',
    // The test keeps what the gateway writes, and would be what grows.
    LOG_LEVEL: 'warn',
    NODE_OPTIONS: [`--inspect=127.0.0.1:${inspectorPort}`, ...preloads].join(' '),
  })
  heapOf = await liveHeap(inspectorPort)
})
afterAll(async () => {
  heapOf?.close()
  await Promise.all([gateway?.stop(), upstream?.close()])
})

it(`holds steady for ${seconds} s at ${perSecond} requests/s with 1 % faults`, async () => {
  const headers = { 'x-vx11-token': token, 'x-vx11-deadline-ms': String(deadlineMs) }
  /** One request in `every` goes wrong, each time in another way. */
  const askFaulty =
    (every: number) =>
    (index: number): Asked => {
      const fault = index % every === every - 1 ? faults[Math.floor(index / every) % faults.length] : undefined
      return fault === undefined
        ? { path: '/shub/ok', headers }
        : { path: `/shub/fault/${fault}`, headers, stopAfterBytes: 65_536 }
    }
  const tally = { ok: 0, faults: 0, wrong: new Map<string, number>() }
  const answered = (answer: Answered) => {
    if (answer.path !== '/shub/ok') tally.faults++
    else if (answer.status === 200 && answer.whole) tally.ok++
    const isWrong = answer.path === '/shub/ok' ? answer.status !== 200 || !answer.whole : answer.status === 500
    if (!isWrong && answer.tookMs < deadlineMs + 1500) return
    const kind = `${answer.path} ${answer.status} ${answer.error ?? ''} ${answer.tookMs > deadlineMs + 1500 ? 'late' : ''}`
    tally.wrong.set(kind, (tally.wrong.get(kind) ?? 0) + 1)
  }

  // Every fault several times, so that what each loads or compiles once is there before the first reading.
  await steadyLoad({ url: gateway.url, perSecond, seconds: warmUpSeconds, ask: askFaulty(10), answered })
  const heapBefore = await heapAtRest()
  const before = await readVitals(gateway)
  const startedAt = performance.now()
  const now = () => (performance.now() - startedAt) / 1000
  const vitals: (Vitals & { seconds: number })[] = []
  const heaps: Sample[] = []
  const sampling = setInterval(async () => {
    const sample = await readVitals(gateway).catch(() => null)
    if (sample) vitals.push({ ...sample, seconds: now() })
  }, 500)
  const collecting = setInterval(
    async () => heaps.push({ value: (await heapOf.read()).data, seconds: now() }),
    windowSeconds * 1000,
  )
  const counts = await steadyLoad({
    url: gateway.url,
    perSecond,
    seconds: measuredSeconds,
    ask: askFaulty(100),
    answered,
  })
  clearInterval(sampling)
  clearInterval(collecting)

  const underLoad = (sample: { seconds: number }) => sample.seconds < measuredSeconds
  const heap = trendOf(heaps.filter(underLoad), windowSeconds)
  const residents = vitals.filter(underLoad).map(({ seconds, residentMiB }) => ({ seconds, value: residentMiB }))
  const resident = trendOf(residents, windowSeconds)
  const most = (key: keyof Vitals) => Math.max(...vitals.map((sample) => sample[key])).toFixed(0)
  const shown = ({ perHour, low, high, windows }: Trend) =>
    `${perHour.toFixed(1)} MiB/hour (95 %: ${low.toFixed(1)} to ${high.toFixed(1)}, ${windows} windows)`
  const heapAfter = await heapAtRest()
  process.stdout.write(
    [
      `sent ${counts.sent}, skipped ${counts.skipped}, right ${tally.ok}, faults ${tally.faults}, wrong ${JSON.stringify([...tally.wrong])}`,
      `at most: resident ${most('residentMiB')} MiB, heap ${most('heapMiB')} MiB, fds ${most('fds')}, sockets ${most('sockets')}`,
      `resident memory: ${shown(resident)}`,
      `heap after collection: ${shown(heap)}`,
      `heap at rest: ${heapBefore.data.toFixed(2)} MiB before, ${heapAfter.data.toFixed(2)} MiB after; of code ${heapBefore.code.toFixed(2)} and ${heapAfter.code.toFixed(2)}`,
      '',
    ].join('\n'),
  )

  const keys = ['fds', 'sockets', 'timers', 'resources'] as const
  const grown = async () => {
    const after = await readVitals(gateway)
    return Object.fromEntries(keys.map((key) => [key, after[key] - before[key]]).filter(([, more]) => Number(more) > 2))
  }
  await expect.poll(grown, { timeout: 90_000, interval: 1000 }).toEqual({})
  await expect.poll(() => upstream.openConnections(), { timeout: 30_000, interval: 500 }).toBeLessThanOrEqual(2)
  // A leak shows in both: a slope that is surely above nothing, and what is still there at rest.
  expect(heap.low, `heap grows under load by ${shown(heap)}`).toBeLessThan(allowedPerHour)
  const allowed = (allowedPerHour * measuredSeconds) / 3600 + readingErrorMiB
  expect(heapAfter.data - heapBefore.data, 'heap at rest, MiB more than before').toBeLessThan(allowed)
  // Last, since a machine that is busy with other things makes answers late and refuses some.
  expect([...tally.wrong]).toEqual([])
})

/** With nothing under way, and the idle connections to the upstream closed. */
async function heapAtRest(): Promise<HeapUse> {
  await wait(6000)
  const readings = [await heapOf.read(), await heapOf.read(), await heapOf.read()]
  return readings.toSorted((one, other) => one.data - other.data)[0] as HeapUse
}
