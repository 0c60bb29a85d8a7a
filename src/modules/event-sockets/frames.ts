/** The frames of /ws: control frames about the connection, and events (contract G12). */
import { catalogue, type ErrorCode, GatewayError } from '../../errors/gateway-error.ts'
import type { StoredEvent } from '../../ports/index.ts'

export const connectedFrame = (clientId: string): string =>
  JSON.stringify({ channel: 'control', type: 'connected', client_id: clientId })

/** Confirms that the sender's event is stored, with its stream id. */
export const storedFrame = ({ id, eventId }: Pick<StoredEvent, 'id' | 'eventId'>): string =>
  JSON.stringify({ channel: 'control', type: 'stored', event_id: eventId, stream_id: id })

/** How far the stream was read for this socket, where no event says so. */
export const positionFrame = (id: number): string =>
  JSON.stringify({ channel: 'control', type: 'position', stream_id: id })

export interface FrameError {
  error: ErrorCode
  /** Replaces the catalogue's detail. Never a caller's text. */
  detail?: string
  retryAfterMs?: number
}

/** The public part of an error. The message of an unknown error is not sent. */
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

/** Sockets share the text of an event. */
const texts = new WeakMap<StoredEvent, string>()

/** Payload fields at the top level, as v7's clients read them. `stream_id` is the value for `since`. */
export function eventFrame(event: StoredEvent): string {
  const known = texts.get(event)
  if (known !== undefined) return known
  const { id, eventId, type, source, severity, module, correlationId, at, payload } = event
  const text = JSON.stringify({
    ...{ source, severity, module, correlation_id: correlationId, timestamp: at },
    ...payload,
    // These come last: a payload cannot look like a control frame or another event.
    ...{ channel: 'event', type, event_id: eventId, stream_id: id },
  })
  texts.set(event, text)
  return text
}
