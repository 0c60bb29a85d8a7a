/** Finds unknown variables that look like misspelt known ones, with or without the prefix. */
import { configVariables } from '../variables.ts'
import { secretVariables } from './secret-variables.ts'
import { type EnvironmentVariables, fileVariable } from './sources.ts'

export interface UnknownVariable {
  name: string
  /** The known variable that it looks like. */
  nearest: string
}

const prefix = 'VX11_'
const known: readonly string[] = [...configVariables.map(({ name }) => name), ...[...secretVariables].map(fileVariable)]
const isKnown: ReadonlySet<string> = new Set(known)

/** Read by other VX11 modules and similar to one of ours. */
const readByOthers: ReadonlySet<string> = new Set(['VX11_TOKEN'])

/** Sorted by name. */
export const unknownVariables = (variables: EnvironmentVariables): UnknownVariable[] =>
  Object.keys(variables)
    .filter((name) => !isKnown.has(name) && !readByOthers.has(name))
    .flatMap((name) => nearestTo(name) ?? [])
    .sort((one, other) => (one.name < other.name ? -1 : 1))

export const describeUnknown = ({ name, nearest }: UnknownVariable): string =>
  `${name} is no variable of the gateway; is ${nearest} meant?`

function nearestTo(name: string): UnknownVariable | undefined {
  let best = Number.POSITIVE_INFINITY
  let nearest: string | undefined
  for (const candidate of known) {
    const distance = distanceTo(name.toUpperCase(), candidate)
    if (distance >= best) continue
    best = distance
    nearest = candidate
  }
  return nearest === undefined ? undefined : { name, nearest }
}

/** Infinite for names that do not look alike. */
function distanceTo(name: string, candidate: string): number {
  const distance = editDistance(name, candidate)
  if (distance <= tolerated(name)) return distance
  if (name.startsWith(prefix) === candidate.startsWith(prefix)) return Number.POSITIVE_INFINITY
  const [bare, bareCandidate] = [withoutPrefix(name), withoutPrefix(candidate)]
  // Without the prefix a short name is anybody's.
  const isOurs = bare === bareCandidate ? name !== bare || bare.length >= 8 : bare.length >= 12
  return isOurs && editDistance(bare, bareCandidate) <= 1 ? 3 : Number.POSITIVE_INFINITY
}

const withoutPrefix = (name: string) => (name.startsWith(prefix) ? name.slice(prefix.length) : name)

/** Short names resemble anything. */
function tolerated({ length }: string): number {
  if (length < 6) return 0
  return length < 8 ? 1 : 2
}

/** Levenshtein distance with swapped neighbours as one edit; infinite above two. */
function editDistance(left: string, right: string): number {
  if (Math.abs(left.length - right.length) > 2) return Number.POSITIVE_INFINITY
  let before: number[] = []
  let above = Array.from({ length: right.length + 1 }, (_, column) => column)
  for (let row = 1; row <= left.length; row++) {
    const current = [row]
    for (let column = 1; column <= right.length; column++) {
      const [letter, other] = [left[row - 1], right[column - 1]]
      const changed = (above[column - 1] ?? 0) + (letter === other ? 0 : 1)
      let least = Math.min(changed, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1)
      if (row > 1 && column > 1 && letter === right[column - 2] && left[row - 2] === other)
        least = Math.min(least, (before[column - 2] ?? 0) + 1)
      current.push(least)
    }
    if (Math.min(...above, ...current) > 2) return Number.POSITIVE_INFINITY
    before = above
    above = current
  }
  return above[right.length] ?? 0
}
