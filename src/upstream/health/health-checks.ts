/** Keeps the last health reading of each upstream, decides when to ask again, and tells when a run of answers turns. */
import { type UpstreamName, upstreamNames } from '../../config/config.ts'
import { singleFlight } from '../../lib/single-flight.ts'
import type { HealthChecks, HealthReading } from '../../ports/index.ts'
import { type ProbeDeps, probeHealth } from './health-probe.ts'
import { addAnswer, type HealthHistory, nextCheckMs, noHistory } from './health-schedule.ts'

export interface HealthCheckOptions extends ProbeDeps {
  turned: (name: UpstreamName, turn: HealthTurn) => void
}

/** A verdict changed. The first one is a change from `unknown`: no recovery, and no breakdown. */
export interface HealthTurn {
  from: HealthHistory['verdict']
  to: HealthHistory['verdict']
  reading: HealthReading
}

interface Kept {
  reading: HealthReading
  history: HealthHistory
  dueAt: number
}

const freshMs = 5000
/** Longer than a probe may take. */
const patienceMs = 2500

/** On Node a timer drives it; on workerd a cron does, and each isolate asks by itself when a reading is wanted. */
export function healthChecks(options: HealthCheckOptions): HealthChecks {
  const { clock, random, probes, turned } = options
  const kept = new Map<UpstreamName, Kept>()
  const share = singleFlight<HealthReading | null>(clock, patienceMs)

  async function ask(name: UpstreamName): Promise<HealthReading | null> {
    const reading = await probeHealth(options, name)
    if (!reading) return null
    const before = kept.get(name)?.history ?? noHistory
    const history = addAnswer(before, reading.up)
    kept.set(name, { reading, history, dueAt: clock.now() + nextCheckMs(history.failures, random.fraction()) })
    if (history.verdict !== before.verdict) turned(name, { from: before.verdict, to: history.verdict, reading })
    return reading
  }

  return {
    names: upstreamNames.filter((name) => probes[name] !== undefined),
    async read(name) {
      const reading = kept.get(name)?.reading
      const age = reading ? clock.now() - reading.checkedAt : Number.POSITIVE_INFINITY
      if (reading && age >= 0 && age < freshMs) return reading
      return share(name, () => ask(name))
    },
    async check(name) {
      if (!((kept.get(name)?.dueAt ?? 0) > clock.now())) await share(name, () => ask(name))
      return Math.max(1, (kept.get(name)?.dueAt ?? clock.now() + freshMs) - clock.now())
    },
    last: (name) => kept.get(name)?.reading ?? null,
  }
}
