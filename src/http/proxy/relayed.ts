/** Answers with an upstream's result: a 2xx unchanged, a 4xx with the members that v7's clients read. */
import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import * as v from 'valibot'
import type { ErrorCode } from '../../errors/gateway-error.ts'
import type { AppEnv } from '../../ports/index.ts'
import type { Relayed } from '../../upstream/relay.ts'
import { guardErrors } from '../routing/describe.ts'

/** Errors of a command to a governed module, beside the module's own refusal. */
export const relayErrors = [
  ...guardErrors,
  'off_by_policy',
  'validation_error',
  'upstream_auth_failed',
  'upstream_failed',
  'upstream_unavailable',
  'upstream_timeout',
] as const satisfies readonly ErrorCode[]

/** An upstream's own object with any members. */
export const UpstreamObject = v.looseObject({})
/** What is passed on to it as it came. */
export const ObjectBody = v.record(v.string(), v.unknown())

/** A 4xx of the upstream's (contract shared/status-codes). */
export const UpstreamRefusal = v.object({
  status: v.literal('error'),
  code: v.number(),
  error: v.literal('upstream_refused'),
  /** The upstream's own words; null when it had none. */
  detail: v.unknown(),
  correlation_id: v.string(),
})

export const relayed = (c: Context<AppEnv>, { status, json, text }: Relayed) =>
  status < 400
    ? c.body(text, status as ContentfulStatusCode, { 'content-type': 'application/json' })
    : c.json(describeRefusal(c.get('correlationId'), { status, json }), status as ContentfulStatusCode)

/** The answer to a caller whose request the upstream refused. */
export const describeRefusal = (
  correlation_id: string,
  { status, json }: Omit<Relayed, 'text'>,
): v.InferOutput<typeof UpstreamRefusal> => {
  const detail = v.safeParse(v.object({ detail: v.unknown() }), json)
  return {
    status: 'error',
    code: status,
    error: 'upstream_refused',
    detail: detail.success ? detail.output.detail : (json ?? null),
    correlation_id,
  }
}
