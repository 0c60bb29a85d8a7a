/** Parses a posted body: one JSON value, or up to a thousand. */
import { GatewayError } from '../../../errors/gateway-error.ts'
import { parseJson } from '../../../lib/json-text.ts'

const maxItems = 1000

/**
 * The items of a JSON list, or of one JSON value per line; undefined for a line that is not JSON. Throws
 * validation_error for no items and for too many.
 */
export function readItems(text: string): unknown[] {
  const items = text.trimStart().startsWith('[') ? parseList(text) : text.split('\n').filter(hasText).map(parseJson)
  if (items.length >= 1 && items.length <= maxItems) return items
  throw invalid(`Expected 1 to ${maxItems} events`, 'length')
}

const hasText = (line: string) => line.trim() !== ''

function parseList(text: string): unknown[] {
  const items = parseJson(text)
  if (!Array.isArray(items)) throw invalid('Malformed JSON', 'json_invalid')
  return items
}

const invalid = (msg: string, type: string) =>
  new GatewayError('validation_error', { issues: [{ loc: ['body'], msg, type }] })

/** Throws validation_error for text that is not JSON. */
export function parseBody(text: string): unknown {
  const json = parseJson(text)
  if (json === undefined) throw invalid('Malformed JSON', 'json_invalid')
  return json
}
