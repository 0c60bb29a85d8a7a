/** What an audit could not ask, and why: it is never counted as in order. */
import type { Drift } from '../../core/shapes.ts'
import { t } from '../../texts/index.ts'
import { reasonText } from '../../ui/advice.ts'
import { plain } from '../../ui/hostile-text.ts'
import { Panel } from '../../ui/panel.tsx'
import { Table } from '../../ui/table.tsx'

export function Unasked({ unknown }: { unknown: Drift['unknown'] }) {
  const texts = t().drift
  if (unknown.length === 0) return null
  return (
    <Panel title={texts.unaskedTitle} note={texts.unaskedMeans} flush>
      <Table
        label={texts.unaskedTitle}
        rows={unknown}
        rowKey={({ area, module }) => `${area} ${module}`}
        columns={[
          { name: texts.area, cell: ({ area }) => texts.areas[area] },
          { name: texts.module, cell: ({ module }) => plain(module, 64) },
          { name: texts.why, cell: ({ reason }) => reasonText(reason) },
        ]}
      />
    </Panel>
  )
}
