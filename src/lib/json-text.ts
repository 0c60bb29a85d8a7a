/** Reads text that may be no JSON, because somebody else wrote it. */
import { isObject } from './json-object.ts'

/** Undefined for what is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** An empty object for whatever is none: what another writer of a table left there may be anything. */
export function parseObject(text: string | null): Record<string, unknown> {
  const json = parseJson(text ?? '')
  return isObject(json) ? json : {}
}
