/** The one writer of error answers: what was thrown, and what no route answers, as the body of problem-body.ts. */
import type { Context, ErrorHandler, NotFoundHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { isStoreFailure, loggable } from '../../db/failure.ts'
import { type ErrorCode, GatewayError } from '../../errors/gateway-error.ts'
import type { AppEnv, Deps } from '../../ports/index.ts'
import { problemBody } from './problem-body.ts'

/** Turns any thrown value into an answer. An unknown error's message is logged, never sent. */
export const problemHandler =
  ({ log, clock }: Pick<Deps, 'log' | 'clock'>): ErrorHandler<AppEnv> =>
  (error, c) => {
    const known = error instanceof HTTPException ? fromHttpException(error) : error
    if (known instanceof GatewayError) return writeProblem(c, known, clock.now())
    const cause = loggable(error)
    if (isStoreFailure(error)) {
      log.error('database_failed', {
        correlation_id: c.var.correlationId,
        error: 'database_unavailable',
        reason: cause.message,
      })
      return writeProblem(c, new GatewayError('database_unavailable'), clock.now())
    }
    log.error('unexpected_error', {
      correlation_id: c.var.correlationId,
      error: cause.name,
      reason: cause.stack ?? cause.message,
    })
    return writeProblem(c, new GatewayError('internal_error'), clock.now())
  }

export const notFoundHandler =
  (
    allowedMethods: (path: string) => readonly string[],
    operatorEndpoints: (path: string) => readonly string[],
  ): NotFoundHandler<AppEnv> =>
  (c) => {
    const shorter = c.req.path.length > 1 && c.req.path.endsWith('/') ? c.req.path.slice(0, -1) : null
    if (shorter !== null && allowedMethods(shorter).length > 0) return c.redirect(withoutSlash(c.req.url), 308)
    const allow = allowedMethods(c.req.path)
    if (allow.length > 0) return writeProblem(c, new GatewayError('method_not_allowed', { allow }))
    const endpoints = operatorEndpoints(c.req.path)
    if (endpoints.length > 0) return writeProblem(c, new GatewayError('endpoint_not_found', { endpoints }))
    return writeProblem(c, new GatewayError('not_found'))
  }

/** The path as the caller wrote it, and never another host. */
function withoutSlash(url: string): string {
  const { pathname, search } = new URL(url)
  return `/${pathname.slice(0, -1).replace(/^\/+/, '')}${search}`
}

function writeProblem(c: Context<AppEnv>, error: GatewayError, now = 0): Response {
  const { upstream_reason, ...shown } = problemBody(error, c.var.correlationId, now)
  const isAdmin = c.get('principal')?.scopes.includes('admin') ?? false
  const trace_id = c.get('traceId')
  const body = {
    ...shown,
    ...(trace_id !== undefined && { trace_id }),
    ...(isAdmin && upstream_reason !== undefined && { upstream_reason }),
  }
  if (body.retry_after !== undefined) c.header('Retry-After', String(body.retry_after))
  if (error.details.allow?.length) c.header('Allow', error.details.allow.join(', '))
  c.header('Content-Type', 'application/problem+json')
  return c.newResponse(JSON.stringify(body), body.status_code as 500)
}

/** Hono itself throws only for bodies it cannot parse. */
function fromHttpException({ status, message }: HTTPException): GatewayError | undefined {
  const codes: Partial<Record<number, ErrorCode>> = { 400: 'validation_error', 413: 'body_too_large' }
  const code = codes[status]
  if (!code) return undefined
  const issues = code === 'validation_error' ? [{ loc: ['body'], msg: message, type: 'json_invalid' }] : undefined
  return new GatewayError(code, issues ? { issues } : {})
}
