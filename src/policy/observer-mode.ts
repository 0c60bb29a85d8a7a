/** In observer mode nothing under /operator and /vx11 may be changed (VX11_OPERATOR_CONTROL_ENABLED; contract §2.38). */
import type { Context } from 'hono'
import { GatewayError, type PolicyRefusal } from '../errors.ts'
import { isMutation } from '../lib/http-method.ts'
import type { AppEnv, Deps } from '../ports.ts'

export const observerMode = ({ config }: Pick<Deps, 'config'>) =>
  function observerMode(c: Context<AppEnv>): void {
    const refused = !config.controlEnabled && isMutation(c.req.method) && isControl(c.req.path)
    if (refused) throw new GatewayError('off_by_policy', { detail: refusal.hint, policy: refusal })
  }

/** A ticket for a stream changes nothing: who gets one may look. */
const isControl = (path: string) =>
  /^\/(operator|vx11)(\/|$)/.test(path) && !/^\/operator\/api\/events\/(sse|ws)-token$/.test(path)

const refusal: PolicyRefusal = {
  policy: 'observer',
  service: 'operator_control',
  reason: 'VX11_OPERATOR_CONTROL_ENABLED is off',
  message: 'Operator control disabled (observer mode)',
  hint: 'Set VX11_OPERATOR_CONTROL_ENABLED=true and restart the gateway.',
  recommendedAction: 'Ask whoever runs the gateway to enable operator control',
}
