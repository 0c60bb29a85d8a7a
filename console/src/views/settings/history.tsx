/** Who changed which setting, with the value before and after. */

import type { SettingChange, SettingsHistory } from '../../../../src/features/settings/schema.ts'
import { call } from '../../core/api.ts'
import { stored, useReading } from '../../core/reading.ts'
import { link } from '../../core/router.ts'
import { t, word } from '../../texts/index.ts'
import { Answer, Empty } from '../../ui/answers.tsx'
import { plain } from '../../ui/hostile-text.ts'
import { Panel } from '../../ui/panel.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'

const Value = ({ of }: { of: unknown }) =>
  of === null || of === undefined ? (
    <span class="muted">–</span>
  ) : (
    <bdi class="mono cell-clip">{plain(JSON.stringify(of), 200)}</bdi>
  )

export function SettingsLog() {
  const texts = t().settings
  const history = useReading(() => call<SettingsHistory>('operator/api/settings/history?limit=100'), {
    every: stored,
    on: 'gateway.settings',
  })
  return (
    <Panel title={texts.history} flush>
      <Answer of={history}>
        {({ changes }) =>
          changes.length === 0 ? (
            <Empty icon="audit" title={texts.noHistory} />
          ) : (
            <Table<SettingChange>
              label={texts.history}
              rows={changes}
              rowKey={(row) => row.id}
              columns={[
                { name: texts.when, cell: (row) => <Time at={row.at} date /> },
                { name: texts.key, cell: (row) => <bdi class="mono">{plain(row.key, 64)}</bdi> },
                { name: texts.change, cell: (row) => word(texts.changes, row.change) },
                { name: texts.by, cell: (row) => plain(row.by ?? '–', 60) },
                { name: texts.before, cell: (row) => <Value of={row.before} />, wide: true },
                { name: texts.after, cell: (row) => <Value of={row.after} />, wide: true },
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
        }
      </Answer>
    </Panel>
  )
}
