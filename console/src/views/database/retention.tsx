/** What retention would delete, or deleted, by table. */
import type { Maintenance } from '../../core/shapes.ts'
import { t } from '../../texts/index.ts'
import { Empty } from '../../ui/answers.tsx'
import { number } from '../../ui/format.ts'
import { plain } from '../../ui/hostile-text.ts'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'

export function Retention({ report }: { report: Maintenance['last'] }) {
  const texts = t().database
  const result = report?.steps.retention?.result
  if (!result)
    return (
      <Empty icon="database" title={texts.noPlan}>
        {texts.noPlanMeans}
      </Empty>
    )
  return (
    <>
      {result.held ? <p class="hint held">{texts.held}</p> : null}
      <Table
        label={texts.retention}
        rows={result.tables}
        rowKey={(row) => row.table}
        columns={[
          { name: texts.table, cell: (row) => <span class="mono">{row.table}</span> },
          { name: texts.keptDays, cell: (row) => number(row.days), figures: true },
          { name: texts.cutoff, cell: (row) => <Time at={row.cutoff} date />, wide: true },
          {
            name: result.applied ? texts.eligible : texts.wouldGo,
            cell: (row) => (row.eligible === null ? plain(row.error ?? '–', 80) : number(row.eligible)),
            figures: true,
          },
          { name: texts.deletedRows, cell: (row) => number(row.deleted), figures: true },
          { name: texts.unreadable, cell: (row) => number(row.unreadable), figures: true, wide: true },
        ]}
      />
    </>
  )
}
