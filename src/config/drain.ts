/** How long a stop may take: first it is announced by readiness alone, then the listener closes and answers are waited for. */
import type { Environment } from './environment/environment.ts'
import { IntegerText } from './values.ts'

export interface DrainConfig {
  delayMs: number
  /** The delay included. */
  timeoutMs: number
}

const productionDelayS = 5
const maxS = 3600

export function readDrain(env: Environment, production: boolean): DrainConfig {
  const delayS = env.optional('VX11_DRAIN_DELAY_S', IntegerText(0, maxS)) ?? (production ? productionDelayS : 0)
  const timeoutS = env.value('VX11_DRAIN_TIMEOUT_S', IntegerText(1, maxS))
  if (timeoutS <= delayS) env.complain('VX11_DRAIN_TIMEOUT_S', `must be longer than the delay of ${delayS} s`)
  return { delayMs: delayS * 1000, timeoutMs: timeoutS * 1000 }
}
