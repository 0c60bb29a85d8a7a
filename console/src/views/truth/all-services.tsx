/** All services with their availability over an hour, a day and a week, and the report to take along. */
import { call, send } from '../../core/api.ts'
import { problemOf } from '../../core/problem.ts'
import { stored, useReading } from '../../core/reading.ts'
import { link } from '../../core/router.ts'
import { t, word } from '../../texts/index.ts'
import { reasonText } from '../../ui/advice.ts'
import { Answer } from '../../ui/answers.tsx'
import { AvailabilityBar } from '../../ui/availability.tsx'
import { Button } from '../../ui/button.tsx'
import { saveAs } from '../../ui/copy.ts'
import { milliseconds, percent } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { Figure, Panel } from '../../ui/panel.tsx'
import { State } from '../../ui/state.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { Forecasts } from './forecasts.tsx'
import { LiveState, useServices } from './live-state.tsx'
import type { Report, ServiceTruth } from './shapes.ts'

async function downloadReport(): Promise<void> {
  const response = await send('operator/api/truth?format=md')
  if (!response.ok) throw await problemOf(response)
  saveAs(await response.blob(), 'VX11_RUNTIME_TRUTH_REPORT.md')
}

export function AllServices() {
  const texts = t().truth
  const truth = useReading(() => call<Report>('operator/api/truth'), { every: stored, on: 'gateway.' })
  return (
    <div class="stack">
      <Answer of={truth}>
        {(report) => (
          <>
            {report.history_missing ? (
              <div class="notice tone-info" role="status">
                <Icon name="info" />
                <div>{word(t().reasons, report.history_missing)}</div>
              </div>
            ) : null}
            <Counts report={report} />
            <Panel
              title={texts.services}
              note={
                <>
                  {texts.lastRound} <Time at={report.generated_at} ago />
                </>
              }
              actions={<Button kind="quiet" icon="down" label={texts.report} onRun={downloadReport} />}
              flush
            >
              <Services services={report.services} />
            </Panel>
          </>
        )}
      </Answer>
      <Forecasts />
    </div>
  )
}

function Counts({ report: { summary } }: { report: Report }) {
  return (
    <div class="figures-row">
      <Figure label={t().states.OK} value={summary.ok} tone="ok" />
      <Figure label={t().states.BROKEN} value={summary.broken} tone={summary.broken > 0 ? 'bad' : 'none'} />
      <Figure
        label={t().states.OFF_BY_POLICY}
        value={summary.off_by_policy}
        tone={summary.off_by_policy > 0 ? 'sleep' : 'none'}
      />
      <Figure label={t().states.UNKNOWN} value={summary.unknown} />
    </div>
  )
}

function Services({ services }: { services: readonly ServiceTruth[] }) {
  const texts = t().truth
  const live = useServices()
  return (
    <Table
      label={texts.services}
      rows={services}
      rowKey={(row) => row.service}
      href={(row) => link('truth', row.service)}
      columns={[
        { name: texts.service, cell: (row) => <strong>{row.service}</strong> },
        { name: texts.now, cell: (row) => <LiveState of={live.get(row.service)} /> },
        {
          name: texts.verdict,
          cell: (row) => (
            <>
              <State state={row.status} />
              {row.prediction ? <State state="warn" label={texts.predicted} /> : null}
            </>
          ),
        },
        {
          name: texts.why,
          cell: (row) =>
            row.reason ? reasonText(row.reason) : <span class="mono muted">{row.endpoint_ok ?? '–'}</span>,
        },
        { name: texts.latency, cell: (row) => milliseconds(row.latency_ms), figures: true },
        {
          name: texts.hour,
          cell: (row) => <Span of={row.last_hour} parts={row.hour_parts} />,
          figures: true,
        },
        {
          name: texts.day,
          cell: (row) => <Span of={row.last_24_hours} parts={row.hours} />,
          figures: true,
          wide: true,
        },
        {
          name: texts.week,
          cell: (row) => <Span of={row.last_7_days} parts={row.week_parts} />,
          figures: true,
          wide: true,
        },
        {
          name: 'p50 / p95',
          cell: (row) => `${milliseconds(row.last_24_hours?.p50_ms)} / ${milliseconds(row.last_24_hours?.p95_ms)}`,
          figures: true,
          wide: true,
        },
        { name: texts.since, cell: (row) => <Time at={row.since} ago />, wide: true },
      ]}
    />
  )
}

function Span({ of, parts }: { of: ServiceTruth['last_hour']; parts: ServiceTruth['hours'] }) {
  const pct = of?.availability_pct ?? null
  return (
    <span class="span-bar">
      {percent(pct, 2)} <AvailabilityBar parts={parts} pct={pct} />
    </span>
  )
}
