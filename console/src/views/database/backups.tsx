/** The copies of the database that are there, by their files. */
import { read, vx11 } from '../../core/api.ts'
import { stored, useReading } from '../../core/reading.ts'
import { t, word } from '../../texts/index.ts'
import { Answer, Empty } from '../../ui/answers.tsx'
import { bytes, number } from '../../ui/format.ts'
import { plain } from '../../ui/hostile-text.ts'
import { Panel } from '../../ui/panel.tsx'
import { State } from '../../ui/state.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'

export function Backups() {
  const texts = t().database
  const found = useReading(() => read(vx11.operator.api.maintenance.backups.$get()), {
    every: stored,
    on: 'gateway.maintenance',
  })
  const { total_bytes: total = null, keep = null } = found.data ?? {}
  return (
    <Panel title={texts.backups} note={total === null ? null : texts.backupsNote(bytes(total), number(keep))} flush>
      <Answer of={found}>
        {({ backups, reason }) =>
          backups === null || backups.length === 0 ? (
            <Empty icon="database" title={reason === null ? texts.noBackups : word(t().reasons, reason)} />
          ) : (
            <Table
              label={texts.backups}
              rows={backups}
              rowKey={(row) => `${row.archived} ${row.file}`}
              columns={[
                { name: texts.file, cell: (row) => <span class="mono break">{plain(row.file, 120)}</span> },
                { name: texts.made, cell: (row) => <Time at={row.created_at} date /> },
                { name: texts.size, cell: (row) => bytes(row.bytes), figures: true },
                {
                  name: texts.restorable,
                  cell: (row) => (
                    <State
                      state={row.verifiable ? 'ok' : null}
                      label={row.verifiable ? texts.withChecksum : texts.withoutChecksum}
                    />
                  ),
                },
                {
                  name: texts.place,
                  cell: (row) => (row.archived ? texts.archivedPlace : texts.inPlace),
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
