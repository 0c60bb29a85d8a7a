/** Everything that the gateway measures about VX11 and itself, made once for the app; its work for each minute is added. */
import { databaseHealth, type ReadDatabaseHealth } from '../../modules/database-health/database-health.ts'
import { rowCounter } from '../../modules/database-health/row-counts.ts'
import type { PowerPolicy } from '../../modules/power/power-policy.ts'
import type { AskSelf, Deps } from '../../ports/index.ts'
import { type Gates, productionGates } from './gates/service.ts'
import { type RuntimeTruth, runtimeTruth } from './service.ts'

export interface Measures {
  truth: RuntimeTruth
  gates: Gates
  readDatabaseHealth: ReadDatabaseHealth
}

interface Asking {
  policy: Pick<PowerPolicy, 'read'>
  ask: AskSelf
  /** The same routes over upstreams and a database that are gone, made anew. */
  degradedTwin: () => AskSelf
}

export function measures(ports: Deps, asking: Asking): Measures {
  const truth = runtimeTruth({ ...ports, ...asking })
  const readDatabaseHealth = databaseHealth(ports)
  ports.minutely.add(truth.keep).add(rowCounter(ports))
  return { truth, readDatabaseHealth, gates: productionGates({ ...ports, ...asking, truth, readDatabaseHealth }) }
}
