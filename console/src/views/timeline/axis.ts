/** One time axis on which long idle stretches are cut short, so that what happened fills the width. */

export interface Gap {
  at: number
  idleMs: number
}

export interface Axis {
  /** A moment's place, from 0 to 1. */
  place: (ms: number) => number
  gaps: readonly Gap[]
  from: number
  to: number
}

/** An idle stretch takes this share of the busy time at most. */
const idleShare = 0.06

export function axisOf(spans: readonly { start: number; end: number }[]): Axis {
  const from = Math.min(...spans.map(({ start }) => start))
  const to = Math.max(...spans.map(({ end }) => end))
  const idle = idleStretches(spans)
  const busy = to - from - idle.reduce((sum, { end, start }) => sum + end - start, 0)
  const maxIdle = Math.max(busy * idleShare, 20)
  const cut = idle.filter(({ start, end }) => end - start > maxIdle * 1.5)
  const width = Math.max(1, to - from - cut.reduce((sum, { start, end }) => sum + end - start - maxIdle, 0))
  const place = (ms: number) => {
    const saved = cut.reduce((sum, { start, end }) => {
      if (ms >= end) return sum + end - start - maxIdle
      if (ms <= start) return sum
      return sum + (ms - start) * (1 - maxIdle / (end - start))
    }, 0)
    return Math.min(1, Math.max(0, (ms - from - saved) / width))
  }
  return { place, from, to, gaps: cut.map(({ start, end }) => ({ at: place((start + end) / 2), idleMs: end - start })) }
}

function idleStretches(spans: readonly { start: number; end: number }[]): { start: number; end: number }[] {
  const sorted = [...spans].sort((a, b) => a.start - b.start)
  const idle: { start: number; end: number }[] = []
  let reached = sorted[0]?.end ?? 0
  for (const { start, end } of sorted) {
    if (start > reached) idle.push({ start: reached, end: start })
    reached = Math.max(reached, end)
  }
  return idle
}
