/** Availability as a row of hours; without hours, as one bar. */
import { t } from '../texts/index.ts'
import { number } from './format.ts'
import { momentText } from './time.tsx'

interface Hour {
  at: string
  ok: number
  broken: number
  asleep: number
}

function toneOfHour({ ok, broken, asleep }: Hour): string {
  if (broken > 0) return ok > broken * 9 ? 'warn' : 'bad'
  if (ok > 0) return 'ok'
  return asleep > 0 ? 'sleep' : 'none'
}

export function AvailabilityBar({ hours, pct }: { hours: readonly Hour[] | null; pct: number | null }) {
  const text = pct === null ? t().truth.noLooks : `${number(pct, 2)} %`
  if (!hours || hours.length === 0) {
    const scale = pct === null ? 0 : pct / 100
    return (
      <span class="availability whole" role="img" aria-label={text}>
        <i
          class={`tone-${pct === null ? 'none' : pct >= 99 ? 'ok' : pct >= 90 ? 'warn' : 'bad'}`}
          style={{ width: `${scale * 100}%` }}
        />
      </span>
    )
  }
  return (
    <span class="availability" role="img" aria-label={text}>
      {hours.map((hour) => (
        <i
          key={hour.at}
          class={`tone-${toneOfHour(hour)}`}
          title={`${momentText(Date.parse(hour.at))} · ${t().truth.ofHour(hour.ok, hour.broken, hour.asleep)}`}
        />
      ))}
    </span>
  )
}
