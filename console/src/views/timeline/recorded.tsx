/** Correlations by their newest record, newest first: all, those that failed, or those that were slow. */
import { read, vx11 } from '../../core/api.ts'
import { stored, useReading } from '../../core/reading.ts'
import { link, place, setQuery } from '../../core/router.ts'
import type { Correlations } from '../../core/shapes.ts'
import { t, word } from '../../texts/index.ts'
import { Answer, Empty } from '../../ui/answers.tsx'
import { Button } from '../../ui/button.tsx'
import { milliseconds, number } from '../../ui/format.ts'
import { plain } from '../../ui/hostile-text.ts'
import { Panel } from '../../ui/panel.tsx'
import { State } from '../../ui/state.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'

type Row = Correlations['correlations'][number]
type List = 'recent' | 'failed' | 'slow'

export function Recorded({ show }: { show: List }) {
  const texts = t().timeline
  const cursor = place.value.query.get('cursor') ?? undefined
  const list = useReading(
    () => read(vx11.operator.api.correlations.$get({ query: { show, ...(cursor ? { cursor } : {}) } })),
    { every: stored, key: `${show} ${cursor ?? ''}` },
  )
  const next = list.data?.next ?? null
  return (
    <Panel
      title={texts.lists[show]}
      note={show === 'slow' && list.data ? texts.slowFrom(milliseconds(list.data.slow_ms)) : null}
      actions={
        <>
          {cursor ? (
            <Button kind="quiet" label={t().audit.backToNewest} onRun={() => setQuery({ cursor: null })} />
          ) : null}
          {next === null ? null : (
            <Button kind="quiet" label={t().audit.older} onRun={() => setQuery({ cursor: next })} />
          )}
        </>
      }
      flush
    >
      <Answer of={list}>
        {({ correlations }) =>
          correlations.length === 0 ? (
            <Empty icon={show === 'recent' ? 'timeline' : 'check'} title={texts.noneOf[show]}>
              {show === 'recent' ? texts.nothingMeans : null}
            </Empty>
          ) : (
            <Found label={texts.lists[show]} rows={correlations} />
          )
        }
      </Answer>
    </Panel>
  )
}

function Found({ label, rows }: { label: string; rows: readonly Row[] }) {
  const texts = t().timeline
  return (
    <Table
      label={label}
      rows={rows}
      rowKey={({ id }) => id}
      href={({ id }) => link('timeline', id)}
      columns={[
        { name: texts.id, cell: ({ id }) => <span class="mono cell-name">{plain(id, 128)}</span> },
        { name: texts.outcome, cell: (row) => <State state={row.outcome} /> },
        { name: texts.latestWork, cell: (row) => <Work of={row} /> },
        { name: texts.took, cell: (row) => milliseconds(row.duration_ms), figures: true },
        { name: texts.records, cell: ({ records }) => number(records), figures: true, wide: true },
        { name: texts.who, cell: ({ principal }) => plain(principal ?? '–', 60), wide: true },
        { name: texts.when, cell: ({ at }) => <Time at={at} ago /> },
      ]}
    />
  )
}

/** A request by method and route, the others by their kind. */
function Work({ of: { kind, name, target, status } }: { of: Row }) {
  const what = kind === 'request' ? plain(name, 90) : word(t().timeline.kinds, kind)
  return (
    <>
      <bdi class={kind === 'request' ? 'mono break' : ''}>{what}</bdi>{' '}
      <span class="muted small nowrap">
        {plain(target, 40)}
        {status === null ? '' : ` · ${status}`}
      </span>
    </>
  )
}
