/**
 * Readers of a long history on a database file: one over READER_EVENTS (1 000 000) events, then READERS (50) at once, with
 * and without filters, for READER_SECONDS (30), beside ingest. The event loop stays free, memory bounded, ingest goes on.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { driveIngest } from '../../bench/load/ingest.ts'
import { migrateDatabase } from '../../src/adapters/libsql/migration/migrate.ts'
import { type FastReader, fastReader, seedEvents } from '../support/event-readers.ts'
import { watchMemory } from '../support/faults/vitals.ts'
import { type Gateway, startNodeGateway, token } from '../support/gateways.ts'
import { startAskingThread, type Took } from './asking-thread.ts'

const events = Number(process.env.READER_EVENTS ?? 1_000_000)
const readers = Number(process.env.READERS ?? 50)
const seconds = Number(process.env.READER_SECONDS ?? 30)
const headers = { 'x-vx11-token': token }

let folder: string
let gateway: Gateway
let asking: Awaited<ReturnType<typeof startAskingThread>>
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'readers-prove-'))
  const path = join(folder, 'vx11.db')
  await migrateDatabase({ url: `file:${path}` })
  await seedEvents(path, events, 'seed')
  asking = await startAskingThread()
  gateway = await startNodeGateway({
    SHUB_URL: asking.upstreamUrl,
    VX11_DATABASE_URL: `file:${path}`,
    VX11_RATE_LIMIT_ENABLED: 'false',
    LOG_LEVEL: 'warn',
    VX11_EVENT_STREAMS: String(readers * 4),
    NODE_OPTIONS: `--import=${new URL('in-process/held-loop.ts', import.meta.url).href}`,
  })
  asking.ask({ url: gateway.url, paths: ['/livez', '/shub/ok'], headers })
}, 600_000)
afterAll(async () => {
  await Promise.all([gateway?.stop(), asking?.stop()])
  await rm(folder, { recursive: true, force: true })
})

const tell = (words: string) => process.stdout.write(`${words}\n`)
const load = () => `load ${loadavg()[0]?.toFixed(1)}`

/** The most processor time that the gateway's event loop was held for since it was last asked. */
async function heldMs(): Promise<number> {
  const readings = () => [...gateway.output().matchAll(/held_ms=([\d.]+);/g)].map(([, ms]) => Number(ms))
  const before = readings().length
  gateway.process.kill('SIGUSR2')
  await expect.poll(() => readings().length).toBe(before + 1)
  return readings().at(-1) ?? Number.NaN
}

interface Watched {
  livez: Took
  proxied: Took
  heldMs: number
  mostMiB: number
}

async function watched(work: () => Promise<unknown>): Promise<Watched> {
  const memory = await watchMemory(gateway)
  await heldMs()
  await asking.read()
  await work()
  const [livez, proxied] = (await asking.read()) as [Took, Took]
  return { livez, proxied, heldMs: await heldMs(), mostMiB: memory.stop().max }
}

const shownTook = (what: string, { medianMs, p99Ms, maxMs }: Took) =>
  `${what} median ${medianMs.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)}, at most ${maxMs.toFixed(1)}`

const shown = ({ livez, proxied, heldMs, mostMiB }: Watched) =>
  `${shownTook('/livez', livez)}; ${shownTook('proxied', proxied)}; loop held for ${heldMs.toFixed(1)} ms of processor time ` +
  `at most; ${mostMiB.toFixed(0)} MiB at most; ${load()}`

const ingest = (forSeconds: number) =>
  driveIngest({ url: gateway.url, headers, clients: 64, seconds: forSeconds, batch: 1 })

function holds({ heldMs, mostMiB }: Watched) {
  expect(heldMs).toBeLessThan(100)
  expect(mostMiB).toBeLessThan(256)
}

describe(`readers of ${events} events`, () => {
  it('shows what is asked beside them at rest, and beside ingest alone', async () => {
    tell(`at rest: ${shown(await watched(() => wait(seconds * 1000)))}`)
    tell(`beside ingest alone: ${shown(await watched(() => ingest(seconds)))}`)
  })

  it('reads them all, once and in order, and holds nobody up', async () => {
    const startedAt = performance.now()
    const reader = fastReader(gateway.url, 'last_event_id=0', headers)
    const measured = await watched(async () => {
      while (reader.last() < events && reader.status() !== 503) await wait(20)
    })
    const tookS = (performance.now() - startedAt) / 1000
    reader.leave()
    tell(`one reader: ${events} events in ${tookS.toFixed(1)} s; ${shown(measured)}`)
    // What the gateway says itself comes behind them.
    expect(reader.gapless()).toBe(true)
    expect(reader.count()).toBeGreaterThanOrEqual(events)
    holds(measured)
  })

  it.each([
    ['of everything', () => 'last_event_id=0'],
    // Whose pages differ, so that none can be shared.
    [
      'of everything from different ids on',
      (nth: number) => `last_event_id=${Math.floor((nth * events) / readers / 2)}`,
    ],
    ['of a filter that keeps nothing', () => 'last_event_id=0&type=none'],
    ['of a severity', () => 'last_event_id=0&severity=info'],
    ['of a severity that no event has', () => 'last_event_id=0&severity=critical'],
  ])(`lets ${readers} at once, %s, not starve ingest`, async (what, query) => {
    const before = await ingest(seconds / 3)
    const all: FastReader[] = []
    let during = before
    const measured = await watched(async () => {
      for (let count = 0; count < readers; count++) all.push(fastReader(gateway.url, query(count), headers))
      during = await ingest(seconds)
    })
    const read = all.reduce((sum, reader) => sum + reader.count(), 0)
    for (const reader of all) reader.leave()
    const after = await ingest(seconds / 3)
    const atRest = (before.perSecond + after.perSecond) / 2
    tell(
      `${readers} readers, ${what}: ${(read / seconds).toFixed(0)} events/s read; ingest ${before.perSecond.toFixed(0)} and ${after.perSecond.toFixed(0)}/s without them, ` +
        `${during.perSecond.toFixed(0)}/s beside them, p99 ${during.p99Ms.toFixed(0)} ms; ${shown(measured)}`,
    )
    expect(all.map((reader) => reader.status())).toEqual(all.map(() => 200))
    if (what === 'of everything') expect(all.every((reader) => reader.gapless())).toBe(true)
    if (!what.includes('no event') && !what.includes('nothing'))
      expect(all.every((reader) => reader.count() > 0)).toBe(true)
    holds(measured)
    expect(during.perSecond).toBeGreaterThan(atRest / 2)
  })
})
