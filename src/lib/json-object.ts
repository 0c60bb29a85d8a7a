/** Tells a JSON object from the rest: valibot's object schemas take lists, too. */
import * as v from 'valibot'

export const isObject = (json: unknown): json is Record<string, unknown> =>
  typeof json === 'object' && json !== null && !Array.isArray(json)

/** Any keys, and no list. */
export const JsonObject = v.pipe(
  v.unknown(),
  v.check(isObject, 'Expected an object'),
  v.record(v.string(), v.unknown()),
)
