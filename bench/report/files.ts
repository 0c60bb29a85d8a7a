/** Where the figures are kept: the last run's, and the page that shows them. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { caseNames } from '../cases.ts'
import { renderChart } from './chart.ts'
import { renderGrowth } from './growth-chart.ts'
import { renderResults } from './markdown.ts'
import { type CaseResults, mergeResults } from './results.ts'

const project = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const json = project('bench/results/latest.json')
const markdown = project('bench/results/latest.md')
const chart = project('docs/assets/bench.svg')
const plot = project('docs/assets/growth.svg')
const page = project('docs/performance.md')

const begin = '<!-- bench:begin -->'
const end = '<!-- bench:end -->'

/** What the files show afterwards. */
export function keepResults(fresh: readonly CaseResults[]): CaseResults[] {
  const old = existsSync(json) ? (JSON.parse(readFileSync(json, 'utf8')) as CaseResults[]) : []
  const results = mergeResults(old, fresh, caseNames)
  mkdirSync(project('bench/results'), { recursive: true })
  mkdirSync(project('docs/assets'), { recursive: true })
  writeFileSync(json, `${JSON.stringify(results, shortNumbers, 2)}\n`)
  writeFileSync(markdown, `${renderResults(results)}\n`)
  writeFileSync(chart, renderChart(results))
  const lines = results.flatMap((one) => one.lines ?? [])
  if (lines.length > 0) writeFileSync(plot, renderGrowth(lines))
  writeFileSync(page, replaceBlock(readFileSync(page, 'utf8'), renderResults(results)))
  return results
}

/** The text with what stands between the markers replaced. */
export function replaceBlock(text: string, block: string): string {
  const from = text.indexOf(begin)
  const to = text.indexOf(end)
  if (from < 0 || to < from) throw new Error(`the page needs the markers ${begin} and ${end}`)
  return `${text.slice(0, from + begin.length)}\n\n${block}\n\n${text.slice(to)}`
}

/** Six digits say more than any round can. */
const shortNumbers = (_name: string, value: unknown) =>
  typeof value === 'number' ? Number(value.toPrecision(6)) : value
