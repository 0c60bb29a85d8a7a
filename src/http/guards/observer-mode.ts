/** Observer mode: refuses every change through this gateway, but for one table of exceptions (contract windows/observer-mode). */
import type { Context } from 'hono'
import { GatewayError, type PolicyRefusal } from '../../errors/gateway-error.ts'
import { isMutation } from '../../lib/http-method.ts'
import type { AppEnv, Deps } from '../../ports/index.ts'
import { accessFor } from './access.ts'

/**
 * What is sent with POST and changes nothing of VX11, or is no operator's act. A chat command is refused by the route
 * that it leads to. docs/security.md shows this table, and a test keeps them equal.
 */
export const observerExceptions: Readonly<Record<string, string>> = {
  '/operator/api/chat': 'asking',
  '/operator/api/chat/commands': 'each command is judged by the route it leads to',
  '/operator/chat': 'asking',
  '/operator/chat/ask': 'asking',
  '/operator/api/assist/deepseek_r1': 'asking',
  '/operator/api/events/sse-token': 'a ticket for looking',
  '/operator/api/events/ws-token': 'a ticket for looking',
  '/events/ingest': 'modules report what happened',
  '/events/ingest/batch': 'modules report what happened',
  '/operator/api/config/reload': 'takes over what the machine holds; it ends this mode, too',
  '/auth/logout': 'who looks may log out',
}

export const observerMode = ({ config }: Pick<Deps, 'config'>) =>
  function observerMode(c: Context<AppEnv>): void {
    if (config.controlEnabled || !isMutation(c.req.method)) return
    if (accessFor(config, c.req.method, c.req.path).kind === 'public') return
    if (c.req.method === 'POST' && Object.hasOwn(observerExceptions, c.req.path)) return
    const asIntentError = c.req.path === intentPath && ({ asIntentError: true } as const)
    throw new GatewayError('off_by_policy', { detail: refusal.hint, policy: refusal, ...asIntentError })
  }

/** Whatever refuses an intent, HEAD's clients read the same members (contract H9). */
const intentPath = '/vx11/intent'

const refusal: PolicyRefusal = {
  policy: 'observer',
  service: 'operator_control',
  reason: 'VX11_OPERATOR_CONTROL_ENABLED is off',
  message: 'Operator control disabled (observer mode)',
  hint: 'Set VX11_OPERATOR_CONTROL_ENABLED=true and reload the configuration, or restart the gateway.',
  recommendedAction: 'Ask the gateway’s operator to enable operator control',
}
