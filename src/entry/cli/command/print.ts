/** Prints results: JSON for programs, text for people; neither lets foreign text control the terminal. */

/** Control characters, and those that hide or turn text; line breaks end a line of ours only. */
const unsafe = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** Foreign text as one line that a terminal can show. */
export const visible = (text: string): string => text.replace(unsafe, '\ufffd')

export const printLine = (text: string): void => void process.stdout.write(`${text}\n`)

/** JSON.stringify leaves C1 control characters as they are; some terminals obey them. */
const escaped = (json: string) =>
  json.replace(/[\u007f-\u009f]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`)

export const jsonOf = (value: unknown, indent = 2): string => escaped(JSON.stringify(value, null, indent))

/** What every command's `--json` decides. */
export function printResult(value: unknown, json: boolean | undefined, text: () => string): void {
  printLine(json ? jsonOf(value) : text())
}

/** Columns as wide as their widest cell. Rows of equal length; the last column is not padded. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  const line = (row: readonly string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')
  return rows.map((row) => line(row).trimEnd()).join('\n')
}
