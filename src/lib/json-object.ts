/** Recognises JSON objects; valibot's object schemas also accept lists. */
import * as v from 'valibot'
import { isRawNumber } from './exact-json.ts'

export const isObject = (json: unknown): json is Record<string, unknown> =>
  typeof json === 'object' && json !== null && !Array.isArray(json) && !isRawNumber(json)

export const JsonObject = v.pipe(
  v.unknown(),
  v.metadata({ asSent: { type: 'object', additionalProperties: true } }),
  v.check(isObject, 'Expected an object'),
  v.record(v.string(), v.unknown()),
)
