/** Refuses everything but lists, which are empty, without VX11_EVENTS_ENABLED (contract shared/status-codes). */
import { GatewayError } from '../../errors/gateway-error.ts'
import type { Deps } from '../../ports/index.ts'

export function requireEvents({ config }: Pick<Deps, 'config'>): void {
  if (!config.features.events) throw new GatewayError('feature_disabled', { detail: 'Set VX11_EVENTS_ENABLED=true.' })
}
