/** Parses text that may not be JSON, without throwing. */
import { type KeepNumbers, parseExactJson } from './exact-json.ts'
import { isObject } from './json-object.ts'

/** Undefined for invalid JSON. Numbers that a double cannot represent keep their digits. */
export function parseJson(text: string, keep?: KeepNumbers): unknown {
  try {
    return parseExactJson(text, keep)
  } catch {
    return undefined
  }
}

/** An empty object for text that is not a JSON object. */
export function parseObject(text: string | null): Record<string, unknown> {
  const json = parseJson(text ?? '')
  return isObject(json) ? json : {}
}
