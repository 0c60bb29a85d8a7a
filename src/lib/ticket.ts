/**
 * Tickets: what a browser's EventSource or WebSocket, which can send no header, shows in the query instead of a token.
 * Signed and stateless; each opens one kind of door, for one principal, for a short while.
 */
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { equalBytes } from './token-digest.ts'

export interface TicketClaims {
  /** Which door: such as `sse`. Holds no dot. */
  purpose: string
  /** The principal's name. */
  principal: string
  /** Epoch milliseconds. */
  expiresAt: number
}

/** `key` is hex; `<claims>.<signature>`, both base64url. */
export function signTicket(key: string, { purpose, principal, expiresAt }: TicketClaims): string {
  const claims = base64url(utf8ToBytes(JSON.stringify([purpose, expiresAt, principal])))
  return `${claims}.${base64url(signature(key, claims))}`
}

/** The name of the principal, or null when the ticket was not signed with the key, is for another door, or too old. */
export function readTicket(key: string, ticket: string, purpose: string, now: number): string | null {
  if (ticket.length > maxTicketLength) return null
  const [claims, signed, ...rest] = ticket.split('.')
  const bytes = signed === undefined ? null : fromBase64url(signed)
  if (!claims || !bytes || rest.length > 0 || !equalBytes(signature(key, claims), bytes)) return null
  // What we signed, we wrote.
  const [door, expiresAt, principal] = JSON.parse(new TextDecoder().decode(fromBase64url(claims) ?? undefined))
  return door === purpose && now < expiresAt ? principal : null
}

const maxTicketLength = 1024

const signature = (key: string, claims: string): Uint8Array => hmac(sha256, hexToBytes(key), utf8ToBytes(claims))

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

function fromBase64url(text: string): Uint8Array | null {
  if (!/^[\w-]+$/.test(text)) return null
  try {
    return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0))
  } catch {
    return null
  }
}
