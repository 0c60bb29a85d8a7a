/** The one writer of error bodies: RFC 9457 with VX11's own members (product errors; contract §7.3). */
import { DrizzleQueryError } from 'drizzle-orm'
import type { Context, ErrorHandler, NotFoundHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import * as v from 'valibot'
import { catalogue, type ErrorCode, GatewayError } from '../errors.ts'
import type { AppEnv, Log } from '../ports.ts'

/** The RFC's optional `status` member is left out: VX11's clients read `status` as a word. */
export const Problem = v.object({
  type: v.string(),
  title: v.string(),
  detail: v.union([
    v.string(),
    v.array(v.object({ loc: v.array(v.union([v.string(), v.number()])), msg: v.string(), type: v.string() })),
  ]),
  error: v.string(),
  status_code: v.number(),
  correlation_id: v.string(),
  /** Whole seconds; only with 429 and 503. */
  retry_after: v.optional(v.number()),
})
export type Problem = v.InferOutput<typeof Problem>

/** Turns whatever was thrown into an answer. An unknown error's message is logged, never sent. */
export const problemHandler =
  (log: Log): ErrorHandler<AppEnv> =>
  (error, c) => {
    const known = error instanceof HTTPException ? fromHttpException(error) : error
    if (known instanceof GatewayError) return writeProblem(c, known)
    const cause = loggable(error)
    log.error('unexpected_error', {
      correlation_id: c.var.correlationId,
      error: cause.name,
      reason: cause.stack ?? cause.message,
    })
    return writeProblem(c, new GatewayError('internal_error'))
  }

/** A failed query repeats its parameters, which callers wrote; its cause is the store's own word. */
const loggable = (error: Error): Error =>
  error instanceof DrizzleQueryError ? (error.cause ?? new Error('query failed')) : error

export const notFoundHandler =
  (allowedMethods: (path: string) => string[]): NotFoundHandler<AppEnv> =>
  (c) => {
    const allow = allowedMethods(c.req.path)
    return writeProblem(c, new GatewayError(allow.length > 0 ? 'method_not_allowed' : 'not_found', { allow }))
  }

function writeProblem(c: Context<AppEnv>, { code, details }: GatewayError): Response {
  const { status, title, detail } = catalogue[code]
  const retryAfter =
    details.retryAfterMs === undefined ? undefined : Math.max(1, Math.ceil(details.retryAfterMs / 1000))
  const body: Problem = {
    type: `/docs#error-${code}`,
    title,
    detail: details.issues
      ? details.issues.map((issue) => ({ ...issue, loc: [...issue.loc] }))
      : (details.detail ?? detail),
    error: code,
    status_code: status,
    correlation_id: c.var.correlationId,
    ...(retryAfter !== undefined && { retry_after: retryAfter }),
  }
  if (retryAfter !== undefined) c.header('Retry-After', String(retryAfter))
  if (details.allow?.length) c.header('Allow', details.allow.join(', '))
  c.header('Content-Type', 'application/problem+json')
  return c.newResponse(JSON.stringify(body), status as 500)
}

/** Hono itself throws only for bodies it cannot parse. */
function fromHttpException({ status, message }: HTTPException): GatewayError | undefined {
  const codes: Partial<Record<number, ErrorCode>> = { 400: 'validation_error', 413: 'body_too_large' }
  const code = codes[status]
  if (!code) return undefined
  const issues = code === 'validation_error' ? [{ loc: ['body'], msg: message, type: 'json_invalid' }] : undefined
  return new GatewayError(code, issues ? { issues } : {})
}
