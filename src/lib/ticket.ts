/**
 * Signs and verifies tickets, which EventSource and WebSocket in browsers send in the query instead of a token header.
 * Each is valid for one purpose and principal, for a few minutes. Format: key id, claims, HMAC-SHA256.
 */
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { base64url, fromBase64url } from './base64url.ts'
import { equalBytes } from './token-digest.ts'

export interface TicketClaims {
  /** Such as `sse`. */
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

/** Tickets that expire later than this are refused, even with a valid signature. */
export const maxTicketMs = 300_000

/** `<key id>.<claims>.<signature>`, the last two base64url. */
export function signTicket({ id, bytes }: TicketKey, { purpose, principal, expiresAt }: TicketClaims): string {
  const signed = `${id}.${base64url(utf8ToBytes(JSON.stringify([purpose, expiresAt, principal])))}`
  return `${signed}.${base64url(hmac(sha256, bytes, utf8ToBytes(signed)))}`
}

/** The principal's name; null if the signature, purpose or expiry is invalid. */
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
  // Signed, so it has the format of signTicket.
  const [door, expiresAt, principal] = JSON.parse(new TextDecoder().decode(fromBase64url(claims) ?? undefined))
  return door === purpose && now < expiresAt && expiresAt <= now + maxTicketMs ? principal : null
}

const maxTicketLength = 1024
