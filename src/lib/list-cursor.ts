/** Where a list goes on: the sort key of a page's last item, as text that callers pass back as they got it. */
import * as v from 'valibot'
import { base64url, fromBase64url } from './base64url.ts'
import { parseJson } from './json-text.ts'

const words = 'Expected the next of an earlier answer'
const meaning = 'The `next` of an earlier answer: the list goes on behind it'

/** In every answer that lists: what to pass back as `cursor`; null at the end. */
export const Next = v.nullable(v.string())

/** For lists in the order of an id. */
export const IdCursor = v.pipe(
  v.string(),
  v.regex(/^[1-9]\d{0,14}$/, words),
  v.description(meaning),
  v.transform(Number),
)

/** A value by which a list is sorted, and an id where two items have the same. */
type Key = readonly [value: string, id: string]

/** For lists in the order of a value and an id: base64url of both as JSON. */
export const KeyCursor = v.pipe(
  v.string(),
  v.regex(/^[\w-]{1,2048}$/, words),
  v.description(meaning),
  v.transform(decoded),
  v.custom<Key>((key) => v.is(v.strictTuple([v.string(), v.string()]), key), words),
)

function decoded(text: string): unknown {
  const bytes = fromBase64url(text)
  return bytes && parseJson(new TextDecoder().decode(bytes))
}

export const keyCursor = (...key: Key): string => base64url(new TextEncoder().encode(JSON.stringify(key)))

/** Of rows with one more than the page holds: the id of the page's last row; null where there is not one more. */
export function nextId(rows: readonly { id: number }[], limit: number): string | null {
  const last = rows.length > limit ? rows[limit - 1] : undefined
  return last ? String(last.id) : null
}
