/** Per upstream, per route, and who was refused by which rule. */
import type { JSX } from 'preact'
import type { Breakers } from '../../core/shapes.ts'
import { t, word } from '../../texts/index.ts'
import { reasonText } from '../../ui/advice.ts'
import { Empty } from '../../ui/answers.tsx'
import { milliseconds, number } from '../../ui/format.ts'
import { plain } from '../../ui/hostile-text.ts'
import { Panel } from '../../ui/panel.tsx'
import { State } from '../../ui/state.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { type Sample, sum } from './exposition.ts'
import { quantiles } from './meters.ts'

const exchanges = 'vx11_upstream_exchange_duration_seconds'

/** Since the start, health checks and models included; zero for one that was never asked. */
function exchangesOf(samples: readonly Sample[], upstream: string) {
  const isOf = (labels: Sample['labels']) => labels.upstream === upstream
  const count = sum(samples, `${exchanges}_count`, isOf)
  const failed = sum(samples, `${exchanges}_count`, (labels) => isOf(labels) && !/^[1-4]/.test(labels.status ?? ''))
  return {
    count,
    failed,
    mean: count === 0 ? null : (sum(samples, `${exchanges}_sum`, isOf) / count) * 1000,
    p95: quantiles([], samples, isOf, exchanges)(0.95),
  }
}

type Breaker = Breakers['breakers'][string]
type Address = NonNullable<Breaker['addresses']>[number]

/** What an upstream and one of its addresses have in common; what an address has not is absent. */
interface UpstreamRow {
  key: string
  name: JSX.Element
  one: Breaker | Address
  asked: { count: number; failed: number; mean: number | null; p95: number | null }
}

/** The addresses of an upstream that has several stand below it. */
const upstreamRows = (breakers: Breakers['breakers'], samples: readonly Sample[]): UpstreamRow[] =>
  Object.entries(breakers).flatMap(([upstream, one]) => [
    { key: upstream, name: <strong>{upstream}</strong>, one, asked: exchangesOf(samples, upstream) },
    ...(one.addresses ?? []).map((address) => addressRow(upstream, address, samples)),
  ])

function addressRow(upstream: string, address: Address, samples: readonly Sample[]): UpstreamRow {
  const { url, weight, tries } = address
  const count = tries.success + tries.failure + tries.unknown
  const isOf = (labels: Sample['labels']) => labels.upstream === upstream && labels.address === url
  const seconds = sum(samples, 'vx11_upstream_address_seconds_total', isOf)
  const name = (
    <>
      <span class="mono break">
        ↳&nbsp;{plain(url, 90)} ×&nbsp;{number(weight)}
      </span>
      <Health of={address.health} />
    </>
  )
  const mean = count === 0 ? null : (seconds / count) * 1000
  return { key: `${upstream} ${url}`, name, one: address, asked: { count, failed: tries.failure, mean, p95: null } }
}

/** What an address last said of itself; an upstream as a whole has none of its own. */
function Health({ of: last }: { of: Address['health'] }) {
  if (last === null) return null
  const { up, reason, latency_ms } = last
  return (
    <span class="below">
      <State state={up ? 'UP' : 'DOWN'} />{' '}
      <span class="muted small">{reason ? reasonText(reason) : milliseconds(latency_ms)}</span>
    </span>
  )
}

function Circuit({ of: one }: { of: Breaker | Address }) {
  return (
    <>
      <State state={one.state} label={word(t().states, `circuit_${one.state}`)} />
      {one.opened_until === null ? null : (
        <span class="below muted small">
          {t().traffic.opensUntil} <Time at={one.opened_until} />
        </span>
      )}
    </>
  )
}

const ofMany = (value: number, most: number) => `${number(value)} / ${number(most)}`

