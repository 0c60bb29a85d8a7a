/** When disk, log, event queue and tokens are used up if it goes on like this, or why nobody can say. */
import { read, vx11 } from '../../core/api.ts'
import { stored, useReading } from '../../core/reading.ts'
import type { Forecasts as Report } from '../../core/shapes.ts'
import { t } from '../../texts/index.ts'
import { Answer } from '../../ui/answers.tsx'
import { bytes, number, seconds } from '../../ui/format.ts'
import { plain } from '../../ui/hostile-text.ts'
import { Panel } from '../../ui/panel.tsx'
import { State } from '../../ui/state.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'

type Forecast = Report['forecasts'][number]

export function Forecasts() {
  const texts = t().forecasts
  const forecasts = useReading(() => read(vx11.operator.api.forecasts.$get()), {
    every: stored,
    on: 'gateway.health',
  })
  return (
    <Panel
      title={texts.title}
      note={
        forecasts.data ? (
          <>
            {texts.measured} <Time at={forecasts.data.measured_at} ago />
          </>
        ) : null
      }
      flush
    >
      <Answer of={forecasts}>
        {(data) => (
          <Table
            label={texts.title}
            rows={data.forecasts}
            rowKey={({ name }) => name}
            columns={[
              { name: texts.resource, cell: (each) => <Resource of={each} /> },
              { name: texts.used, cell: (each) => <Used of={each} />, figures: true },
              { name: texts.perHour, cell: (each) => growth(each), figures: true, wide: true },
              { name: texts.usedUp, cell: (each) => <UsedUp of={each} /> },
              { name: texts.announced, cell: ({ horizon_s }) => texts.within(seconds(horizon_s)), wide: true },
            ]}
          />
        )}
      </Answer>
    </Panel>
  )
}

const amount = ({ unit }: Forecast, value: number | null) => (unit === 'bytes' ? bytes(value) : number(value))

function Resource({ of: { name, principal } }: { of: Forecast }) {
  return (
    <>
      <strong>{t().forecasts.resources[name]}</strong>
      {principal ? <bdi class="muted small"> {plain(principal, 64)}</bdi> : null}
    </>
  )
}

function Used({ of: each }: { of: Forecast }) {
  if (each.used === null) return <span class="muted">–</span>
  const share = each.limit ? Math.min(100, (each.used / each.limit) * 100) : 0
  return (
    <span class="forecast-use">
      {amount(each, each.used)} / {amount(each, each.limit)}
      <span class="meter">
        <i style={{ width: `${share}%` }} />
      </span>
    </span>
  )
}

function growth(each: Forecast): string {
  if (each.per_hour === null) return '–'
  const sign = each.per_hour > 0 ? '+' : each.per_hour < 0 ? '−' : ''
  return sign + amount(each, Math.abs(each.per_hour))
}

function UsedUp({ of: { at, reason, raised } }: { of: Forecast }) {
  const texts = t().forecasts
  return (
    <>
      {raised ? <State state="warn" label={texts.near} /> : null}{' '}
      {at ? <Time at={at} date /> : <span class="muted">{reason ? texts.reasons[reason] : '–'}</span>}
    </>
  )
}
