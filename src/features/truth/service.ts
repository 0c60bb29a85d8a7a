/** Probes VX11's services once a minute, records the results, and announces a service that departs from its history. */

import { rootReason } from '../../lib/root-reason.ts'
import { singleFlight } from '../../lib/single-flight.ts'
import { noHistory, withLook } from '../../modules/health-history/health-history.ts'
import type { HealthTrend } from '../../modules/health-history/health-trend.ts'
import type { TruthRound } from '../../modules/health-history/truth-record.ts'
import type { Deps, GatewayEvent } from '../../ports/index.ts'
import { probeRules, probeServices, type TruthProbeDeps } from './probe.ts'
import { describeRound, reportName } from './report.ts'
import { serviceRows } from './rows.ts'
import { probedServices } from './services.ts'
import { type Histories, type TruthStore, truthStore } from './store.ts'

export interface TruthDeps extends TruthProbeDeps, Pick<Deps, 'database' | 'log' | 'announce' | 'reports'> {}

export interface TruthReading {
  round: TruthRound
  histories: Histories
  /** Why the histories are empty: the database does not answer. */
  unrecorded: 'database_unavailable' | null
}

export interface RuntimeTruth {
  /** The minute's work: a round, unless another instance has just made one. Never rejects. */
  keep(): Promise<void>
  /** A round now, recorded where it is this instance's turn. Never rejects. */
  probe(): Promise<TruthRound>
  /** The last round, at most two and a half minutes old. Never rejects. */
  read(): Promise<TruthReading>
}

const freshForMs = 150_000
/** Longer than a round: two turns of five services, each with three paths. */
const timeoutMs = 2 * 3 * probeRules.timeoutMs + 2000
const names = probedServices.map(({ service }) => service)

export function runtimeTruth(deps: TruthDeps, store: TruthStore = truthStore(deps.database)): RuntimeTruth {
  const { clock, log } = deps
  const holder = deps.random.uuid()
  const share = singleFlight<TruthRound>(clock, timeoutMs)
  /** For the time when the database is unavailable. */
  let last: TruthRound | null = null

  const isFresh = (round: TruthRound | null): round is TruthRound =>
    round !== null && Math.abs(clock.now() - round.at) < freshForMs

  const failed = (event: string) => (error: unknown) => {
    log.warn(event, { reason: rootReason(error) })
    return null
  }

  /** Null when the database does not answer. */
  const takeTurn = () => orFailed(() => store.takeTurn(holder, clock.now())).catch(failed('truth_turn_unknown'))

  async function makeRound(recorded: boolean): Promise<TruthRound> {
    const services = await probeServices(deps)
    const round: TruthRound = { at: clock.now(), services, reportPath: null }
    const text = describeRound(round)
    round.reportPath = (await deps.reports?.write(reportName, text).catch(failed('report_not_written'))) ?? null
    if (recorded) await record(deps, store, holder, round).catch(failed('truth_not_recorded'))
    last = round
    return round
  }

  const probe = () => share('round', async () => makeRound((await takeTurn()) === true))
  return {
    probe,
    async keep() {
      // Without the database every instance probes on its own.
      const turn = await takeTurn()
      if (turn !== false) await share('round', () => makeRound(turn === true))
    },
    async read() {
      const stored = await orFailed(() => store.read(names)).catch(failed('truth_not_read'))
      const kept = [stored?.round ?? null, last].find(isFresh)
      return {
        round: kept ?? (await probe()),
        histories: stored?.histories ?? new Map(),
        unrecorded: stored ? null : 'database_unavailable',
      }
    },
  }
}

/** A database that is not open throws at once; that is a rejection like any other. */
const orFailed = async <T>(work: () => Promise<T>): Promise<T> => work()

async function record({ config, announce }: TruthDeps, store: TruthStore, holder: string, round: TruthRound) {
  const before = (await store.read(names)).histories
  const after = new Map(
    round.services.map(({ service, status, latency_ms }) => {
      const ms = status === 'OK' ? latency_ms : null
      return [service, withLook(before.get(service) ?? noHistory, [round.at, status, ms])] as const
    }),
  )
  if (!(await store.save(holder, round, after, serviceRows(config, round, after)))) return
  for (const [service, { trend }] of after) {
    const turn = departureTurned(service, before.get(service)?.trend.departed ?? null, trend.departed)
    if (turn) announce(turn)
  }
}

type Departure = HealthTrend['departed']

/** Undefined while it stays as it was. */
function departureTurned(service: string, before: Departure, now: Departure): GatewayEvent | undefined {
  if ((before === null) === (now === null)) return undefined
  if (now === null) {
    const summary = `${service} answers as usual again`
    return { type: 'gateway.health.recovered', severity: 'info', summary, module: service, payload: { service } }
  }
  const { kind, usual, seen } = now
  const summary =
    kind === 'latency'
      ? `${service} answers ever more slowly: ${seen} ms where ${usual} ms is usual`
      : `${service} fails more and more often between good answers`
  const payload = { service, kind, usual, seen }
  return { type: 'gateway.health.predicted', severity: 'warn', summary, module: service, payload }
}
