/** Refuses changes under /operator and /vx11 in observer mode (contract windows/observer-mode). */
import type { Context } from 'hono'
import { GatewayError, type PolicyRefusal } from '../../errors/gateway-error.ts'
import { isMutation } from '../../lib/http-method.ts'
import type { AppEnv, Deps } from '../../ports/index.ts'

/**
 * Asking is no change of VX11, nor is a ticket for a stream: who gets one may look. What a chat command would change
 * goes through a route that is not in here.
 */
const asking = new Set([
  '/operator/api/chat',
  '/operator/api/chat/commands',
  '/operator/chat',
  '/operator/chat/ask',
  '/operator/api/assist/deepseek_r1',
  '/operator/api/events/sse-token',
  '/operator/api/events/ws-token',
])

export const observerMode = ({ config }: Pick<Deps, 'config'>) =>
  function observerMode(c: Context<AppEnv>): void {
    const { method, path } = c.req
    const refused =
      !config.controlEnabled && isMutation(method) && isControl(path) && !(method === 'POST' && asking.has(path))
    if (refused) throw new GatewayError('off_by_policy', { detail: refusal.hint, policy: refusal })
  }

const isControl = (path: string) => /^\/(operator|vx11)(\/|$)/.test(path)

const refusal: PolicyRefusal = {
  policy: 'observer',
  service: 'operator_control',
  reason: 'VX11_OPERATOR_CONTROL_ENABLED is off',
  message: 'Operator control disabled (observer mode)',
  hint: 'Set VX11_OPERATOR_CONTROL_ENABLED=true and restart the gateway.',
  recommendedAction: 'Ask whoever runs the gateway to enable operator control',
}
