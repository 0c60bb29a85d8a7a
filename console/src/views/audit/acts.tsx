/** The administrative acts as the gateway recorded them, with filters that stand in the address. */
import type { ActList, RecordedAct } from '../../../../src/features/audit/acts/schema.ts'
import { call } from '../../core/api.ts'
import { stored, useReading } from '../../core/reading.ts'
import { link, place, setQuery } from '../../core/router.ts'
import { t, word } from '../../texts/index.ts'
import { Answer, Empty } from '../../ui/answers.tsx'
import { Button } from '../../ui/button.tsx'
import { SelectField, TextField } from '../../ui/fields.tsx'
import { plain } from '../../ui/hostile-text.ts'
import { Panel } from '../../ui/panel.tsx'
import { State } from '../../ui/state.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { Changed } from './changed.tsx'

/** The first words of the acts' names. */
const kinds = 'cache hermes hormiguero inee intent key maintenance power settings spawn task window'.split(' ')

/** By name in the address, and in the query of the route. */
const filters = {
  who: 'principal',
  what: 'act',
  target: 'target',
  outcome: 'outcome',
  correlation: 'correlation_id',
  from: 'cursor',
} as const

function queryOf(address: URLSearchParams): string {
  const query = new URLSearchParams({ limit: '50' })
  for (const [name, parameter] of Object.entries(filters)) {
    const value = address.get(name)
    if (value) query.set(parameter, value)
  }
  return String(query)
}

export function Acts() {
  const texts = t().audit
  const { query } = place.value
  const asked = queryOf(query)
  const acts = useReading(() => call<ActList>(`operator/api/audit/acts?${asked}`), {
    ...{ key: asked, every: stored, on: 'gateway.audit' },
  })
  const value = (name: keyof typeof filters) => query.get(name) ?? ''
  /** Another filter begins with the newest. */
  const set = (name: keyof typeof filters) => (text: string) => setQuery({ [name]: text.trim(), from: null })
  return (
    <Panel title={texts.acts} note={texts.actsNote} flush>
      <div class="filters filter-bar">
        <TextField label={texts.who} value={value('who')} onInput={set('who')} />
        <SelectField
          label={texts.what}
          value={value('what')}
          onChange={set('what')}
          options={[['', t().events.any], ...kinds.map((kind): [string, string] => [kind, kind])]}
        />
        <TextField label={texts.target} value={value('target')} onInput={set('target')} />
        <SelectField
          label={texts.outcome}
          value={value('outcome')}
          onChange={set('outcome')}
          options={[
            ['', t().events.any],
            ['attempted', t().states.attempted],
            ['done', t().states.done],
            ['refused', t().states.refused],
            ['failed', t().states.failed],
          ]}
        />
      </div>
      <Answer of={acts}>
        {(data) => (
          <>
            <ActTable acts={data.acts} />
            <div class="row pager">
              <Button
                kind="quiet"
                label={texts.backToNewest}
                disabled={value('from') ? null : texts.newest}
                onRun={() => setQuery({ from: null })}
              />
              <Button
                kind="quiet"
                label={texts.older}
                disabled={data.next === null ? texts.oldest : null}
                onRun={() => setQuery({ from: data.next })}
              />
            </div>
          </>
        )}
      </Answer>
    </Panel>
  )
}

const tones = { done: 'ok', refused: 'bad', failed: 'bad', attempted: 'warn' } as const

function ActTable({ acts }: { acts: readonly RecordedAct[] }) {
  const texts = t().audit
  if (acts.length === 0) return <Empty icon="audit" title={texts.noActs} />
  return (
    <Table
      label={texts.acts}
      rows={acts}
      rowKey={(row) => row.id}
      columns={[
        { name: texts.when, cell: (row) => <Time at={row.at} date /> },
        { name: texts.who, cell: (row) => <Who act={row} /> },
        { name: texts.what, cell: (row) => <span class="mono">{plain(row.act, 80)}</span> },
        { name: texts.target, cell: (row) => <bdi class="cell-clip">{plain(row.target ?? '–', 160)}</bdi> },
        {
          name: texts.outcome,
          cell: (row) => (
            <>
              <State state={row.outcome} tone={tones[row.outcome]} label={word(t().states, row.outcome)} />
              {row.error ? <p class="mono muted small">{plain(row.error, 60)}</p> : null}
            </>
          ),
        },
        { name: texts.change, cell: (row) => <Changed act={row} />, wide: true },
        {
          name: texts.correlation,
          cell: (row) => (
            <a class="mono" href={link('timeline', row.correlation_id)}>
              {plain(row.correlation_id, 40)}
            </a>
          ),
          wide: true,
        },
      ]}
    />
  )
}

/** The name that a person gave, and whence the request came. */
function Who({ act }: { act: RecordedAct }) {
  return (
    <>
      <bdi>{plain(act.key_name ?? act.principal ?? t().audit.unknown, 80)}</bdi>
      <p class="mono muted small">{plain(act.address, 60)}</p>
    </>
  )
}
