/** Processor time per request as a bar chart in SVG: one group per load, each on a scale of its own. */
import { type Bar, type CaseResults, figure } from './results.ts'

const width = 760
const labelWidth = 190
const figureWidth = 90
const barHeight = 16
const barStep = 22
const groupGap = 46

/** Colours stand in the page's own scheme; `text` and `bar` are grey enough for an image that knows no scheme. */
export const style = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .title { font-weight: 600 }
  .figure { fill: #59636e }
  .bar { fill: #b6c0cb }
  .gateway { fill: #7c5cd6 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .figure { fill: #9198a1 }
    .bar { fill: #4a5460 }
    .gateway { fill: #a48bf0 }
  }`

export function renderChart(cases: readonly CaseResults[]): string {
  let y = 10
  const drawn = cases.flatMap(({ title, bars = [] }) => {
    if (bars.length === 0) return []
    const svg = drawGroup(title, bars, y)
    y += groupGap + bars.length * barStep
    return [svg]
  })
  const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" role="img" aria-label="Processor time per request by target">`
  return `${head}\n<style>${style}\n</style>\n${drawn.join('\n')}\n</svg>\n`
}

function drawGroup(title: string, bars: readonly Bar[], top: number): string {
  const max = Math.max(...bars.map(({ value }) => value))
  const sorted = bars.toSorted((a, b) => a.value - b.value)
  const drawn = sorted.map((bar, i) => drawBar(bar, top + 26 + i * barStep, max))
  const heading = `${escapeXml(title)}, processor time per request in microseconds (less is better)`
  return `<text class="title" x="0" y="${top + 14}">${heading}</text>\n${drawn.join('\n')}`
}

function drawBar({ name, value }: Bar, y: number, max: number): string {
  const length = Math.max(1, ((width - labelWidth - figureWidth) * value) / max)
  const textY = y + barHeight - 4
  const colour = name === 'gateway' ? 'bar gateway' : 'bar'
  return [
    `<text x="${labelWidth - 10}" y="${textY}" text-anchor="end">${escapeXml(name)}</text>`,
    `<rect class="${colour}" x="${labelWidth}" y="${y}" width="${length.toFixed(1)}" height="${barHeight}" rx="2"/>`,
    `<text class="figure" x="${(labelWidth + length + 8).toFixed(1)}" y="${textY}">${figure(value, 1)}</text>`,
  ].join('\n')
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }

export const escapeXml = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
