/** Whole numbers in a query: plain digits, bounded. */
import * as v from 'valibot'

const Digits = v.pipe(v.string(), v.regex(/^\d{1,15}$/))

export const QueryInteger = (min: number, max: number) =>
  v.pipe(Digits, v.transform(Number), v.minValue(min), v.maxValue(max))

/** What is beyond the maximum is the maximum, where v7's clients ask for more than anybody gives. */
export const CappedInteger = (min: number, max: number) =>
  v.pipe(
    Digits,
    v.transform((text) => Math.min(Number(text), max)),
    v.minValue(min),
  )
