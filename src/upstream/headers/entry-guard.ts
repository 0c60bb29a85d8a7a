/** Signs every try for shub's entry guard, which rejects reused nonces (contract shub/entry-guard). */
import { GatewayError } from '../../errors/gateway-error.ts'
import type { Clock, HeaderFields, Random, Upstream, UpstreamInit } from '../../ports/index.ts'
import { defaultLimits } from '../target.ts'
import { asgiPath, bodySha256, guardSigner } from './guard-signature.ts'
import { readSignedBody } from './signed-body.ts'

export interface EntryGuardOptions {
  secret: string
  /** The path of SHUB_URL, which shub sees before the target; empty for a bare host. */
  basePath: string
  clock: Clock
  random: Random
}

/** Paths that the guard does not check. */
const openPaths = new Set(['/health', '/ready', '/openapi.json', '/docs', '/redoc'])

/** The signature covers the body, so a streamed body is read whole first; larger ones are refused. */
export const maxSignedBodyBytes = 8_388_608

export function signsForGuard(next: Upstream, { secret, basePath, clock, random }: EntryGuardOptions): Upstream {
  const sign = guardSigner(secret)

  return async (target, init) => {
    const path = asgiPath(basePath + target)
    if (openPaths.has(path)) return next(target, init)
    const body = await wholeBody(init, clock)
    const parts = {
      method: init.method.toUpperCase(),
      path,
      timestamp: String(Math.floor(clock.now() / 1000)),
      nonce: random.uuid(),
      bodySha256: await bodySha256(body),
      requestId: random.uuid(),
      correlationId: correlationIdOf(init.headers),
    }
    const headers: HeaderFields = {
      ...init.headers,
      'x-vx11-entry': 'tentaculo_link',
      'x-vx11-request-id': parts.requestId,
      'x-vx11-correlation-id': parts.correlationId,
      'x-vx11-timestamp': parts.timestamp,
      'x-vx11-nonce': parts.nonce,
      'x-vx11-signature': sign(parts),
    }
    return next(target, { ...init, headers, body })
  }
}

async function wholeBody({ body, headers, limits }: UpstreamInit, clock: Clock): Promise<Uint8Array | null> {
  if (!(body instanceof ReadableStream)) return body
  if (Number(headers['content-length']) > maxSignedBodyBytes) throw tooLarge()
  const idleMs = limits?.idleMs ?? defaultLimits.idleMs
  const bytes = await readSignedBody(body, { max: maxSignedBodyBytes, idleMs, clock })
  if (bytes === null) throw tooLarge()
  return bytes
}

const tooLarge = () =>
  new GatewayError('body_too_large', {
    detail: 'Requests to shub are signed, and a signed body may have at most 8 MiB. Send a smaller body.',
  })

/** Set by request-headers.ts; the guard refuses an empty id. */
const correlationIdOf = (headers: HeaderFields) => {
  const id = headers['x-correlation-id']
  return typeof id === 'string' && id !== '' ? id : 'unknown'
}
