/** The last quarter of an hour, every two seconds. */
import { read, vx11 } from '../../core/api.ts'
import { measured, useReading } from '../../core/reading.ts'
import { t } from '../../texts/index.ts'
import { Answer } from '../../ui/answers.tsx'
import { bytes, milliseconds, number, percent } from '../../ui/format.ts'
import { Plot } from '../../ui/lazy-plot.tsx'
import { Figure, Panel } from '../../ui/panel.tsx'
import { one, type Sample, sum } from './exposition.ts'
import { readMeters, ticks } from './meters.ts'
import { Refusals, Routes, Upstreams } from './tables.tsx'

export function Live() {
  const meters = useReading(readMeters, { every: measured })
  const breakers = useReading(() => read(vx11.vx11['circuit-breaker'].status.$get()), {
    every: measured,
    on: 'gateway.breaker',
  })
  return (
    <div class="stack">
      <Answer of={meters}>
        {(samples) => (
          <>
            <Figures samples={samples} />
            <Plots />
          </>
        )}
      </Answer>
      <Panel title={t().traffic.upstreams} flush class="upstreams">
        <Answer of={breakers}>{(data) => <Upstreams breakers={data.breakers} samples={meters.data ?? []} />}</Answer>
      </Panel>
      {meters.data ? (
        <div class="split">
          <Routes samples={meters.data} />
          <Refusals samples={meters.data} />
        </div>
      ) : null}
    </div>
  )
}

function Figures({ samples }: { samples: readonly Sample[] }) {
  const texts = t().traffic
  const now = ticks.value.at(-1)
  const total = sum(samples, 'vx11_http_request_duration_seconds_count')
  const failed = sum(samples, 'vx11_http_request_duration_seconds_count', ({ status }) =>
    (status ?? '').startsWith('5'),
  )
  const hits = one(samples, 'cache_hit_total') ?? 0
  const looks = hits + (one(samples, 'cache_miss_total') ?? 0)
  return (
    <div class="figures-row">
      <Figure label={texts.rate} value={number(now?.requests, 1)} note={texts.sinceStart(number(total))} />
      <Figure
        label={texts.errorShare}
        value={percent(total > 0 ? (failed / total) * 100 : null, 2)}
        tone={failed > 0 ? 'warn' : 'none'}
        note={texts.failures(number(failed))}
      />
      <Figure
        label="p95"
        value={milliseconds(now?.p95)}
        note={`p50 ${milliseconds(now?.p50)} · p99 ${milliseconds(now?.p99)}`}
      />
      <Figure label={texts.inFlight} value={number(now?.inFlight)} note={texts.toUpstreams} />
      <Figure
        label={texts.cacheHits}
        value={percent(looks > 0 ? (hits / looks) * 100 : null, 1)}
        note={texts.lookUps(number(looks))}
      />
      <Figure label={texts.loop} value={milliseconds(now?.loopMs)} note={texts.memoryNote(bytes(now?.memory))} />
    </div>
  )
}

function Plots() {
  const texts = t().traffic
  const all = ticks.value
  const times = all.map(({ at }) => at)
  return (
    <div class="plots">
      <Panel title={texts.rate}>
        <Plot
          label={texts.rate}
          times={times}
          format={(value) => number(value, 1)}
          lines={[
            { label: texts.all, values: all.map(({ requests }) => requests), fill: true },
            { label: texts.errors, values: all.map(({ errors }) => errors), colour: 3 },
          ]}
        />
      </Panel>
      <Panel title={texts.latency}>
        <Plot
          label={texts.latency}
          times={times}
          format={milliseconds}
          lines={[
            { label: 'p50', values: all.map(({ p50 }) => p50) },
            { label: 'p95', values: all.map(({ p95 }) => p95) },
            { label: 'p99', values: all.map(({ p99 }) => p99) },
          ]}
        />
      </Panel>
      <Panel title={texts.loop}>
        <Plot
          label={texts.loop}
          times={times}
          format={milliseconds}
          lines={[{ label: texts.loop, values: all.map(({ loopMs }) => loopMs), fill: true }]}
        />
      </Panel>
      <Panel title={texts.memory}>
        <Plot
          label={texts.memory}
          times={times}
          format={bytes}
          lines={[{ label: texts.memory, values: all.map(({ memory }) => memory), fill: true }]}
        />
      </Panel>
    </div>
  )
}
