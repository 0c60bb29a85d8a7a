/** Providers and models as hermes registered them. */
import type { HermesCatalog } from '../../../../src/features/hermes/schema.ts'
import { t } from '../../texts/index.ts'
import { Empty } from '../../ui/answers.tsx'
import { number } from '../../ui/format.ts'
import { plain } from '../../ui/hostile-text.ts'
import { State } from '../../ui/state.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'

export function Providers({ providers }: { providers: HermesCatalog['cli_providers'] }) {
  const texts = t().hermes
  if (providers.length === 0) return <Empty icon="hermes" title={texts.noProviders} />
  return (
    <Table
      label={texts.providers}
      rows={providers}
      rowKey={(row) => row.name}
      columns={[
        { name: texts.name, cell: (row) => <strong>{plain(row.name, 60)}</strong> },
        {
          name: texts.status,
          cell: (row) => (
            <State state={row.enabled ? 'active' : 'skipped'} label={row.enabled ? texts.enabled : texts.disabled} />
          ),
        },
        { name: texts.tasks, cell: (row) => plain(row.task_types.join(', '), 200), wide: true },
        {
          name: texts.tokensToday,
          cell: (row) => `${number(row.tokens_used_today)} / ${number(row.daily_limit_tokens)}`,
          figures: true,
        },
        { name: texts.updated, cell: (row) => <Time at={row.updated_at} ago />, wide: true },
      ]}
    />
  )
}

export function Models({ models }: { models: HermesCatalog['models'] }) {
  const texts = t().hermes
  if (models.length === 0) return <Empty icon="hermes" title={texts.noModels} />
  return (
    <Table
      label={texts.models}
      rows={models}
      rowKey={(row) => row.name}
      columns={[
        { name: texts.name, cell: (row) => <strong>{plain(row.name, 80)}</strong> },
        { name: texts.status, cell: (row) => <State state={row.status} /> },
        { name: texts.category, cell: (row) => plain(row.category ?? '–', 40), wide: true },
        { name: 'MB', cell: (row) => number(row.size_mb), figures: true },
        { name: texts.updated, cell: (row) => <Time at={row.updated_at ?? row.downloaded_at} ago />, wide: true },
      ]}
    />
  )
}
