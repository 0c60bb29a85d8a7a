/** Windows that were: who opened them, for what, and under which correlation id. */
import { call } from '../../core/api.ts'
import { stored, useReading } from '../../core/reading.ts'
import { link } from '../../core/router.ts'
import type { EventPage, GatewayEvent } from '../../live/events.ts'
import { t, word } from '../../texts/index.ts'
import { Answer, Empty } from '../../ui/answers.tsx'
import { plain } from '../../ui/hostile-text.ts'
import { Panel } from '../../ui/panel.tsx'
import { State } from '../../ui/state.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'

const types = ['opened', 'extended', 'closed', 'expired', 'woken', 'not_woken']
  .map((each) => `gateway.window.${each}`)
  .join(',')
const text = (event: GatewayEvent, ...names: string[]) => {
  const value = names.map((name) => event.payload[name]).find((each) => each !== undefined && each !== null)
  return value === undefined ? '–' : plain(Array.isArray(value) ? value.join(', ') : String(value), 200)
}

const toneOf = (act: string | undefined) =>
  act === 'opened' || act === 'woken' ? 'ok' : act === 'extended' ? 'info' : act === 'not_woken' ? 'bad' : 'sleep'

/** A window that woke by itself says by what, and of whom. */
function By({ event }: { event: GatewayEvent }) {
  const { woke } = t().windows
  const { by } = event.payload
  if (by !== 'request' && by !== 'schedule') return <>{text(event, 'by', 'principal')}</>
  return (
    <>
      {woke[by]} {text(event, 'name')}
    </>
  )
}

export function WindowHistory() {
  const texts = t().windows
  const history = useReading(() => call<EventPage>(`operator/api/events?type=${types}&hours_back=720&limit=50`), {
    every: stored,
    on: 'gateway.window',
  })
  return (
    <Panel title={texts.history} note={texts.historyNote} flush>
      <Answer of={history}>
        {({ events }) =>
          events.length === 0 ? (
            <Empty icon="windows" title={texts.noHistory} />
          ) : (
            <Table
              label={texts.history}
              rows={events}
              rowKey={(event) => event.stream_id}
              columns={[
                { name: texts.when, cell: (event) => <Time at={event.timestamp} date /> },
                {
                  name: texts.what2,
                  cell: (event) => (
                    <State
                      state={event.type}
                      tone={toneOf(event.type.split('.').at(-1))}
                      label={word(texts.acts, event.type.split('.').at(-1))}
                    />
                  ),
                },
                { name: texts.services, cell: (event) => text(event, 'services') },
                { name: texts.by, cell: (event) => <By event={event} /> },
                { name: texts.reason, cell: (event) => text(event, 'reason'), wide: true },
                {
                  name: texts.window,
                  cell: (event) => <span class="mono">{text(event, 'window_id')}</span>,
                  wide: true,
                },
                {
                  name: texts.correlation,
                  cell: (event) =>
                    event.correlation_id ? (
                      <a class="mono" href={link('timeline', event.correlation_id)}>
                        {plain(event.correlation_id, 60)}
                      </a>
                    ) : (
                      '–'
                    ),
                  wide: true,
                },
              ]}
            />
          )
        }
      </Answer>
    </Panel>
  )
}
