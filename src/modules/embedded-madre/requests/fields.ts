/** The kinds of field that requests to madre consist of, with their limits. Lengths are in code points. */

import * as v from 'valibot'
import { isObject } from '../../../lib/json-object.ts'

/** Prose: a message, a reason. */
export const Prose = (max: number) =>
  v.pipe(
    v.string(),
    v.check((text) => !isLonger(text, max), `String should have at most ${max} characters`),
  )

/** An id or a name, to be kept in a column and compared. */
export const Name = (max = 128) =>
  v.pipe(
    Prose(max),
    v.check((text) => text.isWellFormed() && !/\p{Cc}/u.test(text), 'String should have no control characters'),
  )

/** pydantic's `dict`: an object with any keys, and no list. */
export const Dict = v.custom<Record<string, unknown>>(isObject)

/** A code point takes one or two units, so most lengths are known without counting. */
function isLonger(text: string, max: number): boolean {
  if (text.length <= max) return false
  return text.length > 2 * max || [...text].length > max
}
