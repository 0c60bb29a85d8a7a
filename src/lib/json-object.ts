/** Recognises JSON objects; valibot's object schemas also accept lists. */
import * as v from 'valibot'
import { isRawNumber } from './exact-json.ts'

export const isObject = (json: unknown): json is Record<string, unknown> =>
  typeof json === 'object' && json !== null && !Array.isArray(json) && !isRawNumber(json)

/** Members of any name: valibot's record schema would drop `constructor`, `prototype` and `__proto__`. */
export const JsonObject = v.pipe(
  v.custom<Record<string, unknown>>(isObject, 'Expected an object'),
  v.metadata({ asSent: { type: 'object', additionalProperties: true } }),
)
