/** All that an operator looks at first, on one page. */
import { call, read, vx11 } from '../../core/api.ts'
import { measured, stored, useReading } from '../../core/reading.ts'
import { t } from '../../texts/index.ts'
import { Answer } from '../../ui/answers.tsx'
import { Panel } from '../../ui/panel.tsx'
import type { Report } from '../truth/shapes.ts'
import { Figures } from './figures.tsx'
import { Grades } from './grades.tsx'
import { LatestEvents } from './latest-events.tsx'
import { ServiceMap } from './map.tsx'
import { Reasons } from './reasons.tsx'
import { ServiceTable } from './service-table.tsx'
import { Stores } from './stores.tsx'
import './overview.css'

export default function Overview() {
  const texts = t().overview
  const status = useReading(() => read(vx11.operator.api.status.$get()), { every: measured, on: 'gateway.' })
  const topology = useReading(() => read(vx11.operator.api.topology.$get()), { every: 15_000, on: 'gateway.' })
  const truth = useReading(() => call<Report>('operator/api/truth'), { every: stored })
  const services = truth.data?.services ?? []
  return (
    <div class="stack">
      <Answer of={status}>
        {(data) => (
          <>
            <Reasons status={data} />
            <Figures status={data} services={services} />
          </>
        )}
      </Answer>
      <Panel title={texts.map} class="map-panel">
        <Answer of={topology}>{(data) => <ServiceMap topology={data} status={status.data} />}</Answer>
      </Panel>
      <Panel title={texts.services} flush>
        <Answer of={status}>{(data) => <ServiceTable status={data} truth={services} />}</Answer>
      </Panel>
      <div class="columns">
        <div class="stack">
          <Answer of={status}>{(data) => <Stores status={data} />}</Answer>
          <LatestEvents />
        </div>
        <Grades />
      </div>
    </div>
  )
}
