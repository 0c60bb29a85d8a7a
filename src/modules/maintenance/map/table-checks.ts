/** Finds the CHECK conditions in a table's DDL; no pragma lists them. */

/** Words, quoted text, comments, and single characters. */
const tokens = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|--[^\n]*|\/\*[\s\S]*?\*\/|[A-Za-z_]\w*|[^\s]/g

/** The text between the brackets of each CHECK, in the order of the DDL. */
export function checksOf(ddl: string): string[] {
  const found: string[] = []
  const all = [...ddl.matchAll(tokens)]
  for (const [index, { 0: word }] of all.entries()) {
    if (word.toUpperCase() !== 'CHECK' || all[index + 1]?.[0] !== '(') continue
    const end = closing(all, index + 1)
    if (end) found.push(ddl.slice((all[index + 1]?.index ?? 0) + 1, end.index).trim())
  }
  return found
}

function closing(all: RegExpExecArray[], from: number): RegExpExecArray | undefined {
  let depth = 0
  return all.slice(from).find(({ 0: word }) => {
    if (word === '(') depth += 1
    if (word === ')') depth -= 1
    return depth === 0
  })
}
