/** The live tail: filters, histogram, endless scroll back, one event as JSON. */
import { useMemo, useState } from 'preact/hooks'
import { place } from '../../core/router.ts'
import { recentEvents, revision } from '../../live/events.ts'
import { t } from '../../texts/index.ts'
import { Empty } from '../../ui/answers.tsx'
import { Button } from '../../ui/button.tsx'
import { number } from '../../ui/format.ts'
import { Panel } from '../../ui/panel.tsx'
import { Detail } from './detail.tsx'
import { filterOf, matches } from './filter.ts'
import { Filters } from './filters.tsx'
import { Histogram } from './histogram.tsx'
import { useOlder } from './older.ts'
import { Tail } from './tail.tsx'
import './events.css'

export default function Events() {
  const texts = t().events
  const { query, id } = place.value
  const filter = useMemo(() => filterOf(query), [query.toString()])
  const [pausedAt, setPausedAt] = useState<number | null>(null)
  const older = useOlder(filter)
  const newest = revision.value
  const live = useMemo(() => recentEvents().filter(matches(filter)).reverse(), [newest, filter])
  const held = pausedAt === null ? live : live.filter((event) => event.stream_id <= pausedAt)
  const shown = useMemo(() => joined(held, older.events), [held, older.events])
  const waiting = live.length - held.length
  const togglePause = () => setPausedAt(pausedAt === null ? (recentEvents().at(-1)?.stream_id ?? 0) : null)
  return (
    <div class={`events-view ${id ? 'with-detail' : ''}`}>
      <div class="stack">
        <Panel>
          <Filters />
        </Panel>
        <Histogram events={shown} />
        <Panel
          title={texts.tail}
          note={texts.shown(number(shown.length))}
          flush
          actions={
            <>
              {waiting > 0 ? <span class="chip">{texts.waiting(waiting)}</span> : null}
              <Button
                icon={pausedAt === null ? 'pause' : 'play'}
                label={pausedAt === null ? texts.pause : texts.resume}
                pressed={pausedAt !== null}
                onRun={togglePause}
              />
            </>
          }
        >
          {shown.length === 0 && older.ended ? (
            <Empty icon="events" title={texts.none}>
              {texts.noneMeans}
            </Empty>
          ) : (
            <Tail events={shown} chosen={id} onEnd={older.more} ended={older.ended} problem={older.problem} />
          )}
        </Panel>
      </div>
      {id ? <Detail id={Number(id)} /> : null}
    </div>
  )
}

/** Newest first, each once. */
function joined<T extends { stream_id: number }>(live: readonly T[], older: readonly T[]): T[] {
  const oldestLive = live.at(-1)?.stream_id ?? Number.POSITIVE_INFINITY
  return [...live, ...older.filter((event) => event.stream_id < oldestLive)]
}
