/** Lines over time with uPlot, in the theme's colours, as wide as their panel, with a table for those who cannot see them. */
import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { dark, language } from '../core/preferences.ts'
import { t } from '../texts/index.ts'
import { timeFormat } from './formatters.ts'

export interface Line {
  label: string
  values: readonly (number | null)[]
  colour?: 1 | 2 | 3
  fill?: boolean
}

interface PlotProps {
  label: string
  /** Epoch seconds. */
  times: readonly number[]
  lines: readonly Line[]
  format: (value: number) => string
  height?: number
  /** A level worth seeing, such as a threshold. */
  level?: { value: number; label: string } | undefined
}

const cssColour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

export default function Plot({ label, times, lines, format, height = 168, level }: PlotProps) {
  const holder = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const shape = `${dark.value}-${language.value}-${lines.map((line) => line.label).join()}-${level?.value ?? ''}`
  const data = [times, ...lines.map(({ values }) => values)] as unknown as uPlot.AlignedData

  useEffect(() => {
    const element = holder.current
    if (!element) return
    const made = new uPlot({ ...optionsFor(lines, format, level), width: element.clientWidth, height }, data, element)
    plot.current = made
    const watch = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }))
    watch.observe(element)
    return () => {
      watch.disconnect()
      made.destroy()
      plot.current = null
    }
  }, [shape, height])
  useEffect(() => plot.current?.setData(data), [times, lines])

  return (
    <figure class="plot" aria-label={label}>
      <div class="plot-area" ref={holder} aria-hidden="true" />
      <figcaption class="visually-hidden">
        {label}: {lines.map(({ label: name, values }) => `${name} ${latest(values, format)}`).join(', ')}
      </figcaption>
      <ul class="plot-legend" aria-hidden="true">
        {lines.map((line, index) => (
          <li key={line.label}>
            <i class={`colour-${line.colour ?? index + 1}`} /> {line.label}{' '}
            <strong>{latest(line.values, format)}</strong>
          </li>
        ))}
        {level ? (
          <li>
            <i class="colour-level" /> {level.label} <strong>{format(level.value)}</strong>
          </li>
        ) : null}
      </ul>
    </figure>
  )
}

function latest(values: readonly (number | null)[], format: (value: number) => string): string {
  const found = values.findLast((value) => value !== null && value !== undefined)
  return found === undefined || found === null ? t().plots.none : format(found)
}

function optionsFor(
  lines: readonly Line[],
  format: (value: number) => string,
  level: PlotProps['level'],
): Omit<uPlot.Options, 'width' | 'height'> {
  const grid = { stroke: cssColour('--line'), width: 1 }
  const ticks = { show: false }
  const axis = { stroke: cssColour('--muted'), font: `11px ${cssColour('--font')}`, grid, ticks }
  return {
    cursor: { y: false, points: { size: 6 } },
    legend: { show: false },
    scales: {
      x: { range: timeRange },
      y: { range: (_, __, highest) => [0, (Math.max(highest, level?.value ?? 0) || 1) * 1.12] },
    },
    axes: [
      { ...axis, size: 28, space: 84, values: clockLabels },
      { ...axis, size: 62, values: (_, splits) => splits.map((value) => (value === null ? '' : format(value))) },
    ],
    series: [
      {},
      ...lines.map((line, index) => {
        const stroke = cssColour(`--plot-${line.colour ?? index + 1}`)
        return {
          label: line.label,
          stroke,
          width: 1.75,
          points: { show: (drawn: uPlot) => drawn.data[0].length === 1 },
          spanGaps: false,
          ...(line.fill ? { fill: `${stroke}22` } : {}),
        }
      }),
    ],
    hooks: { draw: level ? [(drawn) => drawLevel(drawn, level.value)] : [] },
  }
}

/** One reading alone stands at the right of a minute; by itself, uPlot would stretch it over years. */
function timeRange({ data: [times] }: uPlot, first: number | null, last: number | null): [number, number] {
  const end = (times.length === 1 ? times[0] : last) ?? Date.now() / 1000
  return times.length === 1 || first === null || first === end ? [end - 60, end] : [first, end]
}

function clockLabels(_: uPlot, splits: number[]): string[] {
  const span = (splits.at(-1) ?? 0) - (splits[0] ?? 0)
  const options: Intl.DateTimeFormatOptions =
    span > 86_400
      ? { day: 'numeric', month: 'short' }
      : { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', ...(span < 300 ? { second: '2-digit' } : {}) }
  const format = timeFormat(language.value, options)
  return splits.map((second) => format.format(second * 1000))
}

function drawLevel(plot: uPlot, value: number): void {
  const y = plot.valToPos(value, 'y', true)
  const { ctx, bbox } = plot
  ctx.save()
  ctx.strokeStyle = cssColour('--bad')
  ctx.setLineDash([6, 5])
  ctx.beginPath()
  ctx.moveTo(bbox.left, y)
  ctx.lineTo(bbox.left + bbox.width, y)
  ctx.stroke()
  ctx.restore()
}
