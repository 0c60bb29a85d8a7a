/** Measures once a minute what may be used up, predicts when, and announces what is near. */
import { resourceRecovered, resourceRunsOut } from '../../announcements.ts'
import type { Deps } from '../../ports/index.ts'
import { type Alarm, nextAlarm, noAlarm } from './alarm.ts'
import {
  horizons,
  type Measured,
  type ResourceDeps,
  type ResourceName,
  type ResourceReading,
  readResources,
  resourceNames,
  type UnknownResource,
} from './resources.ts'
import { endOfDay } from './tokens.ts'
import { forecast, type NoForecast, type Sample } from './trend.ts'

export type ForecastReason = UnknownResource['reason'] | NoForecast | 'not_measured_yet' | 'resets_before'

export interface ResourceForecast {
  name: ResourceName
  used: number | null
  limit: number | null
  perHour: number | null
  /** Epoch milliseconds; null with a reason. */
  at: number | null
  reason: ForecastReason | null
  isRaised: boolean
  /** Of the tokens. */
  principal: string | null
}

export interface Forecasts {
  /** The minute's work. Never rejects. */
  measure(): Promise<void>
  /** Epoch milliseconds of the last measurement; null before the first. */
  read(): { measuredAt: number | null; forecasts: readonly ResourceForecast[] }
}

const maxSamples = 120
const maxAgeMs = 2 * 3_600_000

export function resourceForecasts(deps: ResourceDeps & Pick<Deps, 'announce' | 'instance'>): Forecasts {
  const { announce, clock, instance } = deps
  const samples = new Map<ResourceName, readonly Sample[]>()
  const alarms = new Map<ResourceName, Alarm>()
  let measuredAt: number | null = null
  let last: readonly ResourceForecast[] = resourceNames.map((name) => nothing(name, 'not_measured_yet'))

  function predict(name: ResourceName, reading: ResourceReading, now: number): Omit<ResourceForecast, 'isRaised'> {
    const measured = reading[name]
    if ('reason' in measured) {
      samples.delete(name)
      return nothing(name, measured.reason)
    }
    if ('principal' in measured) return ofTokens(name, measured, now)
    const kept = withSample(samples.get(name) ?? [], { at: now, left: measured.limit - measured.used })
    samples.set(name, kept)
    return { name, ...measured, ...forecast(kept), principal: null }
  }

  function judged(each: Omit<ResourceForecast, 'isRaised'>, now: number): ResourceForecast {
    const before = alarms.get(each.name) ?? noAlarm
    const alarm = nextAlarm(before, each.at === null ? null : each.at - now, horizons[each.name])
    alarms.set(each.name, alarm)
    const told = { ...each, isRaised: alarm.isRaised }
    if (alarm.isRaised && !before.isRaised) announce(resourceRunsOut(told, instance, now))
    if (!alarm.isRaised && before.isRaised) announce(resourceRecovered(told, instance))
    return told
  }

  return {
    async measure() {
      const reading = await readResources(deps)
      const now = clock.now()
      last = resourceNames.map((name) => judged(predict(name, reading, now), now))
      measuredAt = now
    },
    read: () => ({ measuredAt, forecasts: last }),
  }
}

const nothing = (name: ResourceName, reason: ForecastReason): ResourceForecast => ({
  ...{ name, used: null, limit: null, perHour: null, at: null, reason, isRaised: false, principal: null },
})

/** A clock that was set back drops what now lies in the future. */
const withSample = (samples: readonly Sample[], sample: Sample): Sample[] =>
  [...samples.filter(({ at }) => at < sample.at && at > sample.at - maxAgeMs), sample].slice(-maxSamples)

function ofTokens(
  name: ResourceName,
  { used, limit, perHour, principal }: Measured & { perHour: number; principal: string | null },
  now: number,
): Omit<ResourceForecast, 'isRaised'> {
  const left = Math.max(0, limit - used)
  const at = left === 0 ? now : perHour > 0 ? now + (left / perHour) * 3_600_000 : null
  const known = { name, used, limit, perHour, principal }
  if (at === null) return { ...known, at, reason: 'not_shrinking' }
  return at < endOfDay(now) ? { ...known, at, reason: null } : { ...known, at: null, reason: 'resets_before' }
}
