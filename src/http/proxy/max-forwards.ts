/** Max-Forwards of an OPTIONS request: at 0 the gateway is the last recipient (RFC 9110 §7.6.2). TRACE is refused. */
import type { Context } from 'hono'
import type { AppEnv, HeaderFields } from '../../ports/index.ts'
import { answerWith } from '../answer/answer.ts'

export const forwardedMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** Null where the field is absent, is no number, or belongs to another method, which may ignore it. */
export function readMaxForwards(c: Context<AppEnv>): number | null {
  if (c.req.method !== 'OPTIONS') return null
  const field = c.req.header('max-forwards') ?? ''
  return /^\d{1,9}$/.test(field) ? Number(field) : null
}

export function withMaxForwards(fields: HeaderFields, hops: number | null): HeaderFields {
  if (hops !== null) fields['max-forwards'] = String(hops - 1)
  return fields
}

export const answerOptions = (c: Context<AppEnv>): Response =>
  answerWith(c, 204, { allow: forwardedMethods.join(', ') }, null)
