/** Reads CHECK and AUTOINCREMENT from a table's DDL, because no PRAGMA reports them. */

export const isAutoincrement = (ddl: string) => /\bAUTOINCREMENT\b/i.test(withoutText(ddl))

/** The normalised expressions: unquoted names, no insignificant whitespace, lower case. */
export function readChecks(ddl: string): string[] {
  const checks: string[] = []
  for (const match of ddl.matchAll(/\bCHECK\s*\(/gi)) {
    const start = match.index + match[0].length
    checks.push(alike(ddl.slice(start, closingBracket(ddl, start))))
  }
  return checks.sort()
}

/** Ignores parentheses, quotes around numbers, and the spelling of booleans. */
export function sameDefault(one: string | null, other: string | null): boolean {
  return plainDefault(one) === plainDefault(other)
}

function plainDefault(text: string | null): string {
  const bare = (text ?? 'null').replace(/^\((.*)\)$/s, '$1').trim()
  if (/^'-?\d+(\.\d+)?'$/.test(bare)) return bare.slice(1, -1)
  const truth = { true: '1', false: '0' }[bare.toLowerCase()]
  return truth ?? (bare.startsWith("'") ? bare : bare.toLowerCase())
}

function closingBracket(text: string, start: number): number {
  let depth = 1
  let inText = false
  for (let place = start; place < text.length; place++) {
    const sign = text[place]
    if (sign === "'") inText = !inText
    else if (inText) continue
    else if (sign === '(') depth++
    else if (sign === ')' && --depth === 0) return place
  }
  return text.length
}

const alike = (expression: string) =>
  expression
    .replace(/[`"[\]]/g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([(),=<>]) ?/g, '$1')
    .trim()
    .toLowerCase()

const withoutText = (ddl: string) => ddl.replace(/'(?:[^']|'')*'/g, "''")
