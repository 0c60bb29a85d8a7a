/** Lets a caller in by its token, compared by SHA-256 digest, or by a ticket; nothing keeps, echoes or logs either. */
import { hexToBytes } from '@noble/hashes/utils.js'
import type { Context } from 'hono'
import type { Principal } from '../../config/principal.ts'
import { type ErrorDetails, GatewayError } from '../../errors/gateway-error.ts'
import { readTicket } from '../../lib/ticket.ts'
import { equalBytes, equalTexts, tokenDigest } from '../../lib/token-digest.ts'
import type { Deps, LimitRule, LimitVerdict } from '../../ports/index.ts'
import { accessFor, isShubPath } from './access.ts'
import type { Guard } from './guards.ts'

type TokenGuardDeps = Pick<Deps, 'config' | 'clock' | 'limiter' | 'clientAddress' | 'log' | 'metrics' | 'ticketKey'>

/** Wrong tokens per address and minute before the address is refused unheard. */
export const authFailureRule: LimitRule = { name: 'auth', limit: 60, windowMs: 60_000 }

export const tokenGuard = (deps: TokenGuardDeps): Guard => {
  const { findPrincipal, isKnown } = principalFinder(deps)
  const attempts = failureLimit(deps)
  return function tokenGuard(c) {
    const access = accessFor(deps.config, c.req.method, c.req.path)
    if (access.kind === 'public') return
    const shub = isShubPath(c.req.path)
    const token = readCredential(c, shub)
    const ticket = token ? undefined : ticketIn(c)
    const admit = () => {
      if (!token && ticket === undefined) return attempts.refuse(c, shub ? 'forbidden' : 'auth_required', hint(shub))
      const principal = ticket === undefined ? findPrincipal(token) : holderOf(deps, c.req.path, ticket)
      if (!principal) return attempts.refuse(c, 'forbidden')
      if (!principal.scopes.includes(access.scope)) throw new GatewayError('forbidden')
      c.set('principal', principal)
      if (carriesToken(c, (each) => each === token || isKnown(each))) c.set('ownsAuthorization', true)
    }
    const spent = attempts.refuseWhenSpent(c)
    return spent instanceof Promise ? spent.then(admit) : admit()
  }
}

const hint = (shub: boolean): ErrorDetails => (shub ? { detail: shubTokenHint } : {})

const shubTokenHint = 'Send a token as X-VX11-GW-TOKEN or X-VX11-Token.'

/** The first header with a value; under /shub X-VX11-GW-TOKEN comes first (contract shared/shub-tokens). */
function readCredential(c: Context, shub: boolean): string {
  const gatewayToken = shub && c.req.header('x-vx11-gw-token')
  if (gatewayToken) return gatewayToken
  const token = c.req.header('x-vx11-token')
  if (token) return token
  return /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? ''
}

/** True if Authorization holds a token of the gateway, whatever its scheme and whichever header let the caller in. */
function carriesToken(c: Context, isToken: (text: string) => boolean): boolean {
  const authorization = c.req.header('authorization')
  if (authorization === undefined) return false
  const parts = [...authorization.split(/[\s,="]+/, maxParts), ...basicParts(authorization)]
  return parts.some((part) => part !== '' && isToken(part))
}

/** Each costs a digest. */
const maxParts = 16

/** User and password of the Basic scheme. */
function basicParts(authorization: string): string[] {
  const encoded = /^Basic +([\w+/=-]+)$/i.exec(authorization)?.[1]
  if (encoded === undefined) return []
  try {
    const text = atob(encoded)
    const colon = text.indexOf(':')
    return [text.slice(0, colon), text.slice(colon + 1)]
  } catch {
    return []
  }
}

/** Doors that a ticket opens, each with the purpose that the ticket must have. */
const ticketDoors: Readonly<Record<string, string>> = {
  '/operator/api/events': 'sse',
  '/operator/api/events/stream': 'sse',
  '/ws': 'ws',
}

/** A ticket stands in the query, as no token may, or among sub-protocols; undefined where none opens the door. */
function ticketIn(c: Context): string | undefined {
  if (c.req.method !== 'GET' && c.req.method !== 'HEAD') return undefined
  if (!Object.hasOwn(ticketDoors, c.req.path)) return undefined
  return (
    c.req.query('token') ??
    /(?:^|,)[ \t]*vx11\.ticket\.([\w.-]+)/.exec(c.req.header('sec-websocket-protocol') ?? '')?.[1]
  )
}

/** Whoever got the ticket, while its token is still good. */
function holderOf({ config, clock, ticketKey }: TokenGuardDeps, path: string, ticket: string): Principal | undefined {
  const name = readTicket(ticketKey, ticket, ticketDoors[path] ?? '', clock.now())
  const holder = config.principals.find((principal) => principal.name === name)
  return holder && !isExpired(holder, clock.now()) ? holder : undefined
}

const isExpired = ({ notAfterMs }: Principal, now: number): boolean => notAfterMs !== null && now > notAfterMs

function principalFinder({ config, clock }: TokenGuardDeps) {
  const known = config.principals.map((principal) => ({ principal, digest: hexToBytes(principal.tokenSha256) }))
  /** Tokens that proved right, at most one per principal: hashing one again costs about 1 us. */
  const proven: { token: string; principal: Principal }[] = []
  const search = (token: string): Principal | undefined => {
    let found: Principal | undefined
    for (const entry of proven) if (equalTexts(entry.token, token)) found = entry.principal
    if (found) return found
    const digest = tokenDigest(token)
    for (const entry of known) if (equalBytes(entry.digest, digest)) found = entry.principal
    if (found) proven.push({ token, principal: found })
    return found
  }
  return {
    findPrincipal(token: string): Principal | undefined {
      const found = search(token)
      return found && !isExpired(found, clock.now()) ? found : undefined
    },
    /** Expired ones are known, too. */
    isKnown: (token: string): boolean => search(token) !== undefined,
  }
}

/** Guessing is limited per address; a limit store that is down lets callers try (they still need the token). */
function failureLimit({ config, limiter, clientAddress, log, metrics }: TokenGuardDeps) {
  const key = (c: Context) => `address:${clientAddress(c)}`
  const storeDown = (error: unknown) => {
    log.warn('limiter_unavailable', { reason: error instanceof Error ? error.message : 'unknown' })
  }
  const judge = ({ allowed, retryAfterMs }: LimitVerdict) => {
    if (allowed) return
    metrics.requestLimited(authFailureRule.name)
    throw new GatewayError('too_many_requests', { retryAfterMs })
  }
  return {
    refuseWhenSpent(c: Context): void | Promise<void> {
      if (!config.rateLimit.enabled) return
      const verdict = limiter.peek(key(c), authFailureRule)
      return verdict instanceof Promise ? verdict.then(judge, storeDown) : judge(verdict)
    },
    /** Counts the attempt first. */
    async refuse(c: Context, code: 'forbidden' | 'auth_required', details: ErrorDetails = {}): Promise<never> {
      if (config.rateLimit.enabled) await Promise.resolve(limiter.take(key(c), authFailureRule)).catch(storeDown)
      throw new GatewayError(code, details)
    },
  }
}
