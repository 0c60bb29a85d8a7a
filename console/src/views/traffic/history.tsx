/** What each minute left in the database: requests, latency, processor, memory. */

import type { MetricsRead } from '../../../../src/features/metrics/series/schema.ts'
import { call } from '../../core/api.ts'
import { useReading } from '../../core/reading.ts'
import { t } from '../../texts/index.ts'
import { Answer, Empty } from '../../ui/answers.tsx'
import { milliseconds, number, percent } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { Plot } from '../../ui/lazy-plot.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Table } from '../../ui/table.tsx'
import { seriesOf } from './series.ts'

const ask = (name: string, span: string) =>
  call<MetricsRead>(`operator/api/metrics?name=${name}&period=${span}&limit=10000`)

export function History({ span }: { span: string }) {
  const texts = t().traffic
  const all = useReading(
    async () => {
      const [latency, cpu, ram, chat] = await Promise.all(
        ['latency_ms', 'cpu_percent', 'ram_gib', 'chat_throughput'].map((name) => ask(name, span)),
      )
      return { latency, cpu, ram, chat }
    },
    { key: span, every: 60_000 },
  )
  return (
    <Answer of={all}>
      {(data) =>
        data.latency && data.cpu && data.ram && data.chat && data.latency.count + data.ram.count > 0 ? (
          <Charts latency={data.latency} cpu={data.cpu} ram={data.ram} chat={data.chat} />
        ) : (
          <Empty icon="traffic" title={texts.noHistory}>
            {texts.noHistoryMeans}
          </Empty>
        )
      }
    </Answer>
  )
}

type ChartsProps = Record<'latency' | 'cpu' | 'ram' | 'chat', MetricsRead>

function Charts({ latency, cpu, ram, chat }: ChartsProps) {
  const texts = t().traffic
  const quantile = (name: string) => seriesOf(latency.metrics.filter(({ dimensions }) => dimensions.quantile === name))
  const [p50, p95, p99] = [quantile('p50'), quantile('p95'), quantile('p99')]
  const requests = seriesOf(
    latency.metrics.filter(({ dimensions }) => dimensions.quantile === 'p50'),
    ({ dimensions }) => (typeof dimensions.requests === 'number' ? dimensions.requests : null),
    'sum',
  )
  const [processor, memory, messages] = [
    seriesOf(cpu.metrics),
    seriesOf(ram.metrics, undefined, 'sum'),
    seriesOf(chat.metrics, undefined, 'sum'),
  ]
  return (
    <div class="stack">
      {latency.has_more ? (
        <div class="notice tone-info" role="status">
          <Icon name="info" />
          <div>{texts.cut}</div>
        </div>
      ) : null}
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
      <Panel title={texts.statistics} flush>
        <Table
          label={texts.statistics}
          rows={[latency, cpu, ram, chat].flatMap(({ statistics }) => statistics)}
          rowKey={(row) => `${row.metric_name}${row.quantile ?? ''}`}
          columns={[
            {
              name: texts.measure,
              cell: (row) => (
                <span class="mono">
                  {row.metric_name}
                  {row.quantile ? ` ${row.quantile}` : ''}
                  {row.unit ? ` (${row.unit})` : ''}
                </span>
              ),
            },
            { name: texts.values, cell: (row) => number(row.count), figures: true },
            { name: 'min', cell: (row) => number(row.min, 2), figures: true },
            { name: texts.mean, cell: (row) => number(row.avg, 2), figures: true },
            { name: 'p95', cell: (row) => number(row.p95, 2), figures: true },
            { name: 'max', cell: (row) => number(row.max, 2), figures: true },
          ]}
        />
      </Panel>
    </div>
  )
}
