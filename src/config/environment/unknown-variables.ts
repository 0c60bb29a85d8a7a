/** Finds unknown variables that look like misspelt known ones. */

import { configVariables } from '../variables.ts'
import type { EnvironmentVariables } from './environment.ts'

const known: ReadonlySet<string> = new Set(configVariables.map(({ name }) => name))

/** Read by other VX11 modules and similar to one of ours. */
const readByOthers: ReadonlySet<string> = new Set(['VX11_TOKEN'])

/** Sorted unknown names that start with `VX11_` and differ from a known one by one or two letters. */
export const unknownVariables = (variables: EnvironmentVariables): string[] =>
  Object.keys(variables)
    .filter((name) => name.startsWith('VX11_') && !known.has(name) && !readByOthers.has(name))
    .filter((name) => configVariables.some((variable) => editDistance(name, variable.name) <= 2))
    .sort()

/** Levenshtein distance; returns early when the lengths differ by more than two. */
function editDistance(left: string, right: string): number {
  if (Math.abs(left.length - right.length) > 2) return Number.POSITIVE_INFINITY
  let above = Array.from({ length: right.length + 1 }, (_, column) => column)
  for (const [row, letter] of [...left].entries()) {
    const current = [row + 1]
    for (let column = 1; column <= right.length; column++) {
      const kept = (above[column - 1] ?? 0) + (letter === right[column - 1] ? 0 : 1)
      current.push(Math.min(kept, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1))
    }
    above = current
  }
  return above[right.length] ?? 0
}
