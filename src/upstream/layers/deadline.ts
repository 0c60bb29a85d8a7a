/** A caller's own deadline: read once, and for each try turned into shorter limits and into what remains of it. */
import type { PeerName } from '../../config/config.ts'
import { GatewayError, TransportError } from '../../errors/gateway-error.ts'
import { deadlineHeader, longestDeadlineMs, parseDeadline } from '../../lib/deadline.ts'
import type { Clock, TimeLimits, Upstream } from '../../ports/index.ts'
import { defaultLimits, gatewayError } from '../target.ts'

/** X-VX11-Deadline-Ms becomes a moment. One that cannot be read is refused: ignored, its sender would wait in vain. */
export const readsDeadline =
  (next: Upstream, clock: Clock): Upstream =>
  (target, init) => {
    const value = init.headers[deadlineHeader]
    if (value === undefined || init.deadlineAt !== undefined) return next(target, init)
    const ms = parseDeadline(value)
    if (ms === null) return Promise.reject(badDeadline())
    return next(target, { ...init, deadlineAt: clock.now() + ms })
  }

/** For who reads the header by itself. Throws validation_error; null where there is none. */
export function readDeadline(value: string | undefined): number | null {
  const ms = value === undefined ? null : parseDeadline(value)
  if (value !== undefined && ms === null) throw badDeadline()
  return ms
}

const badDeadline = () =>
  new GatewayError('validation_error', {
    issues: [
      { loc: ['header', deadlineHeader], msg: `must be an integer from 1 to ${longestDeadlineMs}`, type: 'deadline' },
    ],
  })

/** Around every single try, so that pauses between tries count too. A deadline that has passed is a timeout. */
export const keepsDeadline =
  (next: Upstream, name: PeerName, clock: Clock): Upstream =>
  (target, init) => {
    if (init.deadlineAt === undefined) return next(target, init)
    const remaining = Math.floor(init.deadlineAt - clock.now())
    if (remaining < 1) return Promise.reject(gatewayError(name, new TransportError('timeout')))
    const limits = shortened({ ...defaultLimits, ...init.limits }, remaining)
    const headers = { ...init.headers, [deadlineHeader]: String(Math.min(remaining, longestDeadlineMs)) }
    return next(target, { ...init, limits, headers })
  }

const shortened = ({ connectMs, firstByteMs, idleMs }: TimeLimits, ms: number): TimeLimits => ({
  connectMs: Math.min(connectMs, ms),
  firstByteMs: Math.min(firstByteMs, ms),
  idleMs: Math.min(idleMs, ms),
})
