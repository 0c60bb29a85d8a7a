/** What a run found out, as bench/results/latest.json keeps it. A case that is not run again keeps its last figures. */
import type { DiscardReason } from '../method/discard.ts'
import type { Machine } from '../method/machine.ts'
import type { Estimate } from '../method/stats.ts'

export interface Conditions extends Machine {
  /** ISO 8601. */
  measuredAt: string
}

export interface Table {
  head: readonly string[]
  rows: readonly (readonly string[])[]
}

export interface Bar {
  name: string
  value: number
}

/** What something costs at each size, as a multiple of the first. */
export interface Line {
  name: string
  points: readonly { n: number; value: number }[]
}

export interface CaseResults {
  name: string
  title: string
  conditions: Conditions
  /** How it was measured, in words. */
  method: string
  tables: readonly Table[]
  /** What promises are held against, by name; a figure of one reading has no interval. */
  readings: Readonly<Record<string, Estimate>>
  /** Processor time per request by target, for the chart. */
  bars?: readonly Bar[]
  /** Cost against size, for the plot. */
  lines?: readonly Line[]
}

/** What a case's measurement gives; the rest is the same for all. */
export type Measured = Pick<CaseResults, 'method' | 'tables' | 'readings' | 'bars' | 'lines'>

export const single = (value: number): Estimate => ({ value, low: null, high: null })

/** The new figures in place of the old, cases in the order of `names`. */
export function mergeResults(
  old: readonly CaseResults[],
  fresh: readonly CaseResults[],
  names: readonly string[],
): CaseResults[] {
  const latest = new Map([...old, ...fresh].map((result) => [result.name, result]))
  return names.map((name) => latest.get(name)).filter((result) => result !== undefined)
}

/** What is no number was not measured, and is shown as that. */
export const figure = (value: number | null | undefined, digits = 0): string =>
  value === null || value === undefined || !Number.isFinite(value) ? '-' : value.toFixed(digits)

/** With its interval where there is one. */
export function shown({ value, low, high }: Estimate, digits = 2): string {
  const interval = low === null || high === null ? '' : ` (${figure(low, digits)} to ${figure(high, digits)})`
  return `${figure(value, digits)}${interval}`
}

/** "12 rounds of 2 s kept, 3 discarded (uneven speed 2, stolen time 1)". */
export function roundsTold(
  { kept, discarded }: { kept: number; discarded: Partial<Record<DiscardReason, number>> },
  seconds: number,
): string {
  const reasons = Object.entries(discarded)
  const count = reasons.reduce((sum, [, n]) => sum + n, 0)
  const why = count > 0 ? ` (${reasons.map(([reason, n]) => `${reason} ${n}`).join(', ')})` : ''
  return `${kept} rounds of ${seconds} s kept, ${count} discarded${why}`
}
