/** Parses text of other writers, which may not be JSON. */
import { isObject } from './json-object.ts'

/** Undefined for text that is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** An empty object for text that is not a JSON object. */
export function parseObject(text: string | null): Record<string, unknown> {
  const json = parseJson(text ?? '')
  return isObject(json) ? json : {}
}
