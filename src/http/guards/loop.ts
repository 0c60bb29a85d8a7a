/** Refuses a request that this gateway has forwarded before: an upstream leads back to it. */
import { GatewayError } from '../../errors/gateway-error.ts'
import type { Deps } from '../../ports/index.ts'
import { hasPassed, viaName } from '../../upstream/headers/via.ts'
import type { Guard } from './guards.ts'

export const loop = ({ config }: Pick<Deps, 'config'>): Guard => {
  const name = viaName(config)
  return function loop(c) {
    if (hasPassed(c.req.header('via'), name)) throw new GatewayError('loop_detected')
  }
}
