/** How the database is, how it is kept, and what is in it. */
import { call, read, vx11 } from '../../core/api.ts'
import { measured, stored, useReading } from '../../core/reading.ts'
import type { Maintenance as MaintenanceState } from '../../core/shapes.ts'
import { t } from '../../texts/index.ts'
import { Answer } from '../../ui/answers.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Backups } from './backups.tsx'
import { AtAGlance } from './glance.tsx'
import { Ledger } from './ledger.tsx'
import { MaintenancePanel } from './maintenance.tsx'
import { Retention } from './retention.tsx'
import { Tables } from './tables.tsx'
import './database.css'

export default function Database() {
  const summary = useReading(() => read(vx11.vx11.db.summary.$get()), { every: stored })
  const maintenance = useReading(() => call<MaintenanceState>('operator/api/maintenance'), {
    every: measured,
    on: 'gateway.maintenance',
  })
  return (
    <div class="stack">
      <Answer of={summary}>{(data) => <AtAGlance summary={data} maintenance={maintenance.data} />}</Answer>
      <div class="columns">
        <Answer of={maintenance}>{(data) => <MaintenancePanel state={data} reload={maintenance.reload} />}</Answer>
        <Ledger />
      </div>
      <Backups />
      <Panel title={t().database.retention} flush>
        <Answer of={maintenance}>{(data) => <Retention report={data.last} />}</Answer>
      </Panel>
      <Panel title={t().database.tables} flush>
        <Answer of={maintenance}>
          {(data) => (
            <Tables
              counts={data.last?.steps.counts?.result?.tables ?? null}
              sizes={data.last?.steps.counts?.result?.bytes ?? null}
              countedAt={data.last?.finished_at ?? null}
            />
          )}
        </Answer>
      </Panel>
    </div>
  )
}
