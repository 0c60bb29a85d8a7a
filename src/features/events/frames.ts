/** The bytes of events in a stream, made once for all who read it. */
import { type SseBlock, sseBlock } from '../../lib/sse.ts'
import type { StoredEvent } from '../../ports/index.ts'
import { listedEvent } from './listed.ts'

const encoder = new TextEncoder()
/** By the list that the feed tells: all readers get the same one. */
const framesOfLists = new WeakMap<readonly StoredEvent[], Uint8Array>()

/** Unnamed, because v7's console listens to nothing else. */
const frame = (event: StoredEvent): string => {
  const { id, at, correlationId } = event
  const data = { type: 'events', events: [listedEvent(event)], timestamp: at, correlation_id: correlationId }
  return sseBlock({ id, data: JSON.stringify(data) })
}

/** One event to a block, so that a reader can go on behind each of them. */
export function framesOf(events: readonly StoredEvent[]): Uint8Array {
  const known = framesOfLists.get(events)
  if (known) return known
  const bytes = encoder.encode(events.map(frame).join(''))
  framesOfLists.set(events, bytes)
  return bytes
}

export const encodeBlock = (block: SseBlock): Uint8Array => encoder.encode(sseBlock(block))
