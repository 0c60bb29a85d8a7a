/** Finds the principal whose token or ticket a request carries. It refuses nothing. */
import type { Context } from 'hono'
import type { Principal } from '../../config/principal.ts'
import { readTicket } from '../../lib/ticket.ts'
import type { AppEnv, Deps, Principals } from '../../ports/index.ts'
import { accessFor } from './access.ts'
import { readCredential } from './credential.ts'
import type { Guard } from './guards.ts'

type IdentifyDeps = Pick<Deps, 'config' | 'clock' | 'ticketKeys'> & { principals: Principals }

/** Comes before the address limit, which does not apply to whoever shows a right token. */
export const identify = ({ config, clock, ticketKeys, principals }: IdentifyDeps): Guard => {
  const isGood = (found: Principal | undefined): found is Principal =>
    found !== undefined && (found.notAfterMs === null || clock.now() <= found.notAfterMs)

  /** The ticket's holder, while its token is still good. */
  async function setHolder(c: Context<AppEnv>, ticket: string, purpose: string): Promise<void> {
    const name = await readTicket(ticketKeys.find, ticket, purpose, clock.now())
    const holder = name === null ? undefined : await principals.named(name)
    if (isGood(holder)) c.set('principal', holder)
  }

  return function identify(c) {
    if (accessFor(config, c.req.method, c.req.path).kind === 'public') return
    const credential = readCredential(c)
    if (credential.kind === 'none') return
    if (credential.kind === 'ticket') return setHolder(c, credential.ticket, credential.purpose)
    const set = (found: Principal | undefined) => {
      if (!isGood(found)) return
      c.set('principal', found)
      c.set('credentialHeader', credential.header)
    }
    const found = principals.ofToken(credential.token)
    return found instanceof Promise ? found.then(set) : set(found)
  }
}
