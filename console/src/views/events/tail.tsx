/** Only the rows on screen are drawn, so twenty thousand scroll like twenty; new ones do not push what is read. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Problem } from '../../core/problem.ts'
import { link, place } from '../../core/router.ts'
import type { GatewayEvent } from '../../live/events.ts'
import { t } from '../../texts/index.ts'
import { Failure } from '../../ui/answers.tsx'
import { plain } from '../../ui/hostile-text.ts'
import { Summary } from '../../ui/said.tsx'
import { State } from '../../ui/state.tsx'
import { Time } from '../../ui/time.tsx'

const rowHeight = 38
const overscan = 12

interface TailProps {
  events: readonly GatewayEvent[]
  chosen: string | null
  onEnd: () => Promise<void>
  ended: boolean
  problem: Problem | null
}

export function Tail({ events, chosen, onEnd, ended, problem }: TailProps) {
  const frame = useRef<HTMLDivElement>(null)
  const [{ top, height }, setView] = useState({ top: 0, height: 600 })
  const first = Math.max(0, Math.floor(top / rowHeight) - overscan)
  const last = Math.min(events.length, Math.ceil((top + height) / rowHeight) + overscan)
  useKeptPlace(frame, events)
  useEffect(() => {
    if (!ended && !problem && last >= events.length - 5) void onEnd()
  }, [last, events.length, ended, problem, onEnd])
  const look = () => {
    const element = frame.current
    if (element) setView({ top: element.scrollTop, height: element.clientHeight })
  }
  useLayoutEffect(look, [])
  return (
    <div class="tail" ref={frame} onScroll={look} tabIndex={0} role="group" aria-label={t().events.tail}>
      <ol style={{ height: `${events.length * rowHeight}px` }}>
        {events.slice(first, last).map((event, index) => (
          <TailRow
            key={event.stream_id}
            event={event}
            top={(first + index) * rowHeight}
            chosen={chosen === String(event.stream_id)}
          />
        ))}
      </ol>
      {problem ? <Failure problem={problem} retry={() => void onEnd()} /> : null}
      {ended ? <p class="muted small tail-end">{t().events.beginning}</p> : null}
    </div>
  )
}

function TailRow({ event, top, chosen }: { event: GatewayEvent; top: number; chosen: boolean }) {
  const target = link('events', String(event.stream_id), Object.fromEntries(place.value.query))
  return (
    <li class="tail-row" style={{ top: `${top}px` }}>
      <a href={target} aria-current={chosen || undefined}>
        <span class="tail-time">
          <Time at={event.timestamp} />
        </span>
        <State state={event.severity} />
        <span class="tail-module">{plain(event.module ?? event.source, 40)}</span>
        <span class="tail-type mono">{plain(event.type, 64)}</span>
        <Summary of={event} limit={240} class="tail-text" />
      </a>
    </li>
  )
}

/** When rows come in above, the reader's place moves with them; at the top the newest stays in sight. */
function useKeptPlace(frame: { current: HTMLDivElement | null }, events: readonly GatewayEvent[]): void {
  const newest = useRef<number | null>(null)
  useLayoutEffect(() => {
    const element = frame.current
    const before = newest.current
    newest.current = events[0]?.stream_id ?? null
    if (!element || before === null || element.scrollTop < rowHeight) return
    const added = events.findIndex((event) => event.stream_id <= before)
    if (added > 0) element.scrollTop += added * rowHeight
  }, [frame, events])
}
