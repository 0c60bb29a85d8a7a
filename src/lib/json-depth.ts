/** Limits the depth of a JSON value, because JSON.stringify recurses. */
import { isRawNumber } from './exact-json.ts'

/** True if objects and lists nest more than `levels` deep. Not recursive. */
export function isDeeper(value: unknown, levels: number): boolean {
  let level: unknown[] = [value].filter(nests)
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > levels) return true
    level = level.flatMap((parent) => Object.values(parent as object).filter(nests))
  }
  return false
}

const nests = (value: unknown): boolean => typeof value === 'object' && value !== null && !isRawNumber(value)
