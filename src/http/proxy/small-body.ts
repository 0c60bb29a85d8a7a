/** A small body travels whole: it costs a third of a stream, may be sent again, and a caller that stalls holds no upstream. */
import type { Context } from 'hono'
import { GatewayError, TransportError } from '../../errors/gateway-error.ts'
import { within } from '../../lib/with-timeout.ts'
import type { Clock } from '../../ports/index.ts'

const smallBytes = 65_536
const patienceMs = 30_000

/** True when the caller announced at most 64 KiB. */
export const isSmall = (c: Context): boolean => Number(c.req.header('content-length') ?? Number.NaN) <= smallBytes

/** Rejects with GatewayError: for a caller that left, or whose bytes did not come in time. */
export async function readSmallBody(clock: Clock, c: Context): Promise<Uint8Array> {
  const reading = c.req.raw.arrayBuffer().catch((cause: unknown) => {
    throw new GatewayError('client_closed_request', {}, { cause: new TransportError('aborted', { cause }) })
  })
  return new Uint8Array(await within(clock, patienceMs, reading, () => new GatewayError('request_timeout')))
}
