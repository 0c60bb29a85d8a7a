/** The bytes of events in a stream, encoded once for all readers. */
import { type SseBlock, sseBlock } from '../../lib/sse.ts'
import type { StoredEvent } from '../../ports/index.ts'
import { listedEvent } from './listed.ts'

const encoder = new TextEncoder()
/** Keyed by the feed's list, which all readers share. */
const framesOfLists = new WeakMap<readonly StoredEvent[], Uint8Array>()

/** Without an event name, because v7's console handles no other. */
const frame = (event: StoredEvent): string => {
  const { id, at, correlationId } = event
  const data = { type: 'events', events: [listedEvent(event)], timestamp: at, correlation_id: correlationId }
  return sseBlock({ id, data: JSON.stringify(data) })
}

/** One event per block, so that a reader can resume after each. */
export function framesOf(events: readonly StoredEvent[]): Uint8Array {
  const known = framesOfLists.get(events)
  if (known) return known
  const bytes = encoder.encode(events.map(frame).join(''))
  framesOfLists.set(events, bytes)
  return bytes
}

export const encodeBlock = (block: SseBlock): Uint8Array => encoder.encode(sseBlock(block))
