/** The administrative acts among the events of thirty days. */
import { call } from '../../core/api.ts'
import { useReading } from '../../core/reading.ts'
import { link, place, setQuery } from '../../core/router.ts'
import type { EventPage } from '../../live/events.ts'
import { t, word } from '../../texts/index.ts'
import { Answer, Empty } from '../../ui/answers.tsx'
import { SelectField, TextField } from '../../ui/fields.tsx'
import { plain } from '../../ui/hostile-text.ts'
import { Panel } from '../../ui/panel.tsx'
import { State } from '../../ui/state.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { type Act, actOfEvent, actTypes } from './act.ts'

async function readActs(): Promise<Act[]> {
  const { events } = await call<EventPage>(`operator/api/events?type=${actTypes}&hours_back=720&limit=200`)
  return events.map(actOfEvent)
}

export function Acts() {
  const texts = t().audit
  const acts = useReading(readActs, { every: 15_000, on: 'gateway.' })
  const { query } = place.value
  const [who, what, outcome] = ['who', 'what', 'outcome'].map((name) => query.get(name) ?? '')
  const set = (name: string) => (value: string) => setQuery({ [name]: value })
  const isShown = (act: Act) =>
    (!who || (act.who ?? '').includes(who)) &&
    (!what || `${act.act} ${act.target ?? ''}`.includes(what)) &&
    (!outcome || act.outcome === outcome)
  return (
    <Panel title={texts.acts} note={texts.actsNote} flush>
      <div class="filters filter-bar">
        <TextField label={texts.who} value={who ?? ''} onInput={set('who')} />
        <TextField label={texts.what} value={what ?? ''} onInput={set('what')} />
        <SelectField
          label={texts.outcome}
          value={outcome ?? ''}
          onChange={set('outcome')}
          options={[
            ['', t().events.any],
            ['done', t().states.done],
            ['refused', t().states.refused],
            ['failed', t().states.failed],
          ]}
        />
      </div>
      <Answer of={acts}>
        {(all) => {
          const shown = all.filter(isShown)
          if (shown.length === 0) return <Empty icon="audit" title={texts.noActs} />
          return (
            <Table
              label={texts.acts}
              rows={shown}
              rowKey={(row, index) => row.id ?? index}
              columns={[
                { name: texts.when, cell: (row) => <Time at={row.at} date /> },
                { name: texts.who, cell: (row) => plain(row.who ?? '–', 80) },
                { name: texts.what, cell: (row) => <span class="mono">{plain(row.act, 80)}</span> },
                {
                  name: texts.target,
                  cell: (row) => <bdi class="cell-clip">{plain(row.target ?? '–', 160)}</bdi>,
                  wide: true,
                },
                {
                  name: texts.outcome,
                  cell: (row) => (
                    <State
                      state={row.outcome}
                      tone={row.outcome === 'done' ? 'ok' : 'bad'}
                      label={word(t().states, row.outcome)}
                    />
                  ),
                },
                {
                  name: texts.correlation,
                  cell: (row) =>
                    row.correlation_id ? (
                      <a class="mono" href={link('timeline', row.correlation_id)}>
                        {plain(row.correlation_id, 40)}
                      </a>
                    ) : (
                      '–'
                    ),
                  wide: true,
                },
              ]}
            />
          )
        }}
      </Answer>
    </Panel>
  )
}
