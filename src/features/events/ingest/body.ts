/** Parses a posted body: one JSON value, or up to a thousand. */

import { bodyIssue, type ParsedText, parseForeignJson, parseText, unkeepable } from '../../../errors/foreign-json.ts'
import { GatewayError } from '../../../errors/gateway-error.ts'

const maxItems = 1000
/** Payloads nest 64 deep within the event. */
const maxLevels = 65

/** Throws validation_error for text that is not JSON, or cannot be kept as it is. */
export const parseBody = (text: string): unknown => parseForeignJson(text, 'digits', maxLevels)

/** The items of a JSON list, or of one JSON value per line. Throws validation_error for no items and for too many. */
export function readItems(text: string): ParsedText[] {
  const items = text.trimStart().startsWith('[') ? parseList(text) : text.split('\n').filter(hasText).map(parseItem)
  if (items.length >= 1 && items.length <= maxItems) return items
  throw invalid(`Expected 1 to ${maxItems} events`, 'length')
}

const hasText = (line: string) => line.trim() !== ''

function parseItem(line: string): ParsedText {
  const parsed = parseText(line, 'digits')
  return 'json' in parsed ? keepable(line, parsed.json) : parsed
}

function parseList(text: string): ParsedText[] {
  const parsed = parseText(text, 'digits')
  if ('issue' in parsed) throw new GatewayError('validation_error', { issues: [parsed.issue] })
  if (!Array.isArray(parsed.json)) throw invalid('Expected a list', 'array')
  return parsed.json.map((json) => keepable(text, json))
}

function keepable(text: string, json: unknown): ParsedText {
  const issue = unkeepable(text, json, maxLevels)
  return issue ? { issue } : { json }
}

const invalid = (msg: string, type: string) => new GatewayError('validation_error', { issues: [bodyIssue(msg, type)] })
