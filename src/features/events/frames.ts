/** The bytes of events in a stream, encoded once for all readers. */
import { type SseBlock, sseBlock } from '../../lib/sse.ts'
import type { StoredEvent } from '../../ports/index.ts'
import { listedEvent } from './listed.ts'

const encoder = new TextEncoder()
/** Keyed by the feed's list, which all readers share. */
const chunksOfLists = new WeakMap<readonly StoredEvent[], EventChunk[]>()
const maxChunkLength = 65_536

/** Whole blocks, and the id of the last of them. */
export interface EventChunk {
  bytes: Uint8Array
  lastId: number
}

/** Without an event name, because v7's console handles no other. */
const frame = (event: StoredEvent): string => {
  const { id, at, correlationId } = event
  const data = { type: 'events', events: [listedEvent(event)], timestamp: at, correlation_id: correlationId }
  return sseBlock({ id, data: JSON.stringify(data) })
}

/** One event per block, so that a reader can resume after each; several blocks per chunk. */
export function chunksOf(events: readonly StoredEvent[]): EventChunk[] {
  const known = chunksOfLists.get(events)
  if (known) return known
  const chunks: EventChunk[] = []
  let text = ''
  for (const [index, event] of events.entries()) {
    text += frame(event)
    if (text.length < maxChunkLength && index < events.length - 1) continue
    chunks.push({ bytes: encoder.encode(text), lastId: event.id })
    text = ''
  }
  chunksOfLists.set(events, chunks)
  return chunks
}

export const encodeBlock = (block: SseBlock): Uint8Array => encoder.encode(sseBlock(block))
