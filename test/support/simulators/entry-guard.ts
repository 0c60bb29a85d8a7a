/** Shub's entry guard as it was meant: six signed headers, a clock and nonces (contract shub/entry-guard). */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { refuse } from './answers.ts'
import type { Exchange } from './exchange.ts'

export interface EntryGuardOptions {
  secret: string
  now?: () => number
}

const openPaths = ['/health', '/ready', '/openapi.json', '/docs', '/redoc']
const guardHeaders = [
  'X-VX11-Entry',
  'X-VX11-Request-Id',
  'X-VX11-Correlation-Id',
  'X-VX11-Timestamp',
  'X-VX11-Nonce',
  'X-VX11-Signature',
] as const
const maxSkewS = 30

export function entryGuard({ secret, now = Date.now }: EntryGuardOptions) {
  const nonces = new Set<string>()

  return async (exchange: Exchange): Promise<void> => {
    if (openPaths.includes(exchange.path)) return
    const missing = guardHeaders.filter((name) => !exchange.header(name.toLowerCase()))
    if (missing.length > 0) throw refuse(401, `Missing required headers: ${missing.join(', ')}`)
    const of = (name: (typeof guardHeaders)[number]) => exchange.header(name.toLowerCase()) ?? ''
    if (of('X-VX11-Entry') !== 'tentaculo_link') throw refuse(403, 'Invalid X-VX11-Entry value')
    checkTime(of('X-VX11-Timestamp'), now())
    // Kept before the signature is looked at: a failed try burns its nonce.
    if (nonces.has(of('X-VX11-Nonce'))) throw refuse(401, 'Nonce replay detected')
    nonces.add(of('X-VX11-Nonce'))
    const text = [
      exchange.method.toUpperCase(),
      exchange.path,
      of('X-VX11-Timestamp'),
      of('X-VX11-Nonce'),
      createHash('sha256')
        .update(await exchange.bytes())
        .digest('hex'),
      of('X-VX11-Request-Id'),
      of('X-VX11-Correlation-Id'),
    ].join('\n')
    const expected = createHmac('sha256', secret).update(text).digest('hex')
    if (!sameText(of('X-VX11-Signature'), expected)) throw refuse(401, 'Invalid HMAC signature')
  }
}

function checkTime(timestamp: string, nowMs: number): void {
  if (!/^-?\d+$/.test(timestamp)) throw refuse(401, 'Invalid timestamp format')
  const skew = Math.abs(Math.floor(nowMs / 1000) - Number(timestamp))
  if (skew > maxSkewS) throw refuse(401, `Timestamp skew exceeded (${skew}s > ${maxSkewS}s)`)
}

const sameText = (left: string, right: string): boolean =>
  left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right))
