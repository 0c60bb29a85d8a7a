/** Where a request carries its token or ticket. Neither is kept, echoed or logged. */
import type { Context } from 'hono'
import { isShubPath } from './access.ts'

export type Credential =
  | { kind: 'none' }
  | { kind: 'token'; token: string }
  | { kind: 'ticket'; ticket: string; purpose: string }

/** The first header with a value; under /shub X-VX11-GW-TOKEN comes first (contract shared/shub-tokens). */
export function readCredential(c: Context): Credential {
  const gatewayToken = isShubPath(c.req.path) && c.req.header('x-vx11-gw-token')
  if (gatewayToken) return { kind: 'token', token: gatewayToken }
  const token = c.req.header('x-vx11-token')
  if (token) return { kind: 'token', token }
  const bearer = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1]
  if (bearer) return { kind: 'token', token: bearer }
  return readTicket(c)
}

/**
 * Every text in Authorization that may be a token, of any scheme, also if another header identified the caller. Null:
 * there are too many to look at.
 */
export function authorizationParts(c: Context): string[] | null {
  const authorization = c.req.header('authorization')
  if (authorization === undefined) return []
  const parts = authorization.split(/[\s,="]+/, maxParts + 1)
  if (parts.length > maxParts) return null
  return [...parts, ...basicParts(authorization)].filter((part) => part !== '')
}

/** Each costs a digest. The eleven fields of the Digest scheme make 23. */
const maxParts = 32

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

/** Paths that a ticket opens, each with the purpose that the ticket must have. */
export const ticketPurposes: ReadonlyMap<string, string> = new Map([
  ['/operator/api/events', 'sse'],
  ['/operator/api/events/stream', 'sse'],
  ['/ws', 'ws'],
])

/** A ticket stands in the query, where no token is taken from, or among the sub-protocols. */
function readTicket(c: Context): Credential {
  const purpose = ticketPurposes.get(c.req.path)
  if (purpose === undefined || (c.req.method !== 'GET' && c.req.method !== 'HEAD')) return { kind: 'none' }
  const ticket =
    c.req.query('token') ??
    /(?:^|,)[ \t]*vx11\.ticket\.([\w.-]+)/.exec(c.req.header('sec-websocket-protocol') ?? '')?.[1]
  return ticket === undefined ? { kind: 'none' } : { kind: 'ticket', ticket, purpose }
}
