/** Availability as a row of the parts of a span; without parts, as one bar. */
import { t } from '../texts/index.ts'
import { number } from './format.ts'
import { momentText } from './time.tsx'

interface Part {
  at: string
  ok: number
  broken: number
  asleep: number
}

function toneOf({ ok, broken, asleep }: Part): string {
  if (broken > 0) return ok > broken * 9 ? 'warn' : 'bad'
  if (ok > 0) return 'ok'
  return asleep > 0 ? 'sleep' : 'none'
}

export function AvailabilityBar({ parts, pct }: { parts: readonly Part[] | null; pct: number | null }) {
  const text = pct === null ? t().truth.noLooks : `${number(pct, 2)} %`
  if (!parts || parts.length === 0) {
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
      {parts.map((part) => (
        <i
          key={part.at}
          class={`tone-${toneOf(part)}`}
          title={`${momentText(Date.parse(part.at))} · ${t().truth.ofPart(part.ok, part.broken, part.asleep)}`}
        />
      ))}
    </span>
  )
}
