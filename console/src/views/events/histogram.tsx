/** How many events when, of what is shown; the taller the bar, the more. */
import type { GatewayEvent } from '../../live/events.ts'
import { t } from '../../texts/index.ts'
import { number } from '../../ui/format.ts'
import { momentText } from '../../ui/time.tsx'

const bars = 72

export function Histogram({ events }: { events: readonly GatewayEvent[] }) {
  const [newest, oldest] = [events[0]?.timestamp, events.at(-1)?.timestamp]
  if (newest === undefined || oldest === undefined || events.length < 3) return null
  const span = Math.max(newest - oldest, 60_000)
  const counts = countsOf(events, newest - span, span)
  const highest = Math.max(...counts.map(({ all }) => all), 1)
  return (
    <div
      class="histogram"
      role="img"
      aria-label={t().events.histogram(number(events.length), momentText(newest - span), momentText(newest))}
    >
      {counts.map((count, index) => (
        <i key={count.at} title={`${momentText(count.at)} · ${number(count.all)}`}>
          <b class="tone-info" style={{ height: `${(100 * (count.all - count.bad)) / highest}%` }} />
          <b class="tone-bad" style={{ height: `${(100 * count.bad) / highest}%` }} />
          <span hidden>{index}</span>
        </i>
      ))}
    </div>
  )
}

function countsOf(events: readonly GatewayEvent[], from: number, span: number) {
  const counts = Array.from({ length: bars }, (_, index) => ({ at: from + (span * index) / bars, all: 0, bad: 0 }))
  for (const { timestamp, severity } of events) {
    const count = counts[Math.min(bars - 1, Math.max(0, Math.floor(((timestamp - from) / span) * bars)))]
    if (!count) continue
    count.all++
    if (severity !== 'info') count.bad++
  }
  return counts
}
