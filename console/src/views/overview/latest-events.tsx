/** The newest events, as they come. */
import { link } from '../../core/router.ts'
import { connection } from '../../live/connection.ts'
import { recentEvents, revision } from '../../live/events.ts'
import { t } from '../../texts/index.ts'
import { Empty, Unread } from '../../ui/answers.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Summary } from '../../ui/said.tsx'
import { State } from '../../ui/state.tsx'
import { Time } from '../../ui/time.tsx'

export function LatestEvents() {
  const events = revision.value >= 0 ? recentEvents().slice(-9).reverse() : []
  const now = connection.value
  const isKnown = now.state === 'live' || now.state === 'catching_up' || now.state === 'connecting'
  const reason = now.state === 'offline' ? now.reason : 'feature_disabled'
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
      {events.length > 0 ? null : isKnown ? (
        <Empty icon="events" title={t().events.none} />
      ) : (
        <Unread reason={reason} />
      )}
      <ul class="latest">
        {events.map((event) => (
          <li key={event.stream_id}>
            <State state={event.severity} />
            <a class="latest-text" href={link('events', String(event.stream_id))}>
              <Summary of={event} limit={160} />
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
