/** What a service is now, beside what the last round of the minute found. */
import { read, vx11 } from '../../core/api.ts'
import { measured, useReading } from '../../core/reading.ts'
import { truthName } from '../../core/services.ts'
import type { Service } from '../../core/shapes.ts'
import { milliseconds } from '../../ui/format.ts'
import { State } from '../../ui/state.tsx'

/** By the names of the truth. */
export function useServices(): ReadonlyMap<string, Service> {
  const status = useReading(() => read(vx11.operator.api.status.$get()), { every: measured, on: 'gateway.' })
  const { core_services = {}, optional_services = {} } = status.data ?? {}
  return new Map(Object.entries({ ...core_services, ...optional_services }).map(([id, each]) => [truthName(id), each]))
}

export const LiveState = ({ of: service }: { of: Service | undefined }) =>
  service ? (
    <span>
      <State state={service.status} />{' '}
      <span class="muted small nowrap">{service.latency_ms === null ? null : milliseconds(service.latency_ms)}</span>
    </span>
  ) : (
    <span class="muted">–</span>
  )
