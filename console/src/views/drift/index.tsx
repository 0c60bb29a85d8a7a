/** How far VX11 is from its canon: the last audit by area, what differs and what to do, and an audit now. */
import { call, send } from '../../core/api.ts'
import { problemOf } from '../../core/problem.ts'
import { stored, useReading } from '../../core/reading.ts'
import type { Drift } from '../../core/shapes.ts'
import { t } from '../../texts/index.ts'
import { Answer, Empty } from '../../ui/answers.tsx'
import { Button } from '../../ui/button.tsx'
import { saveAs } from '../../ui/copy.ts'
import { number } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { Figure, Panel } from '../../ui/panel.tsx'
import { Time } from '../../ui/time.tsx'
import { toast } from '../../ui/toast.tsx'
import { Areas } from './areas.tsx'
import { Drifts } from './drifts.tsx'
import { Unasked } from './unasked.tsx'

async function downloadReport(): Promise<void> {
  const response = await send('operator/api/drift?format=md')
  if (!response.ok) throw await problemOf(response)
  saveAs(await response.blob(), 'VX11_DRIFT_REPORT.md')
}

export default function DriftView() {
  const texts = t().drift
  const drift = useReading(() => call<Drift>('operator/api/drift'), {
    every: stored,
    on: 'gateway.drift',
  })
  const auditNow = async () => {
    const report = await call<Drift>('operator/api/drift', { method: 'POST' }).finally(drift.reload)
    toast('ok', texts.audited(texts.statuses[report.status]))
  }
  const hasReport = drift.data !== undefined && drift.data.audited_at !== null
  return (
    <div class="stack">
      <div class="row between">
        <p class="muted small">{texts.what}</p>
        <div class="row">
          <Button
            kind="quiet"
            icon="down"
            label={texts.report}
            disabled={hasReport ? null : texts.statuses.never_audited}
            onRun={downloadReport}
          />
          <Button icon="refresh" label={texts.auditNow} needs="operator" onRun={auditNow} />
        </div>
      </div>
      <Answer of={drift}>{(report) => <Report report={report} />}</Answer>
    </div>
  )
}

function Report({ report }: { report: Drift }) {
  const texts = t().drift
  if (report.audited_at === null)
    return (
      <Panel>
        <Empty icon="drift" title={texts.statuses.never_audited}>
          {texts.neverMeans}
        </Empty>
      </Panel>
    )
  return (
    <>
      {report.unrecorded ? (
        <div class="notice tone-warn" role="status">
          <Icon name="alert" />
          <div>{texts.unrecorded}</div>
        </div>
      ) : null}
      <Figures report={report} />
      <Areas areas={report.areas} />
      <Drifts report={report} />
      <Unasked unknown={report.unknown} />
    </>
  )
}

const tones = { ok: 'ok', drift: 'warn', incomplete: 'none', never_audited: 'none' } as const

function Figures({ report }: { report: Drift }) {
  const texts = t().drift
  const grave = report.drifts.filter(({ severity }) => severity !== 'low').length
  return (
    <div class="figures-row">
      <Figure
        label={texts.status}
        value={texts.statuses[report.status]}
        tone={tones[report.status]}
        note={report.trigger ? texts.triggers[report.trigger] : null}
      />
      <Figure label={texts.grave} value={number(grave)} tone={grave > 0 ? 'warn' : 'none'} note={texts.graveMeans} />
      <Figure label={texts.small} value={number(report.drifts.length - grave)} note={texts.smallMeans} />
      <Figure
        label={texts.auditedAt}
        value={<Time at={report.audited_at} ago />}
        note={
          <>
            {texts.next} <Time at={report.next_audit_at} date />
          </>
        }
      />
    </div>
  )
}
