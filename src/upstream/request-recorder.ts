/** Stores proxied requests in `routing_events` for correlation timelines, in background batches. */
import { sql } from 'drizzle-orm'
import type { Database } from '../db/database.ts'
import { loggable } from '../db/failure.ts'
import { storedMoment } from '../lib/moment-forms.ts'
import type { Clock, Deps, Log, ProxiedRequest, RequestRecorder } from '../ports/index.ts'

interface RecorderOptions {
  clock: Clock
  log: Log
  database: Database
  metrics: Pick<Deps['metrics'], 'requestsNotRecorded'>
  /** Lets a write continue after the request. */
  background: Deps['background']
}

/** Further requests are counted but not stored; callers never wait for a record. */
export const maxWaiting = 2000
const gatherMs = 1000
const batchSize = 200
/** On workerd a flush may end with the request that started it. */
const flushTimeoutMs = 10_000

/** The route type that distinguishes these rows from switch's own decisions. */
export const proxiedRouteType = 'proxy'

export function requestRecorder(options: RecorderOptions): RequestRecorder {
  const { clock, log, database, metrics, background } = options
  const waiting: ProxiedRequest[] = []
  let flushBegan = Number.NEGATIVE_INFINITY

  async function flush(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, batchSize)
      await insert(database, batch).catch((error: Error) => {
        metrics.requestsNotRecorded(batch.length)
        log.warn('requests_not_recorded', { count: batch.length, reason: loggable(error).message })
      })
    }
  }

  async function gatherAndFlush(): Promise<void> {
    await clock.sleep(gatherMs)
    flushBegan = Number.NEGATIVE_INFINITY
    await flush()
  }

  return {
    record(request) {
      if (waiting.length >= maxWaiting) return metrics.requestsNotRecorded(1)
      waiting.push(request)
      if (clock.monotonic() - flushBegan < flushTimeoutMs) return
      flushBegan = clock.monotonic()
      background(gatherAndFlush())
    },
    flush,
  }
}

/** All rows in one parameter, because D1 allows a hundred. */
async function insert(database: Database, requests: readonly ProxiedRequest[]): Promise<void> {
  const rows = requests.map(({ at, correlationId, upstream, method, route, status, durationMs }) => [
    storedMoment(at),
    correlationId,
    upstream,
    `${method} ${route} ${status} ${Math.round(durationMs)} ms`.slice(0, maxReasonLength),
  ])
  await database.open().run(sql`
    insert into routing_events (timestamp, trace_id, route_type, provider_id, score, reasoning_short)
    select value->>0, value->>1, ${proxiedRouteType}, value->>2, null, value->>3 from json_each(${JSON.stringify(rows)})`)
}

const maxReasonLength = 255
