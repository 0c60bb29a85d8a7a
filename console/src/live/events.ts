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
  /** Its payload is too long to keep for two thousand events; a view fetches it when shown. */
  cut?: true
}

const capacity = 2000
/** Rows are cut in slices, so that the copy is made seldom. */
const slack = 500

/** Characters of a payload that are kept. */
const maxPayload = 16_384

let buffer: GatewayEvent[] = []
let last: number | null = null

/** Counts changes: views read it to be drawn again. At most one change a frame. */
export const revision = signal(0)
/** Counts how often the oldest were dropped: what follows them has to be asked for. */
export const trims = signal(0)
/** How many events came since the page was opened. */
export const received = signal(0)
let scheduled = false

export const recentEvents = (): readonly GatewayEvent[] => buffer
export const oldestId = (): number | null => buffer[0]?.stream_id ?? null
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
    buffer.push(bounded(event))
    received.value++
  }
  if (buffer.length > capacity + slack) {
    buffer = buffer.slice(-capacity)
    trims.value++
  }
  last = Math.max(last ?? 0, id ?? 0, events.at(-1)?.stream_id ?? 0)
  if (events.length > 0) touch()
}

/** Without a payload that is too long to keep. */
export function bounded(event: GatewayEvent): GatewayEvent {
  if (JSON.stringify(event.payload).length <= maxPayload) return event
  return { ...event, payload: {}, cut: true }
}

function touch(): void {
  if (scheduled) return
  scheduled = true
  setTimeout(() => {
    scheduled = false
    revision.value++
  }, 100)
}

export const latestPath = 'operator/api/events?limit=200'

/** What stands there already; the stream goes on behind it, so nothing falls between. */
export async function loadLatest(): Promise<void> {
  const { events } = await call<EventPage>(latestPath)
  buffer = events.map(bounded).reverse()
  last = buffer.at(-1)?.stream_id ?? 0
  touch()
}

export interface EventPage {
  events: GatewayEvent[]
  next: number | null
  has_more: boolean
  note?: string
}
