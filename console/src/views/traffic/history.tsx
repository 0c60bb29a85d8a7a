/** What each minute left in the database: requests, latency, processor, memory. */

import { useEffect } from 'preact/hooks'
import type { MetricBuckets } from '../../../../src/features/metrics/series/schema.ts'
import { call } from '../../core/api.ts'
import { stored, useReading } from '../../core/reading.ts'
import { t } from '../../texts/index.ts'
import { Answer, Empty } from '../../ui/answers.tsx'
import { milliseconds, number, percent } from '../../ui/format.ts'
import { Plot } from '../../ui/lazy-plot.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Table } from '../../ui/table.tsx'
import { lineOf, perMinute, totalsOf } from './series.ts'

export function History({ span }: { span: string }) {
  const texts = t().traffic
  const readBuckets = (period: string) => call<MetricBuckets>(`operator/api/metrics/buckets?period=${period}`)
  const all = useReading(() => readBuckets(span), { key: span })
  // A month takes long to add up, and changes once a minute: the shortest span says when.
  const newest = useReading(() => readBuckets('15m'), { every: stored })
  const minute = newest.data?.series[0]?.points.at(-1)?.at
  useEffect(() => {
    if (minute) void all.reload()
  }, [minute, all.reload])
  return (
    <Answer of={all}>
      {(data) =>
        data.series.length > 0 ? (
          <Charts data={data} />
        ) : (
          <Empty icon="traffic" title={texts.noHistory}>
            {texts.noHistoryMeans}
          </Empty>
        )
      }
    </Answer>
  )
}

function Charts({ data }: { data: MetricBuckets }) {
  const texts = t().traffic
  const line = (name: string, quantile: string | null = null) => lineOf(data, name, quantile)
  const [p50, p95, p99] = [line('latency_ms', 'p50'), line('latency_ms', 'p95'), line('latency_ms', 'p99')]
  const requests = perMinute(data)
  const [processor, memory, messages] = [line('cpu_percent'), line('ram_gib'), line('chat_throughput')]
  return (
    <div class="stack">
      <div class="plots">
        <Panel title={texts.perMinute}>
          <Plot
            label={texts.perMinute}
            times={requests.times}
            format={number}
            lines={[{ label: texts.all, values: requests.values, fill: true }]}
          />
        </Panel>
        <Panel title={texts.latency}>
          <Plot
            label={texts.latency}
            times={p50.times}
            format={milliseconds}
            lines={[
              { label: 'p50', values: p50.values },
              { label: 'p95', values: p95.values },
              { label: 'p99', values: p99.values },
            ]}
          />
        </Panel>
        <Panel title={texts.processor}>
          <Plot
            label={texts.processor}
            times={processor.times}
            format={percent}
            lines={[{ label: texts.processor, values: processor.values, fill: true }]}
          />
        </Panel>
        <Panel title={texts.memory}>
          <Plot
            label={texts.memory}
            times={memory.times}
            format={(value) => `${number(value, 2)} GiB`}
            lines={[{ label: texts.memory, values: memory.values, fill: true }]}
          />
        </Panel>
        <Panel title={texts.chatMessages}>
          <Plot
            label={texts.chatMessages}
            times={messages.times}
            format={number}
            lines={[{ label: texts.perMinuteShort, values: messages.values, fill: true }]}
          />
        </Panel>
      </div>
      <Panel title={texts.statistics} note={texts.bucketsNote(data.bucket_seconds / 60)} flush>
        <Table
          label={texts.statistics}
          rows={data.series.map(totalsOf)}
          rowKey={(row) => row.name}
          columns={[
            { name: texts.measure, cell: (row) => <span class="mono">{row.name}</span> },
            { name: texts.values, cell: (row) => number(row.count), figures: true },
            { name: 'min', cell: (row) => number(row.min, 2), figures: true },
            { name: texts.mean, cell: (row) => number(row.mean, 2), figures: true },
            { name: 'max', cell: (row) => number(row.max, 2), figures: true },
          ]}
        />
      </Panel>
    </div>
  )
}
