/** Which requests have a body; a small one is read whole: a third of a stream's cost, and no stall holds an upstream. */
import type { Context } from 'hono'
import { GatewayError, TransportError } from '../../errors/gateway-error.ts'
import { withTimeout } from '../../lib/with-timeout.ts'
import type { Clock } from '../../ports/index.ts'

/** Decided by headers alone: reading `body` of a GET would create a stream on Node. */
export const hasBody = (c: Context): boolean =>
  c.req.header('content-length') !== undefined
    ? c.req.header('content-length') !== '0'
    : c.req.header('transfer-encoding') !== undefined || !bodilessMethods.has(c.req.method)

const bodilessMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'DELETE'])

const smallBytes = 65_536
const timeoutMs = 30_000

/** True if the announced length is at most 64 KiB. */
export const isSmall = (c: Context): boolean => Number(c.req.header('content-length') ?? Number.NaN) <= smallBytes

/** Rejects with GatewayError if the caller leaves or the body does not arrive in time. */
export async function readSmallBody(clock: Clock, c: Context): Promise<Uint8Array> {
  const reading = c.req.raw.arrayBuffer().catch((cause: unknown) => {
    throw new GatewayError('client_closed_request', {}, { cause: new TransportError('aborted', { cause }) })
  })
  return new Uint8Array(await withTimeout(clock, timeoutMs, reading, () => new GatewayError('request_timeout')))
}
