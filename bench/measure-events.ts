/** What storing events costs, with and without a disk behind it, and how fast they reach many readers. */
import { openReaders } from './load/event-readers.ts'
import { driveIngest, postSteadily } from './load/ingest.ts'
import type { Options } from './options.ts'
import { residentMiBOf, watchMemory } from './proc.ts'
import type { EventsResults, IngestRow } from './results.ts'
import { type Target, token } from './targets.ts'

const headers = { 'x-vx11-token': token, 'content-type': 'application/json' }
export const eventClients = 64
export const eventsPerSecond = 50
const batchOf = 500

/** `durable` has its database on the disk, `inMemory` where a flush costs nothing. */
export async function measureEvents(durable: Target, inMemory: Target, options: Options): Promise<Measured> {
  const ingest: IngestRow[] = []
  for (const [where, target] of [
    ['disk', durable],
    ['memory', inMemory],
  ] as const) {
    for (const batch of [1, batchOf]) {
      const load = { url: target.url, headers, clients: batch === 1 ? eventClients : 4, batch }
      if (options.warmUpSeconds > 0) await driveIngest({ ...load, seconds: options.warmUpSeconds })
      ingest.push({
        where,
        batch,
        clients: load.clients,
        ...(await driveIngest({ ...load, seconds: options.seconds })),
      })
    }
  }
  return { ingest, fanOut: await measureFanOut(durable, options) }
}

type Measured = Pick<EventsResults, 'ingest' | 'fanOut'>

async function measureFanOut({ url, pid }: Target, { streams, seconds }: Options): Promise<EventsResults['fanOut']> {
  const idleMiB = residentMiBOf(pid)
  const peak = watchMemory(pid)
  const readers = await openReaders(url, headers, streams)
  const posted = await postSteadily({ url, headers, clients: 8, seconds, perSecond: eventsPerSecond })
  return { readers: streams, perSecond: eventsPerSecond, ...(await readers.finish(posted)), idleMiB, peakMiB: peak() }
}
