/** The six areas with what was compared; one of them is a filter of what differs. */
import { link } from '../../core/router.ts'
import type { Drift } from '../../core/shapes.ts'
import { t } from '../../texts/index.ts'
import { number } from '../../ui/format.ts'
import { Panel } from '../../ui/panel.tsx'
import { State } from '../../ui/state.tsx'
import { Table } from '../../ui/table.tsx'

export function Areas({ areas }: { areas: Drift['areas'] }) {
  const texts = t().drift
  return (
    <Panel title={texts.areasTitle} flush>
      <Table
        label={texts.areasTitle}
        rows={areas}
        rowKey={({ area }) => area}
        href={({ area, drifts }) => (drifts > 0 ? link('drift', null, { area }) : null)}
        columns={[
          { name: texts.area, cell: ({ area }) => <strong>{texts.areas[area]}</strong> },
          {
            name: texts.verdict,
            cell: ({ verdict }) => <State state={verdict} label={texts.verdicts[verdict]} />,
          },
          { name: texts.checked, cell: ({ checked }) => number(checked), figures: true },
          { name: texts.differ, cell: ({ drifts }) => number(drifts), figures: true },
          { name: texts.unasked, cell: ({ unknown }) => number(unknown), figures: true },
          { name: texts.against, cell: ({ area }) => <span class="muted">{texts.canons[area]}</span>, wide: true },
        ]}
      />
    </Panel>
  )
}
