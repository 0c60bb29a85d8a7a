/** One event, whole. */
import { call } from '../../core/api.ts'
import { useReading } from '../../core/reading.ts'
import { go, link, place } from '../../core/router.ts'
import { type EventPage, type GatewayEvent, recentEvents } from '../../live/events.ts'
import { t } from '../../texts/index.ts'
import { Answer, Empty } from '../../ui/answers.tsx'
import { Button } from '../../ui/button.tsx'
import { plain } from '../../ui/hostile-text.ts'
import { Json } from '../../ui/json.tsx'
import { Facts, Panel } from '../../ui/panel.tsx'
import { Summary } from '../../ui/said.tsx'
import { State } from '../../ui/state.tsx'
import { Time } from '../../ui/time.tsx'

async function find(id: number): Promise<GatewayEvent | null> {
  const known = recentEvents().find((event) => event.stream_id === id)
  if (known && !known.cut) return known
  const { events } = await call<EventPage>(`operator/api/events?before=${id + 1}&limit=1&hours_back=87600`)
  return events.find((event) => event.stream_id === id) ?? null
}

export function Detail({ id }: { id: number }) {
  const texts = t().events
  const event = useReading(() => find(id), { key: String(id) })
  const close = () => go(link('events', null, Object.fromEntries(place.value.query)))
  return (
    <Panel
      title={texts.detail}
      note={`#${id}`}
      class="event-detail"
      actions={<Button kind="quiet" bare icon="close" label={t().actions.close} onRun={close} />}
    >
      <Answer of={event}>{(found) => (found ? <Whole event={found} /> : <Empty title={texts.notFound} />)}</Answer>
    </Panel>
  )
}

function Whole({ event }: { event: GatewayEvent }) {
  const texts = t().events
  return (
    <div class="stack">
      <p class="break">
        <Summary of={event} limit={2000} />
      </p>
      <Facts
        of={[
          [texts.type, <span class="mono">{plain(event.type, 100)}</span>],
          [texts.severity, <State state={event.severity} />],
          [texts.module, plain(event.module ?? '–', 100)],
          [texts.source, plain(event.source, 100)],
          [texts.when, <Time at={event.timestamp} date />],
          [
            texts.correlation,
            event.correlation_id ? (
              <a class="mono" href={link('timeline', event.correlation_id)}>
                {plain(event.correlation_id, 140)}
              </a>
            ) : (
              '–'
            ),
          ],
        ]}
      />
      <Json value={event.payload} label={texts.payload} />
    </div>
  )
}
