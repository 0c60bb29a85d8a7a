/** The newest events, as they come. */
import { link } from '../../core/router.ts'
import { recentEvents, revision } from '../../live/events.ts'
import { t } from '../../texts/index.ts'
import { Empty } from '../../ui/answers.tsx'
import { plain } from '../../ui/hostile-text.ts'
import { Panel } from '../../ui/panel.tsx'
import { State } from '../../ui/state.tsx'
import { Time } from '../../ui/time.tsx'

export function LatestEvents() {
  const events = revision.value >= 0 ? recentEvents().slice(-9).reverse() : []
  return (
    <Panel
      title={t().overview.latest}
      flush
      actions={
        <a class="small" href={link('events')}>
          {t().views.events}
        </a>
      }
    >
      {events.length === 0 ? <Empty icon="events" title={t().events.none} /> : null}
      <ul class="latest">
        {events.map((event) => (
          <li key={event.stream_id}>
            <State state={event.severity} />
            <a class="latest-text" href={link('events', String(event.stream_id))}>
              {plain(event.summary ?? event.type, 160)}
            </a>
            <span class="muted small nowrap">
              <Time at={event.timestamp} ago />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
