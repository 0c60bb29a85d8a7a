/** The results as Markdown tables that also read well in a terminal. */
import { isQuiet, quietBelow } from '../method/machine.ts'
import { judge } from './promises.ts'
import type { CaseResults, Table } from './results.ts'

type Row = readonly string[]

export function renderResults(cases: readonly CaseResults[]): string {
  const verdicts = judge(cases).map(({ what, promised, found, kept }) => [
    what,
    promised,
    found,
    kept === null ? '-' : kept ? 'yes' : '**no**',
  ])
  return [
    '### Numbers to hold\n',
    renderTable({ head: ['what', 'promised', 'found', 'kept'], rows: verdicts }),
    renderCases(cases),
  ].join('\n')
}

/** Without a verdict. */
export const renderCases = (cases: readonly CaseResults[]): string => cases.map(renderCase).join('\n')

const renderCase = (result: CaseResults): string =>
  [`\n### ${result.title}`, ...result.tables.map(renderTable), told(result)].join('\n\n')

function told({ conditions, method }: CaseResults): string {
  const { measuredAt, node, cpu, cores, loadAverage } = conditions
  const where = `${cores} cores of ${cpu}, Node ${node}, load average before it ${loadAverage}`
  const loud = ` Others were at work (above ${quietBelow}): what counts by the clock is worse for it.`
  const when = `${measuredAt.slice(0, 16).replace('T', ' ')} UTC`
  return wrapped(`${when}, ${where}; ${method}.${isQuiet(conditions) ? '' : loud}`)
}

/** In lines as long as those of the page. */
function wrapped(text: string): string {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? ''
    if (line.length + word.length >= 120) lines.push(word)
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
  }
  return lines.join('\n')
}

/** Columns as wide as their widest cell; the first reads from the left, figures from the right. */
export function renderTable({ head, rows }: Table): string {
  const widths = head.map((title, i) => Math.max(title.length, 3, ...rows.map((row) => row[i]?.length ?? 0)))
  const line = (row: Row) =>
    `| ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`
  const rule = `|${widths.map((width, i) => (i === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`
  return [line(head), rule, ...rows.map(line)].join('\n')
}
