/** What goes wrong: an answer of the gateway that says so, no answer, or a stream that lacks events. */
import type { Problem } from './operations.ts'

/** An error answer (RFC 9457), or a frame of the socket that says the same. docs/errors.md lists the codes. */
export class GatewayProblem extends Error {
  override readonly name = 'GatewayProblem'
  /** Null where it came over a socket. */
  readonly status: number | null
  readonly code: string
  /** Null when the answer has none. */
  readonly correlationId: string | null
  /** Until the request may succeed; null when the answer does not say. */
  readonly retryAfterMs: number | null
  /** The answer's members; empty where the answer was no JSON object. */
  readonly body: Partial<Problem>

  constructor(told: Pick<GatewayProblem, 'status' | 'correlationId' | 'retryAfterMs' | 'body'>) {
    const code = told.body.error ?? `http_${told.status}`
    const detail = told.body.detail ?? told.body.title ?? 'no detail'
    super(`${told.status ?? 'refused'} ${code}: ${typeof detail === 'string' ? detail : JSON.stringify(detail)}`)
    this.status = told.status
    this.code = code
    this.correlationId = told.correlationId
    this.retryAfterMs = told.retryAfterMs
    this.body = told.body
  }
}

/** No whole answer came: the connection was refused, broke off or was silent for too long. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable'
}

/** The gateway's stream ends before the place to resume from, as after a restored backup: events are missing. */
export class EventGap extends Error {
  override readonly name = 'EventGap'
  readonly since: number
  /** Where the stream goes on. */
  readonly position: number

  constructor(since: number, position: number) {
    super(`the stream ends at ${position}, before ${since}`)
    this.since = since
    this.position = position
  }
}

export const problemOf = ({ status, headers }: Response, text: string): GatewayProblem =>
  new GatewayProblem({
    status,
    correlationId: headers.get('x-correlation-id'),
    retryAfterMs: retryAfterMs(headers.get('retry-after')),
    body: objectOf(text),
  })

function objectOf(text: string): Partial<Problem> {
  try {
    const told: unknown = JSON.parse(text)
    return typeof told === 'object' && told !== null && !Array.isArray(told) ? told : {}
  } catch {
    return {}
  }
}

/** Also the date that an upstream may name (RFC 9110 §10.2.3). */
function retryAfterMs(value: string | null): number | null {
  if (value === null) return null
  if (/^\d+$/.test(value)) return Number(value) * 1000
  const at = Date.parse(value)
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now())
}

/** Whether another try can mend it: a wrong token stays wrong. */
export function passes(error: unknown): error is GatewayProblem | Unreachable {
  if (error instanceof Unreachable) return true
  if (!(error instanceof GatewayProblem) || error.code === 'feature_disabled') return false
  const { status } = error
  return status !== null && (status >= 500 || status === 408 || status === 425 || status === 429)
}
