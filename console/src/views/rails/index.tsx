/** The rules in force, and the lanes with their checks. */

import type { LaneStatus, Lanes, Rails as RailsRead } from '../../../../src/features/rails/schema.ts'
import { call } from '../../core/api.ts'
import { stored, useReading } from '../../core/reading.ts'
import { link, place } from '../../core/router.ts'
import { t } from '../../texts/index.ts'
import { Answer, Empty } from '../../ui/answers.tsx'
import { number } from '../../ui/format.ts'
import { plain } from '../../ui/hostile-text.ts'
import { Json } from '../../ui/json.tsx'
import { Facts, Panel } from '../../ui/panel.tsx'
import { State } from '../../ui/state.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'

export default function Rails() {
  const { id } = place.value
  return id ? <Lane key={id} id={id} /> : <All />
}

function All() {
  const texts = t().rails
  const rails = useReading(() => call<RailsRead>('operator/api/rails'), { every: stored })
  const lanes = useReading(() => call<Lanes>('operator/api/rails/lanes'), { every: stored })
  return (
    <div class="stack">
      <Panel title={texts.rules} flush>
        <Answer of={rails}>
          {(data) =>
            data.rails.length === 0 ? (
              <Empty icon="rails" title={texts.noRules}>
                {texts.noRulesMeans}
              </Empty>
            ) : (
              <Table
                label={texts.rules}
                rows={data.rails}
                rowKey={(row) => row.rail_id}
                columns={[
                  {
                    name: texts.rule,
                    cell: (row) => (
                      <>
                        <strong>{plain(row.name ?? row.rail_id, 80)}</strong>
                        <p class="muted small">{plain(row.description ?? '', 300)}</p>
                      </>
                    ),
                  },
                  { name: texts.type, cell: (row) => plain(row.rule_type ?? '–', 40), wide: true },
                  { name: texts.severity, cell: (row) => <State state={row.severity_on_violation} /> },
                  { name: texts.since, cell: (row) => <Time at={row.created_at} date />, wide: true },
                ]}
              />
            )
          }
        </Answer>
      </Panel>
      <Panel title={texts.lanes} flush>
        <Answer of={lanes}>
          {(data) =>
            data.lanes.length === 0 ? (
              <Empty icon="rails" title={texts.noLanes} />
            ) : (
              <Table
                label={texts.lanes}
                rows={data.lanes}
                rowKey={(row) => row.lane_id}
                href={(row) => link('rails', row.lane_id)}
                columns={[
                  { name: texts.lane, cell: (row) => <strong>{plain(row.name ?? row.lane_id, 80)}</strong> },
                  { name: texts.stage, cell: (row) => plain(row.stage ?? '–', 40) },
                  { name: texts.checks, cell: (row) => number(row.checks?.length), figures: true },
                  { name: texts.about, cell: (row) => plain(row.description ?? '–', 300), wide: true },
                ]}
              />
            )
          }
        </Answer>
      </Panel>
    </div>
  )
}

function Lane({ id }: { id: string }) {
  const texts = t().rails
  const lane = useReading(() => call<LaneStatus>(`operator/api/rails/${encodeURIComponent(id)}/status`), {
    key: id,
    every: stored,
  })
  return (
    <div class="stack">
      <p>
        <a href={link('rails')}>← {t().views.rails}</a>
      </p>
      <Answer of={lane}>
        {(data) => (
          <>
            <Panel title={plain(data.name ?? data.lane_id, 80)}>
              <Facts
                of={[
                  [texts.stage, plain(data.stage ?? '–', 60)],
                  [texts.about, plain(data.description ?? '–', 600)],
                  [texts.since, <Time at={data.created_at} date />],
                ]}
              />
            </Panel>
            <Panel title={texts.checks}>
              <Json value={data.checks} label={texts.checks} />
            </Panel>
            <Panel title={texts.audits}>
              {data.audit_findings.length === 0 ? (
                <Empty icon="audit" title={texts.noAudits} />
              ) : (
                <Json value={data.audit_findings} label={texts.audits} />
              )}
            </Panel>
          </>
        )}
      </Answer>
    </div>
  )
}
