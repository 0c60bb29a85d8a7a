/** The correlations of the newest events, as they come. */
import { link } from '../../core/router.ts'
import { type GatewayEvent, recentEvents, revision } from '../../live/events.ts'
import { t } from '../../texts/index.ts'
import { Empty } from '../../ui/answers.tsx'
import { number, seconds } from '../../ui/format.ts'
import { plain } from '../../ui/hostile-text.ts'
import { Panel } from '../../ui/panel.tsx'
import { Summary } from '../../ui/said.tsx'
import { State } from '../../ui/state.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'

interface Correlation {
  id: string
  events: number
  from: number
  to: number
  severity: string
  latest: GatewayEvent
}

function correlationsOf(events: readonly GatewayEvent[]): Correlation[] {
  const found = new Map<string, Correlation>()
  for (const event of events) {
    const { correlation_id: id, timestamp, severity } = event
    if (!id) continue
    const known = found.get(id)
    const worst = known && known.severity !== 'info' ? known.severity : severity
    found.set(id, {
      id,
      events: (known?.events ?? 0) + 1,
      from: known?.from ?? timestamp,
      to: timestamp,
      severity: worst,
      latest: event,
    })
  }
  return [...found.values()].sort((a, b) => b.to - a.to).slice(0, 60)
}

export function OfEvents() {
  const texts = t().timeline
  const recent = revision.value >= 0 ? correlationsOf(recentEvents()) : []
  return (
    <Panel title={texts.lists.events} flush>
      {recent.length === 0 ? (
        <Empty icon="timeline" title={texts.noneYet}>
          {texts.noneYetMeans}
        </Empty>
      ) : (
        <Table
          label={texts.lists.events}
          rows={recent}
          rowKey={(row) => row.id}
          href={(row) => link('timeline', row.id)}
          columns={[
            { name: texts.id, cell: (row) => <span class="mono cell-name">{plain(row.id, 128)}</span> },
            { name: texts.worst, cell: (row) => <State state={row.severity} /> },
            { name: texts.eventsCount, cell: (row) => number(row.events), figures: true },
            { name: texts.took, cell: (row) => seconds((row.to - row.from) / 1000), figures: true, wide: true },
            {
              name: texts.latest,
              cell: (row) => <Summary of={row.latest} limit={140} class="cell-clip" />,
              wide: true,
            },
            { name: texts.when, cell: (row) => <Time at={row.to} ago /> },
          ]}
        />
      )}
    </Panel>
  )
}
