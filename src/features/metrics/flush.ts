/** Stores the gateway's own measurements once a minute; buffers the last hour of them while the database is unavailable. */
import { onDatabase } from '../../db/database-timeout.ts'
import type { PowerPolicy } from '../../modules/power/power-policy.ts'
import type { Deps } from '../../ports/index.ts'
import type { Minute, Recorder } from './recorder.ts'
import { type Measurement, type SeriesName, writeMeasurements } from './store.ts'

export interface FlushDeps
  extends Pick<Deps, 'config' | 'clock' | 'database' | 'instance' | 'log' | 'random' | 'vitals'> {
  policy: Pick<PowerPolicy, 'read'>
  recorder: Pick<Recorder, 'take'>
  events: Pick<Deps['events'], 'waiting'>
}

/** Never rejects; does nothing within a minute of the last call. */
export type Flush = () => Promise<void>

/** Slightly under a minute, because timers are not exact. */
const minIntervalMs = 55_000
const maxKept = 600

type Reading = [name: SeriesName, value: number, dimensions?: Record<string, string | number>]

export function metricsFlush(deps: FlushDeps): Flush {
  const { config, clock } = deps
  let waiting: Measurement[] = []
  let measuredAt = clock.monotonic()

  return async function flush() {
    const elapsedMs = clock.monotonic() - measuredAt
    if (!config.features.metrics || elapsedMs < minIntervalMs) return
    measuredAt = clock.monotonic()
    const minute = deps.recorder.take()
    const readings = [...requestReadings(minute, elapsedMs), ...ownReadings(deps), ...(await windowReadings(deps))]
    waiting = [...waiting, ...readings.map((reading) => measurement(deps, reading))].slice(-maxKept)
    const batch = new Set(waiting)
    const isWritten = await onDatabase(deps, (db) => writeMeasurements(db, [...batch], clock.now())).then(
      () => true,
      () => false,
    )
    if (isWritten) waiting = waiting.filter((each) => !batch.has(each))
  }
}

function measurement({ clock, random, instance }: FlushDeps, [name, value, dimensions]: Reading): Measurement {
  const id = `met_${random.uuid().slice(-12)}`
  return { id, atMs: clock.now(), name, value, dimensions: { instance, ...dimensions } }
}

/** No latency readings for a minute without requests. */
function requestReadings({ latencies, chats }: Minute, elapsedMs: number): Reading[] {
  const quantiles = [50, 95, 99].flatMap((p): Reading[] => {
    const value = latencies.percentile(p)
    if (value === null) return []
    return [['latency_ms', round(value), { quantile: `p${p}`, requests: latencies.count }]]
  })
  return [...quantiles, ['chat_throughput', round((chats * 60_000) / elapsedMs)]]
}

function ownReadings({ vitals, events }: FlushDeps): Reading[] {
  const readings: Reading[] = []
  if (vitals) readings.push(['cpu_percent', round(vitals.cpuPercent())], ['ram_gib', round(vitals.ramGib())])
  if (events.waiting) readings.push(['event_backlog', events.waiting()])
  return readings
}

/** None for a window without a deadline, or while madre's state is unknown. */
async function windowReadings({ policy, clock }: FlushDeps): Promise<Reading[]> {
  const { state, degraded } = await policy.read()
  const endsAtMs = state.window?.endsAtMs ?? null
  if (degraded || endsAtMs === null) return []
  return [['window_ttl', Math.max(0, Math.floor((endsAtMs - clock.now()) / 1000))]]
}

const round = (value: number) => Math.round(value * 1000) / 1000
