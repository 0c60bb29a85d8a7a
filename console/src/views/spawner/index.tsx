/** The spawner: whether it may be used, its runs, the daughters that live, and a command for it. */

import type { Agents, SpawnerRuns, SpawnerStatus } from '../../../../src/features/spawner/schema.ts'
import { call } from '../../core/api.ts'
import { measured, stored, useReading } from '../../core/reading.ts'
import { t, word } from '../../texts/index.ts'
import { reasonText } from '../../ui/advice.ts'
import { Answer, Empty } from '../../ui/answers.tsx'
import { number, seconds } from '../../ui/format.ts'
import { plain } from '../../ui/hostile-text.ts'
import { Figure, Panel } from '../../ui/panel.tsx'
import { Sleeping } from '../../ui/sleeping.tsx'
import { State } from '../../ui/state.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { Submit } from './submit.tsx'

export default function Spawner() {
  const texts = t().spawner
  const status = useReading(() => call<SpawnerStatus>('operator/api/spawner/status'), {
    every: measured,
    on: 'gateway.window',
  })
  const runs = useReading(() => call<SpawnerRuns>('operator/api/spawner/runs?limit=100'), { every: stored })
  const agents = useReading(() => call<Agents>('vx11/agents'), { every: stored })
  return (
    <div class="stack">
      <Answer of={status}>
        {(data) => (
          <>
            {data.allowed ? null : <Sleeping module="spawner" reason={data.message} hint={data.hint} />}
            <div class="figures-row">
              <Figure
                label={texts.mayRun}
                value={data.allowed ? t().actions.yes : t().actions.no}
                tone={data.allowed ? 'ok' : 'sleep'}
              />
              <Figure
                label={texts.answers}
                value={word(t().states, data.health.up ? 'UP' : 'DORMANT')}
                tone={data.health.up ? 'ok' : 'none'}
                note={data.health.reason ? reasonText(data.health.reason) : null}
              />
              {Object.entries(data.summary.runs_by_status).map(([name, count]) => (
                <Figure key={name} label={name} value={number(count)} />
              ))}
            </div>
          </>
        )}
      </Answer>
      <Submit allowed={status.data?.allowed ?? false} reload={runs.reload} />
      <Panel title={texts.daughters} flush>
        <Answer of={agents}>
          {(data) =>
            data.agents.length === 0 ? (
              <Empty icon="spawner" title={texts.noDaughters} />
            ) : (
              <Table
                label={texts.daughters}
                rows={data.agents}
                rowKey={(row) => row.id}
                columns={[
                  { name: texts.name, cell: (row) => <strong>{plain(row.name, 80)}</strong> },
                  { name: texts.status, cell: (row) => <State state={row.status} /> },
                  { name: texts.purpose, cell: (row) => plain(row.purpose ?? '–', 200), wide: true },
                  { name: texts.started, cell: (row) => <Time at={row.started_at} ago /> },
                  { name: texts.heartbeat, cell: (row) => <Time at={row.last_heartbeat_at} ago />, wide: true },
                  { name: 'TTL', cell: (row) => seconds(row.ttl_seconds), figures: true, wide: true },
                ]}
              />
            )
          }
        </Answer>
      </Panel>
      <Panel title={texts.runs} flush>
        <Answer of={runs}>
          {(data) =>
            data.runs.length === 0 ? (
              <Empty icon="spawner" title={texts.noRuns} />
            ) : (
              <Table
                label={texts.runs}
                rows={data.runs}
                rowKey={(row) => row.id}
                columns={[
                  {
                    name: texts.name,
                    cell: (row) => (
                      <>
                        <strong>{plain(row.name, 60)}</strong>
                        <bdi class="mono small cell-clip muted">{plain(row.cmd, 200)}</bdi>
                      </>
                    ),
                  },
                  { name: texts.status, cell: (row) => <State state={row.status} /> },
                  { name: texts.exit, cell: (row) => number(row.exit_code), figures: true },
                  { name: texts.started, cell: (row) => <Time at={row.started_at ?? row.created_at} ago /> },
                  {
                    name: texts.output,
                    cell: (row) => (
                      <bdi class="mono small cell-clip">
                        {plain(row.stderr_preview || row.stdout_preview || '–', 200)}
                      </bdi>
                    ),
                    wide: true,
                  },
                ]}
              />
            )
          }
        </Answer>
      </Panel>
    </div>
  )
}
