/** Manifestator's runs, newest first. */

import type { AuditRuns as Runs } from '../../../../src/features/audit/schema.ts'
import { call } from '../../core/api.ts'
import { stored, useReading } from '../../core/reading.ts'
import { link, place, setQuery } from '../../core/router.ts'
import { t, word } from '../../texts/index.ts'
import { Answer, Empty } from '../../ui/answers.tsx'
import { Button } from '../../ui/button.tsx'
import { number } from '../../ui/format.ts'
import { plain } from '../../ui/hostile-text.ts'
import { Panel } from '../../ui/panel.tsx'
import { State } from '../../ui/state.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'

const pageSize = 20

export function AuditRuns() {
  const texts = t().audit
  const offset = Number(place.value.query.get('offset') ?? 0)
  const runs = useReading(() => call<Runs>(`operator/api/audit?limit=${pageSize}&offset=${offset}`), {
    key: String(offset),
    every: stored,
  })
  return (
    <Panel title={texts.runs} note={texts.runsNote} flush>
      <Answer of={runs}>
        {(data) =>
          data.runs.length === 0 ? (
            <Empty icon="audit" title={texts.noRuns} />
          ) : (
            <>
              <Table
                label={texts.runs}
                rows={data.runs}
                rowKey={(row) => row.audit_id}
                href={(row) => link('audit', row.audit_id)}
                columns={[
                  { name: texts.run, cell: (row) => <span class="mono">{plain(row.audit_id, 60)}</span> },
                  { name: texts.when, cell: (row) => <Time at={row.run_ts} date /> },
                  { name: texts.status, cell: (row) => <State state={row.status} /> },
                  { name: 'P0', cell: (row) => number(row.p0_count), figures: true },
                  {
                    name: texts.summary,
                    cell: (row) => (
                      <bdi>{plain(row.summary ?? (row.reason ? word(t().reasons, row.reason) : '–'), 240)}</bdi>
                    ),
                    wide: true,
                  },
                ]}
              />
              <div class="row pager">
                <Button
                  kind="quiet"
                  label={texts.newer}
                  disabled={offset === 0 ? texts.newest : null}
                  onRun={() => setQuery({ offset: offset > pageSize ? String(offset - pageSize) : null })}
                />
                <Button
                  kind="quiet"
                  label={texts.older}
                  disabled={data.has_more ? null : texts.oldest}
                  onRun={() => setQuery({ offset: String(offset + pageSize) })}
                />
              </div>
            </>
          )
        }
      </Answer>
    </Panel>
  )
}
