/** The newest events, oldest first, in a buffer with an end: an hour of bursts costs no more than a minute. */
import { signal } from '@preact/signals'
import { call } from '../core/api.ts'

export interface GatewayEvent {
  event_id: string
  stream_id: number
  type: string
  source: string
  summary: string | null
  module: string | null
  severity: string
  correlation_id: string | null
  payload: Record<string, unknown>
  timestamp: number
}

const capacity = 2000
/** Rows are cut in slices, so that the copy is made seldom. */
const slack = 500

let buffer: GatewayEvent[] = []
let last: number | null = null

/** Counts changes: views read it to be drawn again. At most one change a frame. */
export const revision = signal(0)
/** How many events came since the page was opened. */
export const received = signal(0)
let scheduled = false

export const recentEvents = (): readonly GatewayEvent[] => buffer
export const lastId = (): number | null => last

export function forgetEvents(): void {
  buffer = []
  last = null
  received.value = 0
  touch()
}

export function add(events: readonly GatewayEvent[], id: number | null): void {
  for (const event of events) {
    const newest = buffer.at(-1)
    if (newest && event.stream_id <= newest.stream_id) continue
    buffer.push(event)
    received.value++
  }
  if (buffer.length > capacity + slack) buffer = buffer.slice(-capacity)
  last = Math.max(last ?? 0, id ?? 0, events.at(-1)?.stream_id ?? 0)
  if (events.length > 0) touch()
}

function touch(): void {
  if (scheduled) return
  scheduled = true
  setTimeout(() => {
    scheduled = false
    revision.value++
  }, 100)
}

/** What stands there already; the stream goes on behind it, so nothing falls between. */
export async function loadLatest(): Promise<void> {
  const { events } = await call<EventPage>('operator/api/events?limit=200')
  buffer = [...events].reverse()
  last = buffer.at(-1)?.stream_id ?? 0
  touch()
}

export interface EventPage {
  events: GatewayEvent[]
  next: number | null
  has_more: boolean
  note?: string
}
