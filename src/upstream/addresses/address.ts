/** One of several addresses of an upstream: its breaker, what is in flight there, its health, its counts. */
import type { WeightedAddress } from '../../config/upstreams/addresses.ts'
import type { LoadedServer } from '../../lib/least-loaded.ts'
import type { AddressState, Clock, HealthReading, Upstream } from '../../ports/index.ts'
import { addAnswer, noStreak } from '../health/health-schedule.ts'
import type { CircuitBreaker } from '../layers/circuit.ts'
import type { CauseWatch } from '../layers/failure-cause.ts'
import { countsInFlight } from '../layers/in-flight.ts'
import { answerOutcome, errorOutcome } from '../layers/outcome.ts'
import type { WatchBody } from '../layers/watch-body.ts'

interface AddressParts {
  clock: Clock
  watchBody?: WatchBody | undefined
  circuit: CircuitBreaker
  bare: CauseWatch
  /** Its own /health, past the breaker. */
  probe: Upstream
  /** A changed verdict of its health. */
  turned: (isUp: boolean, reading: HealthReading) => void
}

/** The ways to send a try. */
export interface Tries {
  /** Through the breaker. */
  guarded: Upstream
  /** Past it, when there is no better address; a success closes it. */
  lastResort: Upstream
}

export interface Address extends LoadedServer {
  readonly url: string
  readonly bare: Upstream
  readonly probe: Upstream
  around(next: Upstream): Tries
  /** Neither set aside nor down; one whose time has come for `patienceMs` may be tried again. */
  isUsable(patienceMs: number): boolean
  /** A health check that began then read this. */
  checked(reading: HealthReading, startedAt: number): void
  /** Returns what to call when the socket has ended; twice does no harm. */
  socketOpened(): () => void
  ejected(): void
  read(): AddressState
}

/** Where no check follows, as in an isolate without traffic, an old verdict must not last. */
const verdictLastsMs = 30_000

export function upstreamAddress({ url, weight }: WeightedAddress, parts: AddressParts): Address {
  const { clock, watchBody, circuit, bare, probe, turned } = parts
  const inFlight = countsInFlight({ clock, watchBody })
  const sockets = new Set<object>()
  const tries = { success: 0, failure: 0, unknown: 0 }
  let ejections = 0
  let waitedMs = 0
  let health: { reading: HealthReading; streak: typeof noStreak; readAt: number } | null = null

  const counting =
    (next: Upstream): Upstream =>
    async (target, init) => {
      if (init.purpose === 'health') return next(target, init)
      const startedAt = clock.monotonic()
      try {
        const answer = await next(target, init)
        tries[answerOutcome(answer.status)]++
        return answer
      } catch (error) {
        tries[errorOutcome(error, init, clock.monotonic())]++
        throw error
      } finally {
        waitedMs += clock.monotonic() - startedAt
      }
    }

  const healing =
    (next: Upstream): Upstream =>
    async (target, init) => {
      const answer = await next(target, init)
      if (answerOutcome(answer.status) === 'success') circuit.heal()
      return answer
    }

  /** One good answer is enough to be tried again: its requests tell more than its health. */
  const isDown = () =>
    health?.streak.verdict === 'down' && !health.reading.up && clock.monotonic() - health.readAt < verdictLastsMs

  return {
    url,
    weight,
    credit: 0,
    bare: bare.upstream,
    probe,
    load: () => inFlight.count() + sockets.size,
    around: (next) => ({
      guarded: inFlight.around(circuit.around(counting(next))),
      lastResort: inFlight.around(healing(counting(next))),
    }),
    isUsable: (patienceMs) => circuit.admits(patienceMs) && !isDown(),
    checked(reading, startedAt) {
      const before = health?.streak ?? noStreak
      const streak = addAnswer(before, reading.up)
      health = { reading, streak, readAt: clock.monotonic() }
      if (reading.up) circuit.checkPassed(startedAt)
      if (streak.verdict === before.verdict) return
      if (streak.verdict === 'up') circuit.heal()
      turned(streak.verdict === 'up', reading)
    },
    socketOpened() {
      const socket = {}
      sockets.add(socket)
      return () => void sockets.delete(socket)
    },
    ejected: () => void ejections++,
    read() {
      const now = { inFlight: inFlight.count(), sockets: sockets.size, cause: bare.read() }
      return {
        url,
        weight: this.weight,
        ...circuit.read(),
        ...now,
        health: health?.reading ?? null,
        tries,
        waitedMs,
        ejections,
      }
    },
  }
}
