/** Names the state of each module: the measurement first, then the policy. */
import { type Config, type UpstreamName, upstreamNames } from '../../config/config.ts'
import { vx11Services } from '../../config/vx11.ts'
import type { HealthReading, Upstreams } from '../../ports/index.ts'
import { isOpen } from './admission.ts'
import { activationCommand, isArchived } from './dormant.ts'
import type { PowerState } from './power-state.ts'

/** `DOWN`: it should run and does not answer. `DORMANT`: not configured. */
export type ModuleWord = 'UP' | 'DOWN' | 'OFF_BY_POLICY' | 'DORMANT' | 'ARCHIVED'

/** `health` is null for a module that is not configured. */
export function moduleWord(
  config: Pick<Config, 'gates'>,
  state: PowerState,
  name: UpstreamName,
  health: Pick<HealthReading, 'up'> | null,
): ModuleWord {
  if (health === null) return isArchived(name) ? 'ARCHIVED' : 'DORMANT'
  if (health.up) return 'UP'
  return isOpen(config, state, name) ? 'DOWN' : 'OFF_BY_POLICY'
}

export interface DormantModule {
  /** By its compose name. */
  name: string
  port: number
  status: 'dormant' | 'archived'
  /** What wakes it, beside its URL in the gateway's environment; null for an archived one. */
  activation: string | null
}

export const dormantModules = (upstreams: Upstreams): DormantModule[] =>
  upstreamNames
    .filter((name) => !upstreams[name])
    .map((name) => ({
      name: vx11Services[name].service,
      port: vx11Services[name].port,
      status: isArchived(name) ? 'archived' : 'dormant',
      activation: activationCommand(name),
    }))
