/** What /ws says: control frames about the connection, and events (contract G12). */
import { catalogue, type ErrorCode, GatewayError } from '../../errors/gateway-error.ts'
import type { StoredEvent } from '../../ports/index.ts'

export const connectedFrame = (clientId: string): string =>
  JSON.stringify({ channel: 'control', type: 'connected', client_id: clientId })

/** The sender's event is in the database, at this place of the stream. */
export const storedFrame = ({ id, eventId }: Pick<StoredEvent, 'id' | 'eventId'>): string =>
  JSON.stringify({ channel: 'control', type: 'stored', event_id: eventId, stream_id: id })

export interface FrameError {
  error: ErrorCode
  /** Replaces the catalogue's; never a caller's words. */
  detail?: string
  retryAfterMs?: number
}

/** What is told of an error: a failure's own words stay here. */
export const frameError = (error: unknown): FrameError =>
  error instanceof GatewayError
    ? { error: error.code, ...(error.details.retryAfterMs && { retryAfterMs: error.details.retryAfterMs }) }
    : { error: 'internal_error' }

export const errorFrame = ({ error, detail = catalogue[error].detail, retryAfterMs }: FrameError): string =>
  JSON.stringify({
    channel: 'control',
    type: 'error',
    error,
    detail,
    ...(retryAfterMs !== undefined && { retry_after: Math.max(1, Math.ceil(retryAfterMs / 1000)) }),
  })

/** Many sockets are told the same event. */
const texts = new WeakMap<StoredEvent, string>()

/** The fields stand at the top level, as v7's clients read them; `stream_id` is what `since` takes. */
export function eventFrame(event: StoredEvent): string {
  const known = texts.get(event)
  if (known !== undefined) return known
  const { id, eventId, type, source, severity, module, correlationId, at, payload } = event
  const text = JSON.stringify({
    ...{ source, severity, module, correlation_id: correlationId, timestamp: at },
    ...payload,
    // No payload can pass for a control frame, or for another event.
    ...{ channel: 'event', type, event_id: eventId, stream_id: id },
  })
  texts.set(event, text)
  return text
}
