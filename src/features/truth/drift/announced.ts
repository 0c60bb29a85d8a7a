/** The events of an audit: one for each area in which something is new, one for each in which something is over. */
import type { ChangeOrigin, GatewayEvent } from '../../../ports/index.ts'
import { listed, ownModule } from './findings.ts'
import { type Drift, driftAreas } from './schema.ts'

export const driftChanges = (
  found: readonly Drift[],
  resolved: readonly Drift[],
  origin: ChangeOrigin,
): GatewayEvent[] => [...byArea('found', found, origin), ...byArea('resolved', resolved, origin)]

const maxTold = 20

const byArea = (turn: 'found' | 'resolved', drifts: readonly Drift[], origin: ChangeOrigin): GatewayEvent[] =>
  driftAreas.flatMap((area) => {
    const own = drifts.filter((drift) => drift.area === area)
    if (own.length === 0) return []
    const names = own.map(({ module, subject }) => `${module} ${subject}`)
    const words = turn === 'found' ? 'differs from the canon' : 'is as the canon has it again'
    const { principal, correlationId } = origin
    return {
      type: `gateway.drift.${turn}`,
      severity: turn === 'found' ? severityOf(own) : 'info',
      module: ownModule,
      summary: `${area}: ${listed(names)} ${words}`.slice(0, 500),
      payload: { area, count: own.length, drifts: own.slice(0, maxTold), principal },
      ...(correlationId !== null && { correlationId }),
    } satisfies GatewayEvent
  })

function severityOf(drifts: readonly Drift[]): GatewayEvent['severity'] {
  if (drifts.some(({ severity }) => severity === 'critical')) return 'crit'
  return drifts.every(({ severity }) => severity === 'low') ? 'info' : 'warn'
}
