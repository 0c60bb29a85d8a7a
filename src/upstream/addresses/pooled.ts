/** An upstream of several addresses, with all its layers. */
import type { PeerName } from '../../config/config.ts'
import { retryBudget } from '../../lib/retry-budget.ts'
import type { Upstream, UpstreamState } from '../../ports/index.ts'
import type { LayerOrder, RequestRules } from '../layered.ts'
import { tellsCircuit } from '../layers/circuit-turn.ts'
import { isTransient, neverArrived } from '../layers/retry.ts'
import type { UpstreamSetup } from '../setup.ts'
import type { LayeredHandshake } from '../websocket/target.ts'
import { type AddressPool, addressPool } from './pool.ts'

export interface Pooled {
  pool: AddressPool
  upstream: Upstream
  handshake: LayeredHandshake
  read(): Partial<UpstreamState>
}

/** What was in flight at an address that dies is asked of another, even where that is most of the traffic. */
const budgetRules = { share: 0.2, minimum: 10, windowS: 10 }

/** `triesAlone` takes the further tries of what was under way when a reload left one address of several. */
export function pooledUpstream(
  name: PeerName,
  setup: UpstreamSetup,
  { eachTry, whole }: LayerOrder,
  triesAlone: Upstream,
): Pooled {
  const budget = retryBudget(budgetRules)
  const pool = addressPool({ ...setup, name, budget, triesAlone, changed: tellsCircuit(name, setup) })
  const around = (tries: Upstream, isRetryable: RequestRules['isRetryable']): Upstream => {
    const layered = whole(tries, { isRetryable, budget, goesElsewhere: pool.goesElsewhere })
    return (target, init) => layered(target, { ...init, visited: new Set() })
  }
  return {
    pool,
    upstream: around(pool.tries(eachTry), isTransient),
    handshake: (shakeHandsAt, chosen) => around(pool.handshake(shakeHandsAt, eachTry, chosen), neverArrived),
    read: () => ({ ...pool.read(), retryBudget: budget.read(setup.clock.monotonic()) }),
  }
}
