/** What two readings of the meters, one after the other, say of the time between them. Kept while the page is open. */
import { signal } from '@preact/signals'
import { send } from '../../core/api.ts'
import { problemOf } from '../../core/problem.ts'
import { one, parseExposition, type Sample, sum } from './exposition.ts'

export interface Tick {
  /** Epoch seconds. */
  at: number
  requests: number | null
  errors: number | null
  p50: number | null
  p95: number | null
  p99: number | null
  refused: number | null
  inFlight: number
  loopMs: number | null
  memory: number | null
}

const kept = 900
const duration = 'vx11_http_request_duration_seconds'

export const ticks = signal<readonly Tick[]>([])
let last: { at: number; samples: readonly Sample[] } | null = null

export async function readMeters(): Promise<readonly Sample[]> {
  const response = await send('metrics')
  if (!response.ok) throw await problemOf(response)
  const samples = parseExposition(await response.text())
  const at = Date.now() / 1000
  ticks.value = [...ticks.value.slice(-kept), tickOf(at, samples)]
  last = { at, samples }
  return samples
}

function tickOf(at: number, samples: readonly Sample[]): Tick {
  const loop = one(samples, 'nodejs_eventloop_lag_mean_seconds')
  return {
    at,
    ...rates(at, samples),
    inFlight: sum(samples, 'vx11_upstream_in_flight'),
    loopMs: loop === null ? null : loop * 1000,
    memory: one(samples, 'process_resident_memory_bytes'),
  }
}

const unknown = { requests: null, errors: null, p50: null, p95: null, p99: null, refused: null }

/** Null behind a restart: counters then begin anew. */
function rates(at: number, samples: readonly Sample[]) {
  if (!last) return unknown
  const before = last.samples
  const seconds = Math.max(0.001, at - last.at)
  const grown = (name: string, keep?: (labels: Sample['labels']) => boolean) =>
    sum(samples, name, keep) - sum(before, name, keep)
  const requests = grown(`${duration}_count`)
  if (requests < 0) return unknown
  const failed = grown(`${duration}_count`, ({ status }) => (status ?? '').startsWith('5'))
  const quantile = quantiles(before, samples)
  return {
    requests: requests / seconds,
    errors: failed / seconds,
    refused: grown('vx11_rate_limit_rejections_total') / seconds,
    p50: quantile(0.5),
    p95: quantile(0.95),
    p99: quantile(0.99),
  }
}

/** Of the requests between two readings, by linear interpolation inside a bucket, in ms. */
export function quantiles(
  before: readonly Sample[],
  after: readonly Sample[],
  keep: (labels: Sample['labels']) => boolean = () => true,
  histogram = duration,
) {
  const byLimit = (samples: readonly Sample[]) => {
    const limits = new Map<number, number>()
    for (const { name, labels, value } of samples) {
      if (name !== `${histogram}_bucket` || !keep(labels)) continue
      const limit = labels.le === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels.le)
      limits.set(limit, (limits.get(limit) ?? 0) + value)
    }
    return limits
  }
  const [then, now] = [byLimit(before), byLimit(after)]
  const buckets = [...now]
    .map(([limit, count]) => [limit, count - (then.get(limit) ?? 0)] as const)
    .sort(([a], [b]) => a - b)
  const total = buckets.at(-1)?.[1] ?? 0
  return (quantile: number): number | null => {
    if (total <= 0) return null
    let [floor, below] = [0, 0]
    for (const [limit, count] of buckets) {
      if (count >= quantile * total) {
        if (limit === Number.POSITIVE_INFINITY) return floor * 1000
        return (floor + (limit - floor) * ((quantile * total - below) / Math.max(1e-9, count - below))) * 1000
      }
      ;[floor, below] = [limit, count]
    }
    return floor * 1000
  }
}
