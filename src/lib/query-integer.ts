/** Whole numbers in a query: plain digits, bounded. */
import * as v from 'valibot'

/** `asSent` is for the document, which cannot look behind a transformation. */
const digits = (range: { minimum: number; maximum?: number }) =>
  v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.metadata({ asSent: { type: 'integer', ...range } }))

export const QueryInteger = (min: number, max: number) =>
  v.pipe(digits({ minimum: min, maximum: max }), v.transform(Number), v.minValue(min), v.maxValue(max))

/** What is beyond the maximum is the maximum, where v7's clients ask for more than anybody gives. */
export const CappedInteger = (min: number, max: number) =>
  v.pipe(
    digits({ minimum: min }),
    v.transform((text) => Math.min(Number(text), max)),
    v.minValue(min),
  )
