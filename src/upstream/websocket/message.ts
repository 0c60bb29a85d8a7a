/** What may pass between two ends of a relay: how long a message is, and which close code goes on. */
import { isCloseCode } from '../../lib/close-code.ts'

/** True when the message takes more than `limit` bytes on the wire; a text is encoded only when that is in doubt. */
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

/** What the other end is told when one end closed. A connection that broke is 1011: no end may send 1006. */
export function forwardedClose(code: number, reason: string): Close {
  if (code === 1005) return { reason: '' }
  return isCloseCode(code) ? { code, reason } : { code: 1011, reason: 'the other end was lost' }
}
