/** Applies a caller's deadline: parsed once, then each try gets shorter limits and the remaining time. */
import type { PeerName } from '../../config/config.ts'
import { GatewayError, TransportError } from '../../errors/gateway-error.ts'
import type { Clock, TimeLimits, Upstream } from '../../ports/index.ts'
import { deadlineHeader, maxDeadlineMs, parseDeadline } from '../deadline-header.ts'
import { defaultLimits, gatewayError } from '../target.ts'

/** Turns X-VX11-Deadline-Ms into a moment. An invalid value is refused: its sender relies on it. */
export const readsDeadline =
  (next: Upstream, clock: Clock): Upstream =>
  (target, init) => {
    const value = init.headers[deadlineHeader]
    if (value === undefined || init.deadlineAt !== undefined) return next(target, init)
    const ms = parseDeadline(value)
    if (ms === null) return Promise.reject(badDeadline())
    return next(target, { ...init, deadlineAt: clock.monotonic() + ms })
  }

/** For routes that read the header themselves. Null without the header; throws validation_error. */
export function readDeadline(value: string | undefined): number | null {
  const ms = value === undefined ? null : parseDeadline(value)
  if (value !== undefined && ms === null) throw badDeadline()
  return ms
}

const badDeadline = () =>
  new GatewayError('validation_error', {
    issues: [
      { loc: ['header', deadlineHeader], msg: `must be an integer from 1 to ${maxDeadlineMs}`, type: 'deadline' },
    ],
  })

/** Wraps every single try, so that pauses between tries count. A passed deadline is a timeout. */
export const keepsDeadline =
  (next: Upstream, name: PeerName, clock: Clock): Upstream =>
  (target, init) => {
    if (init.deadlineAt === undefined) return next(target, init)
    const remaining = Math.floor(init.deadlineAt - clock.monotonic())
    if (remaining < 1) return Promise.reject(gatewayError(name, new TransportError('timeout')))
    const limits = shortened({ ...defaultLimits, ...init.limits }, remaining)
    const headers = { ...init.headers, [deadlineHeader]: String(Math.min(remaining, maxDeadlineMs)) }
    return next(target, { ...init, limits, headers })
  }

const shortened = ({ connectMs, firstByteMs, idleMs, ...others }: TimeLimits, ms: number): TimeLimits => ({
  ...others,
  connectMs: Math.min(connectMs, ms),
  firstByteMs: Math.min(firstByteMs, ms),
  idleMs: Math.min(idleMs, ms),
})