export function Upstreams({ breakers, samples }: { breakers: Breakers['breakers']; samples: readonly Sample[] }) {
  const texts = t().traffic
  return (
    <Table
      label={texts.upstreams}
      rows={upstreamRows(breakers, samples)}
      rowKey={({ key }) => key}
      columns={[
        { name: texts.upstream, cell: ({ name }) => name },
        { name: texts.circuit, cell: ({ one }) => <Circuit of={one} /> },
        { name: texts.requests, cell: ({ asked }) => number(asked.count), figures: true },
        { name: texts.failed, cell: ({ asked }) => number(asked.failed), figures: true },
        { name: texts.mean, cell: ({ asked }) => milliseconds(asked.mean), figures: true },
        { name: 'p95', cell: ({ asked }) => milliseconds(asked.p95), figures: true },
        { name: texts.failuresInRow, cell: ({ one }) => number(one.failure_count), figures: true },
        {
          name: texts.inFlight,
          cell: ({ one }) =>
            'max_in_flight' in one ? ofMany(one.in_flight, one.max_in_flight) : number(one.in_flight),
          figures: true,
        },
        {
          name: texts.retries,
          cell: ({ one }) =>
            'retry_budget' in one ? ofMany(one.retry_budget.retries, one.retry_budget.requests) : number(null),
          figures: true,
        },
        { name: texts.lastFailure, cell: ({ one }) => <Time at={one.last_failure} ago />, wide: true },
      ]}
    />
  )
}

interface RouteRow {
  key: string
  method: string
  route: string
  count: number
  failed: number
  mean: number
  p95: number | null
}

const duration = 'vx11_http_request_duration_seconds'

function routeRows(samples: readonly Sample[]): RouteRow[] {
  const rows = new Map<string, RouteRow & { seconds: number }>()
  for (const { name, labels, value } of samples) {
    if (name !== `${duration}_count` && name !== `${duration}_sum`) continue
    const [method = '', route = ''] = [labels.method, labels.route]
    const key = `${method} ${route}`
    const row = rows.get(key) ?? { key, method, route, count: 0, failed: 0, mean: 0, seconds: 0, p95: null }
    if (name.endsWith('_sum')) row.seconds += value
    else {
      row.count += value
      if ((labels.status ?? '').startsWith('5')) row.failed += value
    }
    rows.set(key, row)
  }
  const busiest = [...rows.values()].sort((a, b) => b.count - a.count).slice(0, 40)
  return busiest.map((row) => ({
    ...row,
    mean: (row.seconds / Math.max(1, row.count)) * 1000,
    p95: quantiles([], samples, ({ method, route }) => method === row.method && route === row.route)(0.95),
  }))
}

export function Routes({ samples }: { samples: readonly Sample[] }) {
  const texts = t().traffic
  return (
    <Panel title={texts.routes} note={texts.sinceStartNote} flush>
      <Table
        label={texts.routes}
        rows={routeRows(samples)}
        rowKey={(row) => row.key}
        columns={[
          {
            name: texts.route,
            cell: (row) => (
              <span class="mono">
                {row.method} {plain(row.route, 90)}
              </span>
            ),
          },
          { name: texts.requests, cell: (row) => number(row.count), figures: true },
          {
            name: '5xx',
            cell: (row) => (row.failed > 0 ? <span class="bad-figure">{number(row.failed)}</span> : '0'),
            figures: true,
          },
          { name: texts.mean, cell: (row) => milliseconds(row.mean), figures: true },
          { name: 'p95', cell: (row) => milliseconds(row.p95), figures: true },
        ]}
      />
    </Panel>
  )
}

export function Refusals({ samples }: { samples: readonly Sample[] }) {
  const texts = t().traffic
  const rows = samples.filter(({ name, value }) => name === 'vx11_rate_limit_rejections_total' && value > 0)
  return (
    <Panel title={texts.refusals} note={texts.sinceStartNote} flush>
      {rows.length === 0 ? (
        <Empty icon="check" title={texts.noRefusals} />
      ) : (
        <Table
          label={texts.refusals}
          rows={rows}
          rowKey={(row) => Object.values(row.labels).join()}
          columns={[
            { name: texts.rule, cell: (row) => Object.values(row.labels).join(', ') },
            { name: texts.requests, cell: (row) => number(row.value), figures: true },
          ]}
        />
      )}
    </Panel>
  )
}
