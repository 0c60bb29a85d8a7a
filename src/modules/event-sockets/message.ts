/** Parses a socket's message: one JSON object as text, or the word `ping`. */
import { isDeeper } from '../../lib/json-depth.ts'
import { isObject } from '../../lib/json-object.ts'
import { parseJson } from '../../lib/json-text.ts'
import { loneSurrogateIn } from '../../lib/lone-surrogate.ts'
import { exceeds } from '../../upstream/websocket/message.ts'

export type SocketMessage =
  | { kind: 'object'; object: Record<string, unknown> }
  /** For browsers, which cannot send ping frames. */
  | { kind: 'ping' }
  /** Refused; the socket stays open. */
  | { kind: 'fault'; detail: string }
  /** Refused; the socket is closed with this code. */
  | { kind: 'violation'; code: 1003 | 1009; reason: string; detail: string }

/** As for posted events. */
const maxLevels = 64

export function readMessage(data: string | Uint8Array, maxBytes: number): SocketMessage {
  if (exceeds(data, maxBytes)) return { kind: 'violation', ...tooBig(maxBytes) }
  if (typeof data !== 'string') return { kind: 'violation', ...notText }
  if (data === 'ping') return { kind: 'ping' }
  const json = parseJson(data, 'digits')
  if (json === undefined) return { kind: 'fault', detail: 'The message is not JSON.' }
  if (!isObject(json)) return { kind: 'fault', detail: 'The message is not a JSON object.' }
  const issue = isDeeper(json, maxLevels) ? 'nests too deep' : loneSurrogateIn(data, json) && 'has a lone surrogate'
  if (issue) return { kind: 'fault', detail: `The message ${issue}.` }
  return { kind: 'object', object: json }
}

const tooBig = (maxBytes: number) => ({
  code: 1009 as const,
  reason: 'message too big',
  detail: `A message may have at most ${maxBytes} bytes.`,
})

const notText = {
  code: 1003,
  reason: 'text only',
  detail: 'Expected a JSON object as text; binary messages are refused.',
} as const
