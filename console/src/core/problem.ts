/** What went wrong with a request, in the gateway's own words where it answered; `worded` is the console's own. */

export type Fault = 'unreachable' | 'refused' | 'failed'

export class Problem extends Error {
  readonly fault: Fault
  readonly status: number
  readonly code: string
  readonly correlationId: string | null
  readonly hint: string | null
  readonly body: Record<string, unknown>

  constructor(fault: Fault, status: number, body: Record<string, unknown>) {
    super(String(body.detail ?? ''))
    this.fault = fault
    this.status = status
    this.code = String(body.error ?? (status === 0 ? 'unreachable' : `http_${status}`))
    this.correlationId = typeof body.correlation_id === 'string' ? body.correlation_id : null
    this.hint = typeof body.hint === 'string' ? body.hint : null
    this.body = body
  }
}

export async function problemOf(response: Response): Promise<Problem> {
  const text = await response.text().catch(() => '')
  const fault = response.status === 401 || response.status === 403 ? 'refused' : 'failed'
  return new Problem(fault, response.status, parsedBody(text))
}

function parsedBody(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return withReadableDetail(value as Record<string, unknown>)
  } catch {
    // Not ours: a proxy in between answered.
  }
  return { detail: text.slice(0, 300) }
}

/** A 422 lists its issues; they read as sentences here. */
function withReadableDetail(body: Record<string, unknown>): Record<string, unknown> {
  if (!Array.isArray(body.detail)) return body
  const issues = body.detail as { loc?: unknown[]; msg?: string }[]
  return { ...body, detail: issues.map(({ loc, msg }) => `${(loc ?? []).join('.')}: ${msg}`).join('; ') }
}

export const asProblem = (error: unknown): Problem =>
  error instanceof Problem ? error : new Problem('unreachable', 0, { detail: String(error) })
