/** One service: its looks of two hours, its latency against its own history, its changes. */
import { call } from '../../core/api.ts'
import { stored, useReading } from '../../core/reading.ts'
import { link } from '../../core/router.ts'
import { t, word } from '../../texts/index.ts'
import { reasonText } from '../../ui/advice.ts'
import { Answer, Empty } from '../../ui/answers.tsx'
import { AvailabilityBar } from '../../ui/availability.tsx'
import { milliseconds, number, percent } from '../../ui/format.ts'
import { plain } from '../../ui/hostile-text.ts'
import { Icon } from '../../ui/icon.tsx'
import { Plot } from '../../ui/lazy-plot.tsx'
import { Facts, Figure, Panel } from '../../ui/panel.tsx'
import { State } from '../../ui/state.tsx'
import { Table } from '../../ui/table.tsx'
import { momentText, Time } from '../../ui/time.tsx'
import { LiveState, useServices } from './live-state.tsx'
import type { OneReport } from './shapes.ts'

export function OneService({ name }: { name: string }) {
  const report = useReading(() => call<OneReport>(`operator/api/truth/${encodeURIComponent(name)}`), {
    every: stored,
    key: name,
    on: 'gateway.',
  })
  return (
    <div class="stack">
      <p>
        <a href={link('truth')}>← {t().truth.all}</a>
      </p>
      <Answer of={report}>{(data) => <Service report={data} />}</Answer>
    </div>
  )
}

function Service({ report }: { report: OneReport }) {
  const texts = t().truth
  const { service, recent } = report
  const live = useServices()
  return (
    <>
      {service.prediction ? <Predicted of={service.prediction} /> : null}
      <div class="figures-row">
        <Figure
          label={service.service}
          value={word(t().states, service.status)}
          tone={service.status === 'OK' ? 'ok' : service.status === 'BROKEN' ? 'bad' : 'none'}
          note={
            service.since ? (
              <>
                {texts.since} <Time at={service.since} ago />
              </>
            ) : null
          }
        />
        <Figure label={texts.now} value={<LiveState of={live.get(service.service)} />} />
        <Figure
          label={texts.latency}
          value={milliseconds(service.latency_ms)}
          note={`p50 ${milliseconds(service.last_24_hours?.p50_ms)} · p95 ${milliseconds(service.last_24_hours?.p95_ms)}`}
        />
        <Available label={texts.hour} of={service.last_hour} parts={service.hour_parts} />
        <Available label={texts.day} of={service.last_24_hours} parts={service.hours} />
        <Available label={texts.week} of={service.last_7_days} parts={service.week_parts} />
      </div>
      <Panel title={texts.looksOfTwoHours}>
        {recent.length === 0 ? <Empty icon="truth" title={texts.noLooks} /> : <Looks report={report} />}
      </Panel>
      <div class="columns">
        <Changes changes={report.changes} />
        <Panel title={texts.lastLook}>
          <Facts
            of={[
              [texts.checked, <Time at={service.checked_at} date />],
              [texts.path, <span class="mono">{service.endpoint_ok ?? '–'}</span>],
              ['HTTP', service.http_code ?? '–'],
              [texts.why, service.reason ? reasonText(service.reason) : '–'],
              [texts.said, <bdi class="mono break">{plain(service.snippet ?? '–', 400)}</bdi>],
            ]}
          />
        </Panel>
      </div>
    </>
  )
}

type Spans = OneReport['service']

function Available({ label, of, parts }: { label: string; of: Spans['last_hour']; parts: Spans['hours'] }) {
  const pct = of?.availability_pct ?? null
  return (
    <Figure
      label={label}
      value={percent(pct, 2)}
      note={
        <>
          <AvailabilityBar parts={parts} pct={pct} /> {t().truth.looks(number(of?.looks ?? 0))}
        </>
      }
    />
  )
}

function Looks({ report: { recent, service } }: { report: OneReport }) {
  const prediction = service.prediction?.kind === 'latency' ? service.prediction : null
  return (
    <>
      <div class="looks" role="img" aria-label={t().truth.looks(number(recent.length))}>
        {recent.map((look) => (
          <i
            key={look.at}
            class={`tone-${look.status === 'OK' ? 'ok' : look.status === 'BROKEN' ? 'bad' : look.status === 'OFF_BY_POLICY' ? 'sleep' : 'none'}`}
            title={`${momentText(Date.parse(look.at))} · ${word(t().states, look.status)} · ${milliseconds(look.latency_ms)}`}
          />
        ))}
      </div>
      <Plot
        label={t().truth.latency}
        times={recent.map(({ at }) => Date.parse(at) / 1000)}
        lines={[{ label: t().truth.latency, values: recent.map(({ latency_ms }) => latency_ms), fill: true }]}
        format={milliseconds}
        level={prediction ? { value: prediction.usual, label: t().truth.usual } : undefined}
      />
    </>
  )
}

function Predicted({ of }: { of: NonNullable<OneReport['service']['prediction']> }) {
  const texts = t().truth
  const figure = (value: number) => (of.kind === 'latency' ? milliseconds(value) : number(value, 4))
  return (
    <div class="notice tone-warn" role="status">
      <Icon name="alert" />
      <div>
        <strong>{texts.predictions[of.kind]}</strong> {texts.usual}: {figure(of.usual)}, {texts.seen}: {figure(of.seen)}{' '}
        · <Time at={of.since} ago />
      </div>
    </div>
  )
}

function Changes({ changes }: { changes: OneReport['changes'] }) {
  const texts = t().truth
  return (
    <Panel title={texts.changes} flush>
      {changes.length === 0 ? (
        <Empty icon="truth" title={texts.noChanges} />
      ) : (
        <Table
          label={texts.changes}
          rows={[...changes].reverse()}
          rowKey={(change) => change.at}
          columns={[
            { name: texts.when, cell: (change) => <Time at={change.at} date /> },
            { name: texts.from, cell: (change) => <State state={change.from} /> },
            { name: texts.to, cell: (change) => <State state={change.to} /> },
          ]}
        />
      )}
    </Panel>
  )
}
