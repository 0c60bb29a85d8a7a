/** VX11_EVENTS_ENABLED: without it, reads are empty lists and everything else is refused (contract §7.4). */
import { GatewayError } from '../../errors/gateway-error.ts'
import type { Deps } from '../../ports/index.ts'

export function requireEvents({ config }: Pick<Deps, 'config'>): void {
  if (!config.features.events) throw new GatewayError('feature_disabled', { detail: 'Set VX11_EVENTS_ENABLED=true.' })
}
