/** Rules for relayed messages: their size limit, and which close codes are forwarded. */
import { isCloseCode } from '../../lib/close-code.ts'

/** True if the message takes more than `limit` bytes; text is encoded only when its length is not decisive. */
export function exceeds(message: string | Uint8Array, limit: number): boolean {
  if (typeof message !== 'string') return message.byteLength > limit
  if (message.length > limit) return true
  return message.length * 3 > limit && new TextEncoder().encode(message).byteLength > limit
}

export interface Close {
  /** Absent: a close frame without a code. */
  code?: number
  reason: string
}

/** The close frame for the other end. A broken connection becomes 1011, because 1006 must not be sent. */
export function forwardedClose(code: number, reason: string): Close {
  if (code === 1005) return { reason: '' }
  return isCloseCode(code) ? { code, reason } : { code: 1011, reason: 'the other end was lost' }
}
