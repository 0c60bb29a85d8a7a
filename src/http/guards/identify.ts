/** Finds whose token or ticket a request carries: by SHA-256 digest in constant time. It refuses nothing. */
import { hexToBytes } from '@noble/hashes/utils.js'
import type { Context } from 'hono'
import type { Principal } from '../../config/principal.ts'
import { readTicket } from '../../lib/ticket.ts'
import { equalBytes, equalTexts, tokenDigest } from '../../lib/token-digest.ts'
import type { AppEnv, Deps } from '../../ports/index.ts'
import { accessFor } from './access.ts'
import { carriesToken, readCredential } from './credential.ts'
import type { Guard } from './guards.ts'

type IdentifyDeps = Pick<Deps, 'config' | 'clock' | 'ticketKeys'>

/** Comes before the address limit, which does not apply to whoever shows a right token. */
export const identify = (deps: IdentifyDeps): Guard => {
  const { findPrincipal, isKnown } = principalFinder(deps)
  return function identify(c) {
    if (accessFor(deps.config, c.req.method, c.req.path).kind === 'public') return
    const credential = readCredential(c)
    if (credential.kind === 'token') {
      const principal = findPrincipal(credential.token)
      if (!principal) return
      c.set('principal', principal)
      if (carriesToken(c, (text) => text === credential.token || isKnown(text))) c.set('ownsAuthorization', true)
    } else if (credential.kind === 'ticket') {
      return setHolder(deps, c, credential)
    }
  }
}

/** Whoever got the ticket, while its token is still good. */
async function setHolder(
  { config, clock, ticketKeys }: IdentifyDeps,
  c: Context<AppEnv>,
  { ticket, purpose }: { ticket: string; purpose: string },
): Promise<void> {
  const name = await readTicket(ticketKeys.find, ticket, purpose, clock.now())
  const holder = config.principals.find((principal) => principal.name === name)
  if (holder && !isExpired(holder, clock.now())) c.set('principal', holder)
}

const isExpired = ({ notAfterMs }: Principal, now: number): boolean => notAfterMs !== null && now > notAfterMs

function principalFinder({ config, clock }: IdentifyDeps) {
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
