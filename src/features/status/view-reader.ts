/** Reads the state for a view: where it may be stale, the last reading at once while a new one is measured. */
import type { Context } from 'hono'
import { singleFlight } from '../../lib/single-flight.ts'
import type { AppEnv, Deps } from '../../ports/index.ts'
import type { Reading, ReadState } from './reading.ts'

type ViewReaderDeps = Pick<Deps, 'background' | 'clock' | 'config' | 'metrics'> & { readState: ReadState }

/** A caller that accepts only younger readings waits for one. */
export type ReadView = (c: Context<AppEnv>, acceptedMs?: number) => Promise<Reading>

/** A reading as young as the youngest of its parts is not measured again. */
const freshMs = 2000
/** Longer than a reading takes. */
const timeoutMs = 3000

export function viewReader(deps: ViewReaderDeps): ReadView {
  const { background, clock, config, metrics, readState } = deps
  const { whileRevalidateMs } = config.cache.stale.status
  if (whileRevalidateMs === 0) return (_, acceptedMs) => readState(acceptedMs)
  const share = singleFlight<Reading>(clock, timeoutMs)
  let last: { reading: Reading; at: number } | null = null

  async function measure(acceptedMs?: number): Promise<Reading> {
    const reading = await share(String(acceptedMs), () => readState(acceptedMs))
    last = { reading, at: clock.monotonic() }
    return reading
  }

  return async (c, acceptedMs) => {
    const ageMs = last ? clock.monotonic() - last.at : Number.POSITIVE_INFINITY
    if (!last || acceptedMs !== undefined || ageMs >= freshMs + whileRevalidateMs) {
      const reading = await measure(acceptedMs)
      return told(c, reading, 'MISS', 0)
    }
    if (ageMs < freshMs) return told(c, last.reading, 'HIT', ageMs)
    metrics.staleServed('revalidating')
    background(measure().catch(() => undefined))
    return told(c, last.reading, 'STALE', ageMs)
  }
}

function told(c: Context<AppEnv>, reading: Reading, cache: 'HIT' | 'MISS' | 'STALE', ageMs: number): Reading {
  c.header('X-Cache', cache)
  c.header('Age', String(Math.floor(ageMs / 1000)))
  return reading
}
