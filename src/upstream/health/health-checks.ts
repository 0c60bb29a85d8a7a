/** Keeps the last health reading of each upstream, schedules the next check, and reports changed verdicts. */
import { type UpstreamName, upstreamNames } from '../../config/config.ts'
import { singleFlight } from '../../lib/single-flight.ts'
import type { HealthChecks, HealthReading } from '../../ports/index.ts'
import { type HealthProbeDeps, probeHealth } from './health-probe.ts'
import { addAnswer, type HealthStreak, nextCheckMs, noStreak } from './health-schedule.ts'

export interface HealthCheckOptions extends HealthProbeDeps {
  turned: (name: UpstreamName, turn: HealthTurn) => void
  /** Called for each check that passed, with the time when it began. */
  passed?: (name: UpstreamName, startedAt: number) => void
}

/** A changed verdict. A change from `unknown` is neither a recovery nor an outage. */
export interface HealthTurn {
  from: HealthStreak['verdict']
  to: HealthStreak['verdict']
  reading: HealthReading
}

interface Kept {
  reading: HealthReading
  history: HealthStreak
  /** Both on the monotonic clock. */
  readAt: number
  dueAt: number
}

const freshMs = 5000
/** Longer than a probe may take. */
const timeoutMs = 2500

/** Driven by a timer on Node, by the cron on workerd, and by `read` when the last reading is too old. */
export function healthChecks(options: HealthCheckOptions): HealthChecks {
  const { clock, random, probes, turned, passed } = options
  const kept = new Map<UpstreamName, Kept>()
  const share = singleFlight<HealthReading | null>(clock, timeoutMs)

  async function ask(name: UpstreamName): Promise<HealthReading | null> {
    const startedAt = clock.monotonic()
    const reading = await probeHealth(options, name)
    if (!reading) return null
    const before = kept.get(name)?.history ?? noStreak
    const history = addAnswer(before, reading.up)
    const readAt = clock.monotonic()
    const dueAt = readAt + nextCheckMs(history.failures, random.fraction())
    kept.set(name, { reading, history, readAt, dueAt })
    if (history.verdict !== before.verdict) turned(name, { from: before.verdict, to: history.verdict, reading })
    if (reading.up) passed?.(name, startedAt)
    return reading
  }

  return {
    names: upstreamNames.filter((name) => probes[name] !== undefined),
    async read(name) {
      const last = kept.get(name)
      if (last && clock.monotonic() - last.readAt < freshMs) return last.reading
      return share(name, () => ask(name))
    },
    async check(name) {
      const dueInMs = () => (kept.get(name)?.dueAt ?? Number.NEGATIVE_INFINITY) - clock.monotonic()
      if (!(dueInMs() > 0)) await share(name, () => ask(name))
      return kept.has(name) ? Math.max(1, dueInMs()) : freshMs
    },
    last: (name) => kept.get(name)?.reading ?? null,
  }
}
