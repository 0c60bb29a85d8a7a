/** Keeps the last health reading of each upstream, schedules the next check, and reports changed verdicts. */
import { type UpstreamName, upstreamNames } from '../../config/config.ts'
import { singleFlight } from '../../lib/single-flight.ts'
import type { HealthChecks, HealthReading, RunPolicy } from '../../ports/index.ts'
import { type HealthProbeDeps, probeHealth } from './health-probe.ts'
import { addAnswer, failuresToFall, type HealthStreak, nextCheckMs, noStreak } from './health-schedule.ts'
import { type HealthWord, type JudgedHealth, judge, unjudged } from './health-word.ts'

export interface HealthCheckOptions extends HealthProbeDeps {
  turned: (name: UpstreamName, turn: HealthTurn) => void
  /** Called for each check that passed, with the time when it began. */
  passed?: (name: UpstreamName, startedAt: number) => void
}

/** A changed word. A change from `unknown` is neither a recovery nor an outage. */
export interface HealthTurn {
  from: HealthWord
  to: HealthWord
  reading: HealthReading
}

interface Kept {
  reading: HealthReading
  history: HealthStreak
  judged: JudgedHealth
  /** Both on the monotonic clock. */
  readAt: number
  dueAt: number
}

const freshMs = 5000
/** Longer than a probe and the read of the power policy beside it. */
const timeoutMs = 3000

const everythingRuns: RunPolicy = { isBusy: () => false, shouldRun: async () => true }

/** Driven by a timer on Node, by the cron on workerd, and by `read` when the last reading is too old. */
export function healthChecks(options: HealthCheckOptions): HealthChecks {
  const { clock, random, probes, turned, passed } = options
  const kept = new Map<UpstreamName, Kept>()
  const share = singleFlight<HealthReading | null>(clock, timeoutMs)
  let policy = everythingRuns

  async function ask(name: UpstreamName): Promise<HealthReading | null> {
    const startedAt = clock.monotonic()
    const before = kept.get(name)
    const mayTurn = mayTurnDown(before)
    const [reading, shouldRun] = await Promise.all([
      probeHealth(options, name),
      mayTurn ? policy.shouldRun(name) : true,
    ])
    if (!reading) return null
    if (!reading.up && isTimeout(reading) && policy.isBusy(name)) return excused(name, reading, before)
    const last = before?.history ?? noStreak
    const history = addAnswer(last, reading.up)
    const was = before?.judged ?? unjudged
    const judged = judge(was, history.verdict, shouldRun)
    const readAt = clock.monotonic()
    const dueAt = readAt + nextCheckMs(history.failures, random.fraction())
    kept.set(name, { reading, history, judged, readAt, dueAt })
    if (judged.word !== was.word) turned(name, { from: was.word, to: judged.word, reading })
    if (reading.up) passed?.(name, startedAt)
    return reading
  }

  /** Madre answers nothing else while she opens or closes a window: the last verdict stands. */
  function excused(name: UpstreamName, reading: HealthReading, before: Kept | undefined): HealthReading {
    const known = before?.reading ?? { ...reading, up: true }
    const busy = { ...known, latencyMs: null, checkedAt: reading.checkedAt, reason: known.up ? 'busy' : known.reason }
    const { history, judged } = before ?? { history: noStreak, judged: unjudged }
    const readAt = clock.monotonic()
    kept.set(name, { reading: busy, history, judged, readAt, dueAt: readAt + nextCheckMs(0, random.fraction()) })
    return busy
  }

  return {
    get names() {
      return upstreamNames.filter((name) => probes[name] !== undefined)
    },
    async read(name, acceptedMs = freshMs) {
      const last = kept.get(name)
      if (last && clock.monotonic() - last.readAt < Math.min(acceptedMs, freshMs)) return last.reading
      return share(name, () => ask(name))
    },
    async check(name) {
      if (!probes[name]) return freshMs
      const dueInMs = () => (kept.get(name)?.dueAt ?? Number.NEGATIVE_INFINITY) - clock.monotonic()
      if (!(dueInMs() > 0)) await share(name, () => ask(name))
      return kept.has(name) ? Math.max(1, dueInMs()) : freshMs
    },
    measure: (name) => share(name, () => ask(name)),
    last: (name) => kept.get(name)?.reading ?? null,
    follow(runPolicy) {
      policy = runPolicy
    },
  }
}

/** Only a failure that changes the word needs the policy. */
const mayTurnDown = (kept: Kept | undefined): boolean =>
  kept === undefined ||
  kept.judged.word === 'unknown' ||
  kept.judged.word === 'stopped' ||
  (kept.judged.word === 'up' && kept.history.failures >= failuresToFall - 1)

const isTimeout = ({ reason }: HealthReading): boolean => reason === 'upstream_timeout'
