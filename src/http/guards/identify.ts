/** Finds the principal whose token or ticket a request carries. It refuses nothing. */
import type { Context } from 'hono'
import type { Principal } from '../../config/principal.ts'
import { readTicket } from '../../lib/ticket.ts'
import type { AppEnv, Deps, Principals } from '../../ports/index.ts'
import { accessFor } from './access.ts'
import { authorizationParts, readCredential } from './credential.ts'
import type { Guard } from './guards.ts'

type IdentifyDeps = Pick<Deps, 'config' | 'clock' | 'ticketKeys'> & {
  principals: Pick<Principals, 'ofToken' | 'named'>
}

/** Comes before the address limit, which does not apply to callers with a valid token. */
export const identify = ({ config, clock, ticketKeys, principals }: IdentifyDeps): Guard => {
  const isGood = (found: Principal | undefined): found is Principal =>
    found !== undefined && (found.notAfterMs === null || clock.now() <= found.notAfterMs)

  /** The ticket's holder, while its token is still good. */
  async function setHolder(c: Context<AppEnv>, ticket: string, purpose: string): Promise<void> {
    const name = await readTicket(ticketKeys.find, ticket, purpose, clock.now())
    const holder = name === null ? undefined : await principals.named(name)
    if (isGood(holder)) c.set('principal', holder)
  }

  /** Expired tokens are the gateway's, too; so is what nobody looked at. */
  function ownsAuthorization(c: Context<AppEnv>, token: string): boolean | Promise<boolean> {
    const parts = authorizationParts(c)
    if (parts === null || parts.includes(token)) return true
    const found = parts.map((part) => principals.ofToken(part))
    const isAny = (all: readonly (Principal | undefined)[]) => all.some((each) => each !== undefined)
    return found.some((each) => each instanceof Promise)
      ? Promise.all(found).then(isAny)
      : isAny(found as readonly (Principal | undefined)[])
  }

  return function identify(c) {
    if (accessFor(config, c.req.method, c.req.path).kind === 'public') return
    const credential = readCredential(c)
    if (credential.kind === 'none') return
    if (credential.kind === 'ticket') return setHolder(c, credential.ticket, credential.purpose)
    return afterwards(principals.ofToken(credential.token), (found) => {
      if (!isGood(found)) return
      c.set('principal', found)
      return afterwards(ownsAuthorization(c, credential.token), (owned) => {
        if (owned) c.set('ownsAuthorization', true)
      })
    })
  }
}

/** Synchronous where it can be: a promise for each request costs more than the look-up (docs/performance.md). */
const afterwards = <T>(value: T | Promise<T>, next: (value: T) => void | Promise<void>): void | Promise<void> =>
  value instanceof Promise ? value.then(next) : next(value)
