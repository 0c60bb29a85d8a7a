/** A JSON object with any keys, and no list: valibot's record takes both. */
import * as v from 'valibot'

export const JsonObject = v.pipe(
  v.unknown(),
  v.check((input) => !Array.isArray(input), 'Expected an object'),
  v.record(v.string(), v.unknown()),
)
