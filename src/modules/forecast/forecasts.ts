/** Measures once a minute what may be used up, predicts when, and announces what is near. */
import { resourceRecovered, resourceRunsOut } from '../../announcements.ts'
import { onDatabase } from '../../db/database-timeout.ts'
import type { Deps } from '../../ports/index.ts'
import { type Alarm, nextAlarm } from './alarm.ts'
import {
  type History,
  nothingMeasured,
  type ResourceHistories,
  readHistories,
  withSample,
  writeHistories,
} from './history.ts'
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

/** Instances that share a history add to it by turns. */
const turnMs = 50_000

export function resourceForecasts(deps: ResourceDeps & Pick<Deps, 'announce' | 'instance'>): Forecasts {
  const { announce, clock, instance } = deps
  let own: ResourceHistories = new Map()
  let measuredAt: number | null = null
  let last: readonly ResourceForecast[] = resourceNames.map((name) => nothing(name, 'not_measured_yet'))

  function tell(before: Alarm, told: ResourceForecast, now: number): void {
    if (told.isRaised && !before.isRaised) announce(resourceRunsOut(told, instance, now))
    if (!told.isRaised && before.isRaised) announce(resourceRecovered(told, instance))
  }

  function looked(name: ResourceName, reading: ResourceReading, before: History, now: number) {
    const { isNew, samples, ...said } = predict(name, reading[name], before.samples, now)
    const inMs = said.at === null ? null : said.at - now
    const alarm = isNew ? nextAlarm(before.alarm, inMs, horizons[name]) : before.alarm
    const told: ResourceForecast = { ...said, isRaised: alarm.isRaised }
    tell(before.alarm, told, now)
    return { told, isNew, history: { samples, alarm } }
  }

  return {
    async measure() {
      const read = await readResources(deps)
      const now = clock.now()
      const names = resourceNames.filter((name) => keepsShared(read[name]))
      const shared =
        names.length > 0 ? await onDatabase(deps, (db) => readHistories(db, names)).catch(() => null) : null
      const reading = shared || names.length === 0 ? read : { ...read, ...unreadable(names) }
      const looks = resourceNames.map((name) => {
        const histories = shared && names.includes(name) ? shared : own
        return { name, ...looked(name, reading, histories.get(name) ?? nothingMeasured, now) }
      })
      own = new Map(looks.map(({ name, history }) => [name, history]))
      last = looks.map(({ told }) => told)
      measuredAt = now
      const written = looks.filter(({ name, isNew }) => shared && isNew && names.includes(name))
      if (written.length === 0) return
      const histories = new Map(written.map(({ name, history }) => [name, history]))
      await onDatabase(deps, (db) => writeHistories(db, histories, now)).catch(() => {})
    },
    read: () => ({ measuredAt, forecasts: last }),
  }
}

/** Tokens have their history in the database anyway. */
const keepsShared = (measured: ResourceReading[ResourceName]): boolean =>
  !('reason' in measured) && !('principal' in measured) && measured.isShared

const unreadable = (names: readonly ResourceName[]) =>
  Object.fromEntries(names.map((name) => [name, { reason: 'unreadable' }])) as Partial<ResourceReading>

type Said = Omit<ResourceForecast, 'isRaised'> & { samples: readonly Sample[]; isNew: boolean }

/** `isNew` is false where another instance measured within the minute. */
function predict(
  name: ResourceName,
  measured: ResourceReading[ResourceName],
  samples: readonly Sample[],
  now: number,
): Said {
  if ('reason' in measured) return { ...nothing(name, measured.reason), samples: [], isNew: true }
  if ('principal' in measured) return { ...ofTokens(name, measured, now), samples: [], isNew: true }
  const { used, limit, isShared } = measured
  const newestAt = samples.at(-1)?.at ?? Number.NEGATIVE_INFINITY
  const isNew = !isShared || newestAt <= now - turnMs || newestAt > now + turnMs
  const kept = isNew ? withSample(samples, { at: now, left: limit - used }) : samples
  return { name, used, limit, ...forecast(kept), principal: null, samples: kept, isNew }
}

const nothing = (name: ResourceName, reason: ForecastReason): ResourceForecast => ({
  ...{ name, used: null, limit: null, perHour: null, at: null, reason, isRaised: false, principal: null },
})

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
