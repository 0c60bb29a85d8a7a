/**
 * Tickets: what a browser's EventSource or WebSocket, which can send no header, shows in the query instead of a token.
 * Each opens one kind of door for one principal, for a few minutes at most. Form: key id, claims, HMAC-SHA256.
 */
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { base64url, fromBase64url } from './base64url.ts'
import { equalBytes } from './token-digest.ts'

export interface TicketClaims {
  /** Which door: such as `sse`. */
  purpose: string
  /** The principal's name. */
  principal: string
  /** Epoch milliseconds. */
  expiresAt: number
}

export interface TicketKey {
  /** Letters, digits, dashes or underscores. */
  id: string
  bytes: Uint8Array
}

/** A ticket that ends later than this is refused, whoever signed it. */
export const longestTicketMs = 300_000

/** `<key id>.<claims>.<signature>`, the last two base64url. */
export function signTicket({ id, bytes }: TicketKey, { purpose, principal, expiresAt }: TicketClaims): string {
  const signed = `${id}.${base64url(utf8ToBytes(JSON.stringify([purpose, expiresAt, principal])))}`
  return `${signed}.${base64url(hmac(sha256, bytes, utf8ToBytes(signed)))}`
}

/** The name of the principal; null when no known key signed the ticket, it is for another door, or out of its time. */
export async function readTicket(
  findKey: (id: string) => Promise<TicketKey | undefined>,
  ticket: string,
  purpose: string,
  now: number,
): Promise<string | null> {
  if (ticket.length > maxTicketLength) return null
  const [id, claims, signature, ...rest] = ticket.split('.')
  const given = signature === undefined ? null : fromBase64url(signature)
  if (!id || !claims || !given || rest.length > 0) return null
  const key = await findKey(id)
  if (!key || !equalBytes(hmac(sha256, key.bytes, utf8ToBytes(`${id}.${claims}`)), given)) return null
  // Signed, so it is what signTicket wrote.
  const [door, expiresAt, principal] = JSON.parse(new TextDecoder().decode(fromBase64url(claims) ?? undefined))
  return door === purpose && now < expiresAt && expiresAt <= now + longestTicketMs ? principal : null
}

const maxTicketLength = 1024
