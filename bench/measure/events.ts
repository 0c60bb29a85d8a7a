/** What storing events costs, with and without a disk behind it, and how fast they reach many readers. */
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { openReaders } from '../load/event-readers.ts'
import { driveIngest, postSteadily } from '../load/ingest.ts'
import { cpuSecondsOf, residentMiBOf, watchMemory } from '../method/proc.ts'
import { figure, type Measured, single, type Table } from '../report/results.ts'
import type { Bench } from '../run-case.ts'
import { temporaryFolder } from '../targets/children.ts'
import { startGateway, type Target, token } from '../targets/targets.ts'

const headers = { 'x-vx11-token': token, 'content-type': 'application/json' }
const eventClients = 64
export const eventsPerSecond = 50
const batchOf = 500

/** Linux keeps /dev/shm in memory: what is written there is flushed at once. */
export async function measureEvents({ bundle, upstream, options }: Bench): Promise<Measured> {
  const memoryFolder = mkdtempSync('/dev/shm/bench-events-')
  const start = (folder: string) =>
    startGateway('gateway', bundle, upstream, { VX11_DATABASE_URL: `file:${join(folder, 'vx11.db')}` })
  const durable = await start(temporaryFolder())
  const inMemory = await start(memoryFolder)
  const rows: IngestRow[] = []
  for (const [where, target] of [['disk', durable] as const, ['memory', inMemory] as const])
    for (const batch of [1, batchOf]) rows.push({ where, ...(await ingest(target, batch, options)) })
  const fanOut = await measureFanOut(durable, options)
  await Promise.all([durable.stop(), inMemory.stop()])
  rmSync(memoryFolder, { recursive: true })
  const oneByOne = rows[0]
  return {
    method: `${options.seconds} s for each row; 500 events to a request over 4 clients`,
    tables: [ingestTable(rows), fanOut.table],
    readings: {
      ...{ ingest: single(oneByOne?.perSecond ?? Number.NaN), 'ingest p99': single(oneByOne?.p99Ms ?? Number.NaN) },
      ...fanOut.readings,
    },
  }
}

type IngestRow = Awaited<ReturnType<typeof ingest>> & { where: string }

async function ingest({ url, pid }: Target, batch: number, { seconds, warmUpSeconds }: Bench['options']) {
  const load = { url, headers, clients: batch === 1 ? eventClients : 4, batch }
  if (warmUpSeconds > 0) await driveIngest({ ...load, seconds: warmUpSeconds })
  const before = cpuSecondsOf(pid)
  const result = await driveIngest({ ...load, seconds })
  const after = cpuSecondsOf(pid)
  const cpuUs = ((after.user + after.system - before.user - before.system) * 1e6) / (result.perSecond * seconds)
  return { batch, clients: load.clients, cpuUs, ...result }
}

const ingestTable = (rows: readonly IngestRow[]): Table => ({
  head: ['events to a request', 'database', 'clients', 'CPU us/event', 'events/s', 'p50 ms', 'p99 ms'],
  rows: rows.map(({ batch, where, clients, cpuUs, perSecond, p50Ms, p99Ms }) => [
    ...[figure(batch), where, figure(clients), figure(cpuUs, 1), figure(perSecond), figure(p50Ms, 2), figure(p99Ms, 2)],
  ]),
})

async function measureFanOut({ url, pid }: Target, { streams, seconds }: Bench['options']) {
  const idleMiB = residentMiBOf(pid)
  const peak = watchMemory(pid)
  const readers = await openReaders(url, headers, streams)
  const posting = { url, headers, clients: 8, seconds: Math.max(1, seconds), perSecond: eventsPerSecond }
  const { events, lagP50Ms, lagP99Ms, lost } = await readers.finish(await postSteadily(posting))
  const peakMiB = peak()
  const head = ['readers', 'events/s', 'delivered', 'lag p50 ms', 'lag p99 ms', 'lost', 'idle MiB', 'peak MiB']
  const row = [streams, eventsPerSecond, events].map((count) => figure(count))
  const rows = [[...row, figure(lagP50Ms, 2), figure(lagP99Ms, 2), figure(lost), figure(idleMiB), figure(peakMiB)]]
  const readings = { 'fan-out p99': single(lagP99Ms), lost: single(lost), memory: single(peakMiB) }
  return { table: { head, rows }, readings }
}
