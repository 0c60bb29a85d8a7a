/** Schemas for integers in a query: plain digits, bounded. */
import * as v from 'valibot'

const wordsFor = ({ minimum, maximum }: { minimum: number; maximum?: number }) =>
  maximum === undefined || maximum === Number.MAX_SAFE_INTEGER
    ? `Expected a whole number of at least ${minimum}, in digits`
    : `Expected a whole number from ${minimum} to ${maximum}, in digits`

/** `asSent` is for the OpenAPI document, which cannot see through a transformation. */
const digits = (range: { minimum: number; maximum?: number }) =>
  v.pipe(v.string(), v.regex(/^\d{1,15}$/, wordsFor(range)), v.metadata({ asSent: { type: 'integer', ...range } }))

export const QueryInteger = (minimum: number, maximum: number) => {
  const words = wordsFor({ minimum, maximum })
  return v.pipe(
    digits({ minimum, maximum }),
    v.transform(Number),
    v.minValue(minimum, words),
    v.maxValue(maximum, words),
  )
}

/** Larger values count as the maximum, because v7's clients send them. */
export const CappedInteger = (minimum: number, max: number) =>
  v.pipe(
    digits({ minimum }),
    v.transform((text) => Math.min(Number(text), max)),
    v.minValue(minimum, wordsFor({ minimum })),
  )
