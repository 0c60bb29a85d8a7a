/** Schemas for integers in a query: plain digits, bounded. */
import * as v from 'valibot'

/** `asSent` is for the OpenAPI document, which cannot see through a transformation. */
const digits = (range: { minimum: number; maximum?: number }) =>
  v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.metadata({ asSent: { type: 'integer', ...range } }))

export const QueryInteger = (min: number, max: number) =>
  v.pipe(digits({ minimum: min, maximum: max }), v.transform(Number), v.minValue(min), v.maxValue(max))

/** Larger values count as the maximum, because v7's clients send them. */
export const CappedInteger = (min: number, max: number) =>
  v.pipe(
    digits({ minimum: min }),
    v.transform((text) => Math.min(Number(text), max)),
    v.minValue(min),
  )
