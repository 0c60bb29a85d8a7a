/** Finds variables that nobody reads and that look like a slip of the hand. */
import type { EnvironmentVariables } from './environment.ts'
import { configVariables } from './variables.ts'

const known: ReadonlySet<string> = new Set(configVariables.map(({ name }) => name))

/** Read by other modules of VX11, and spelled almost like one of ours. */
const readByOthers: ReadonlySet<string> = new Set(['VX11_TOKEN'])

/** Names, sorted, that start with `VX11_`, are not known, and are one or two letters away from one that is. */
export const unknownVariables = (variables: EnvironmentVariables): string[] =>
  Object.keys(variables)
    .filter((name) => name.startsWith('VX11_') && !known.has(name) && !readByOthers.has(name))
    .filter((name) => configVariables.some((variable) => editDistance(name, variable.name) <= 2))
    .sort()

/** Levenshtein's distance; names whose lengths differ by more than two are told apart without counting. */
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
