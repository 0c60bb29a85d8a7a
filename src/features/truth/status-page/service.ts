/** What the public may know of VX11's services: state and availability by the day, and nothing of how they run. */

import { cachedCall } from '../../../lib/cached-call.ts'
import {
  dayByDay,
  historyBounds,
  type LooksOfSpan,
  noHistory,
  type ServiceVerdict,
} from '../../../modules/health-history/health-history.ts'
import type { Clock } from '../../../ports/index.ts'
import type { RuntimeTruth, TruthReading } from '../service.ts'

export type PublicState = 'up' | 'down' | 'asleep' | 'unknown'
export type Overall = 'operational' | 'down' | 'unknown'

export interface PublicService {
  name: string
  state: PublicState
  /** Oldest first, today included; all zero on a day without measurements. */
  days: readonly LooksOfSpan[]
}

export interface PublicStatus {
  /** Epoch milliseconds. */
  at: number
  services: readonly PublicService[]
}

export const shownDays = historyBounds.days

const states: Readonly<Record<ServiceVerdict, PublicState>> = {
  OK: 'up',
  BROKEN: 'down',
  OFF_BY_POLICY: 'asleep',
  UNKNOWN: 'unknown',
}

/** Strangers cause no more looks than that. */
const rules = { freshForMs: 30_000, timeoutMs: 25_000 }

/** At most half a minute older than the last round. Never rejects. */
export const publicStatus = (clock: Clock, truth: Pick<RuntimeTruth, 'read'>): (() => Promise<PublicStatus>) =>
  cachedCall(clock, rules, async () => viewPublic(await truth.read()))

/** Without the services that this VX11 does not have. */
const viewPublic = ({ round, histories }: TruthReading): PublicStatus => ({
  at: round.at,
  services: round.services
    .filter(({ reason }) => reason !== 'not_configured')
    .map(({ service, status }) => ({
      name: service,
      state: states[status],
      days: dayByDay(histories.get(service) ?? noHistory, round.at, shownDays),
    })),
})

export const downCount = (services: readonly PublicService[]): number =>
  services.filter(({ state }) => state === 'down').length

export function overallOf(services: readonly PublicService[]): Overall {
  if (downCount(services) > 0) return 'down'
  return services.some(({ state }) => state === 'unknown') || services.length === 0 ? 'unknown' : 'operational'
}

/** In percent, of the looks that expected an answer; null without any. */
export function availabilityOf(days: readonly LooksOfSpan[]): number | null {
  const [ok, broken] = [sum(days, 'ok'), sum(days, 'broken')]
  return ok + broken === 0 ? null : (ok / (ok + broken)) * 100
}

const sum = (days: readonly LooksOfSpan[], what: 'ok' | 'broken') => days.reduce((total, day) => total + day[what], 0)

export const isMeasured = ({ ok, broken, asleep }: LooksOfSpan): boolean => ok + broken + asleep > 0
