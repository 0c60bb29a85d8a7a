/** Reads what a socket sends: one JSON object as text, or the word `ping`. */
import { isObject } from '../../lib/json-object.ts'
import { parseJson } from '../../lib/json-text.ts'
import { exceeds } from '../../upstream/websocket/message.ts'

export type SocketMessage =
  | { kind: 'object'; object: Record<string, unknown> }
  /** For browsers, which cannot send a ping frame. */
  | { kind: 'ping' }
  /** Nothing of it is taken, and the socket goes on. */
  | { kind: 'fault'; detail: string }
  /** The socket is closed with this code. */
  | { kind: 'breach'; code: 1003 | 1009; reason: string; detail: string }

export function readMessage(data: string | Uint8Array, maxBytes: number): SocketMessage {
  if (exceeds(data, maxBytes)) return { kind: 'breach', ...tooBig(maxBytes) }
  if (typeof data !== 'string') return { kind: 'breach', ...notText }
  if (data === 'ping') return { kind: 'ping' }
  const json = parseJson(data)
  if (json === undefined) return { kind: 'fault', detail: 'The message is not JSON.' }
  if (!isObject(json)) return { kind: 'fault', detail: 'The message is not a JSON object.' }
  return { kind: 'object', object: json }
}

const tooBig = (maxBytes: number) => ({
  code: 1009 as const,
  reason: 'message too big',
  detail: `A message may have ${maxBytes} bytes.`,
})

const notText = {
  code: 1003,
  reason: 'text only',
  detail: 'Messages are JSON objects as text; binary ones are not taken.',
} as const
