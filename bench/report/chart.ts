/** Requests per second as a bar chart in SVG: one group per load, each on a scale of its own. */
import type { LoadResults, Results, TargetResult } from '../results.ts'

const width = 760
const labelWidth = 190
const figureWidth = 190
const barHeight = 16
const barStep = 22
const groupGap = 46

/** Colours stand in the page's own scheme; `text` and `bar` are grey enough for an image that knows no scheme. */
const style = `
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

export function renderChart({ cases }: Results): string {
  const groups = cases.filter((result): result is LoadResults => result.kind === 'load')
  let y = 10
  const drawn = groups.map((group) => {
    const svg = drawGroup(group, y)
    y += groupGap + group.targets.length * barStep
    return svg
  })
  const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" role="img" aria-label="Requests per second by target">`
  return `${head}\n<style>${style}\n</style>\n${drawn.join('\n')}\n</svg>\n`
}

function drawGroup({ title, targets }: LoadResults, top: number): string {
  const most = Math.max(...targets.map(({ perSecond }) => perSecond))
  const sorted = targets.toSorted((a, b) => b.perSecond - a.perSecond)
  const bars = sorted.map((target, i) => drawBar(target, top + 26 + i * barStep, most))
  return `<text class="title" x="0" y="${top + 14}">${escapeXml(title)}, requests per second</text>\n${bars.join('\n')}`
}

function drawBar({ name, perSecond, gatewayRatio }: TargetResult, y: number, most: number): string {
  const length = Math.max(1, ((width - labelWidth - figureWidth) * perSecond) / most)
  const ratio = gatewayRatio ? ` (gateway ${gatewayRatio.median.toFixed(2)} x)` : ''
  const textY = y + barHeight - 4
  const colour = name === 'gateway' ? 'bar gateway' : 'bar'
  return [
    `<text x="${labelWidth - 10}" y="${textY}" text-anchor="end">${escapeXml(name)}</text>`,
    `<rect class="${colour}" x="${labelWidth}" y="${y}" width="${length.toFixed(1)}" height="${barHeight}" rx="2"/>`,
    `<text class="figure" x="${(labelWidth + length + 8).toFixed(1)}" y="${textY}">${rounded(perSecond)}${ratio}</text>`,
  ].join('\n')
}

const rounded = (perSecond: number) => (perSecond < 1000 ? perSecond.toFixed(0) : `${(perSecond / 1000).toFixed(1)} k`)

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }

export const escapeXml = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
