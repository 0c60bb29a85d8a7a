/** Sends a slow read to a second address as well, within the retry budget; the first good answer counts. */

import { sampleWindow } from '../../lib/percentile.ts'
import { discardBody } from '../../lib/read-body.ts'
import type { RetryBudget } from '../../lib/retry-budget.ts'
import type { Clock, ExchangeTrace, HedgeState, Upstream, UpstreamAnswer, UpstreamInit } from '../../ports/index.ts'
import { isTransient, lastMoment } from '../layers/retry.ts'

export interface HedgeOptions {
  clock: Clock
  budget: RetryBudget
  /** Read for each request. */
  isOn: () => boolean
  hasOther: (init: UpstreamInit) => boolean
}

export interface Hedging {
  around(next: Upstream): Upstream
  read(): HedgeState
}

const samples = 200
const minSamples = 20
/** Sorting for each answer would cost more than the figure is worth. */
const refreshEvery = 10
/** A shorter wait would hedge what only jitters. */
const minWaitMs = 5

export function hedging({ clock, budget, isOn, hasOther }: HedgeOptions): Hedging {
  const durations = sampleWindow(samples)
  let known = 0
  let afterMs: number | null = null
  let [sent, won, refused] = [0, 0, 0]

  function answered(durationMs: number): void {
    durations.add(durationMs)
    known++
    if (known >= minSamples && known % refreshEvery === 0)
      afterMs = Math.max(minWaitMs, durations.percentile(95) ?? minWaitMs)
  }

  const timed =
    (next: Upstream): Upstream =>
    async (target, init) => {
      const startedAt = clock.monotonic()
      const answer = await next(target, init)
      if (!isTransient({ answer })) answered(clock.monotonic() - startedAt)
      return answer
    }

  function mayHedge(init: UpstreamInit): boolean {
    if (init.signal?.aborted || !hasOther(init)) return false
    if (budget.takeRetry(clock.monotonic())) return true
    refused++
    return false
  }

  async function hedged(next: Upstream, target: string, init: UpstreamInit, waitMs: number): Promise<UpstreamAnswer> {
    const startedAt = clock.monotonic()
    const first = startTry(next, target, init)
    if (await endsWithin(clock, first.ended, waitMs)) return first.answer
    const firstByteMs = lastMoment(init, startedAt) - clock.monotonic()
    if (!mayHedge(init)) return first.answer
    sent++
    const trace = emptyTrace()
    const second = startTry(next, target, { ...init, trace, limits: { ...init.limits, firstByteMs } })
    const best = await firstGood(first, second)
    if (best === second) {
      won++
      // Its end is not waited for; without it the wait would grow shorter and shorter.
      answered(clock.monotonic() - startedAt)
    }
    if (init.trace) joinTraces(init.trace, trace, best === second)
    const other = best === first ? second : first
    other.leave()
    return best.answer
  }

  return {
    around: (next) => {
      const measured = timed(next)
      return (target, init) => {
        if (!isRead(init) || !isOn()) return next(target, init)
        return afterMs === null ? measured(target, init) : hedged(measured, target, init, afterMs)
      }
    },
    read: () => ({ afterMs, sent, won, refused }),
  }
}

/** Without a body; the answer to a question about health is final. */
const isRead = ({ method, body, purpose }: UpstreamInit) =>
  (method === 'GET' || method === 'HEAD') && body === null && purpose === undefined

const emptyTrace = (): ExchangeTrace => ({ attempts: 0, upstreamMs: 0, pausedMs: 0, tries: [] })

function joinTraces(whole: ExchangeTrace, second: ExchangeTrace, hasWon: boolean): void {
  whole.attempts += second.attempts
  whole.tries.push(...second.tries)
  if (!hasWon) return
  whole.upstreamMs += second.upstreamMs
  if (second.address !== undefined) whole.address = second.address
}

interface StartedTry {
  answer: Promise<UpstreamAnswer>
  /** Whether it ended well. Never rejects. */
  ended: Promise<boolean>
  /** Aborts it, and gives its answer up. */
  leave(): void
}

function startTry(next: Upstream, target: string, init: UpstreamInit): StartedTry {
  const own = new AbortController()
  const { signal } = init
  // The listener stays: the caller may leave in the middle of the body.
  signal?.addEventListener('abort', () => own.abort(signal.reason), { once: true })
  if (signal?.aborted) own.abort(signal.reason)
  const answer = next(target, { ...init, signal: own.signal })
  const ended = answer.then(
    (given) => !isTransient({ answer: given }),
    () => false,
  )
  const leave = () => {
    answer.then(({ body }) => discardBody(body)).catch(() => {})
    own.abort()
  }
  return { answer, ended, leave }
}

async function endsWithin(clock: Clock, ended: Promise<unknown>, ms: number): Promise<boolean> {
  const stop = new AbortController()
  const slow = clock.sleep(ms, stop.signal).then(
    () => false,
    () => true,
  )
  const isOver = await Promise.race([ended.then(() => true), slow])
  stop.abort()
  return isOver
}

/** The first that ends well; the first of all when neither does. */
async function firstGood(first: StartedTry, second: StartedTry): Promise<StartedTry> {
  const good = (each: StartedTry) => each.ended.then((isGood) => (isGood ? each : Promise.reject(each)))
  return Promise.any([good(first), good(second)]).catch(() => first)
}
