/** Cost against size as lines in SVG: log n to the right, the multiple of the first size's cost upwards. */
import { escapeXml, style } from './chart.ts'
import type { Line } from './results.ts'

const [width, height, left, top, bottom, right] = [760, 320, 50, 20, 40, 190]
const colours = ['#7c5cd6', '#d6772c', '#2c8fd6', '#3c9a5f', '#c2446b']

export function renderGrowth(lines: readonly Line[]): string {
  const points = lines.flatMap((line) => line.points)
  const decades = Math.max(1, ...points.map(({ n }) => Math.log10(n + 1)))
  const max = Math.max(2, ...points.map(({ value }) => value).filter(Number.isFinite))
  const x = (n: number) => left + (Math.log10(n + 1) / decades) * (width - left - right)
  const y = (value: number) => height - bottom - (value / max) * (height - top - bottom)
  const drawn = lines.map((line, index) => drawLine(line, index, x, y))
  const axes = [
    `<path d="M${left} ${top}V${y(0)}H${width - right}" fill="none" stroke="#59636e"/>`,
    ...Array.from({ length: Math.floor(decades) + 1 }, (_, power) =>
      tick(x(10 ** power - 1), y(0) + 18, `10^${power}`),
    ),
    ...Array.from({ length: Math.floor(max) }, (_, n) => tick(left - 16, y(n + 1) + 4, `${n + 1} x`)),
  ]
  const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="Cost against size">`
  return `${head}\n<style>${style}\n</style>\n${[...axes, ...drawn].join('\n')}\n</svg>\n`
}

const tick = (x: number, y: number, text: string) =>
  `<text class="figure" x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="middle">${text}</text>`

function drawLine(
  { name, points }: Line,
  index: number,
  x: (n: number) => number,
  y: (value: number) => number,
): string {
  const colour = colours[index % colours.length]
  const known = points.filter(({ value }) => Number.isFinite(value))
  const path = known.map(({ n, value }) => `${x(n).toFixed(1)},${y(value).toFixed(1)}`).join(' ')
  const label = `<text x="${width - right + 12}" y="${top + 20 + index * 20}" style="fill:${colour}">${escapeXml(name)}</text>`
  const dots = known.map(
    ({ n, value }) => `<circle cx="${x(n).toFixed(1)}" cy="${y(value).toFixed(1)}" r="3" fill="${colour}"/>`,
  )
  return [`<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`, ...dots, label].join('\n')
}
