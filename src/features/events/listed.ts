/** The shape of an event in lists and streams, with every member name that v7 used. */
import type { StoredEvent } from '../../ports/index.ts'
import type { ListedEvent } from './schema.ts'

export function listedEvent(event: StoredEvent): ListedEvent {
  const at = new Date(event.at).toISOString()
  return {
    event_id: event.eventId,
    id: event.eventId,
    stream_id: event.id,
    event_type: event.type,
    type: event.type,
    source: event.source,
    summary: event.summary,
    module: event.module,
    severity: event.severity === 'crit' ? 'critical' : event.severity,
    correlation_id: event.correlationId,
    payload: event.payload,
    created_at: at,
    ts: at,
    timestamp: event.at,
  }
}
