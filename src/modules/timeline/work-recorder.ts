/** Stores finished work in `routing_events` for timelines, in background batches. */
import { sql } from 'drizzle-orm'
import type { Config } from '../../config/config.ts'
import type { Database } from '../../db/database.ts'
import { loggable } from '../../db/failure.ts'
import type { Clock, Deps, Log, RecordedWork, WorkRecorder } from '../../ports/index.ts'
import { type WorkRow, workRows } from './work-rows.ts'

interface RecorderOptions {
  clock: Clock
  config: Pick<Config, 'timeline'>
  log: Log
  database: Database
  metrics: Pick<Deps['metrics'], 'requestsNotRecorded'>
  /** Lets a write continue after the request. */
  background: Deps['background']
}

/** Further records are counted but not stored; callers never wait for a record. */
export const maxWaiting = 2000
const gatherMs = 1000
const batchSize = 200
/** On workerd a flush may end with the request that started it. */
const flushTimeoutMs = 10_000

export function workRecorder(options: RecorderOptions): WorkRecorder {
  const { clock, config, log, database, metrics, background } = options
  const waiting: RecordedWork[] = []
  let flushBegan = Number.NEGATIVE_INFINITY

  async function flush(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, batchSize)
      await insert(database, workRows(batch, config.timeline.slowMs)).catch((error: Error) => {
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
    record(work) {
      if (waiting.length >= maxWaiting) return metrics.requestsNotRecorded(1)
      waiting.push(work)
      if (clock.monotonic() - flushBegan < flushTimeoutMs) return
      flushBegan = clock.monotonic()
      background(gatherAndFlush())
    },
    flush,
  }
}

/** All rows in one parameter, because D1 allows a hundred. */
async function insert(database: Database, rows: readonly WorkRow[]): Promise<void> {
  await database.open().run(sql`
    insert into routing_events (timestamp, trace_id, route_type, provider_id, score, reasoning_short)
    select value->>0, value->>1, value->>2, value->>3, value->>4, value->>5 from json_each(${JSON.stringify(rows)})`)
}
