/** Finds lone surrogates, which JSON can escape but strict parsers refuse. */

/** The path of the first member whose name or text contains one, or null. `json` must not nest deep. */
export function loneSurrogateIn(text: string, json: unknown): readonly (string | number)[] | null {
  return escapedSurrogate.test(text) || !text.isWellFormed() ? firstIn(json) : null
}

const escapedSurrogate = /\\u[dD][89a-fA-F]/

function firstIn(value: unknown): (string | number)[] | null {
  if (typeof value === 'string') return value.isWellFormed() ? null : []
  if (typeof value !== 'object' || value === null) return null
  for (const [key, member] of Object.entries(value)) {
    if (!key.isWellFormed()) return []
    const rest = firstIn(member)
    if (rest) return [Array.isArray(value) ? Number(key) : key, ...rest]
  }
  return null
}
