/** Lead time, false alarms a week and misses of the prediction and of its rivals; makes the table of docs/truth.md. */
import { afterAll, describe, expect, it } from 'vitest'
import recorded from '../fixtures/probe-latencies.json' with { type: 'json' }
import { type History, judge, methods, shapes, simulated } from '../support/predictions.ts'

const weekMinutes = 7 * 1440
const rows: string[] = []
const looksOf = (latencies: readonly number[]) => latencies.map((ms) => ({ passed: true, ms }))

function measure(name: string, histories: readonly History[]) {
  const results = Object.values(methods).map((method) => {
    const verdicts = histories.map((history) => judge(method, history))
    const leads = verdicts.flatMap(({ lead }) => lead ?? []).toSorted((a, b) => a - b)
    const minutes = verdicts.reduce((sum, each) => sum + each.minutes, 0)
    const falseAlarms = verdicts.reduce((sum, each) => sum + each.falseAlarms, 0)
    const lead = leads[leads.length >> 1] ?? null
    return {
      lead,
      missed: verdicts.filter(({ isMissed }) => isMissed).length,
      weekly: (falseAlarms / minutes) * weekMinutes,
    }
  })
  const fails = histories[0]?.failure != null
  const cell = ({ lead, missed, weekly }: (typeof results)[number]) =>
    fails ? `${lead === null ? '-' : `${lead} min`}, ${missed} of ${histories.length} missed` : weekly.toFixed(1)
  rows.push(`| ${name} | ${results.map(cell).join(' | ')} |`)
  return results
}

describe('predictions', () => {
  it.each(Object.entries(shapes))('%s', (name, shape) => {
    const seeds = Array.from({ length: shape.failure ? 10 : 4 }, (_, seed) => seed + 1)
    const [own, threshold] = measure(
      name,
      seeds.map((seed) => simulated(seed, shape)),
    )
    expect(own?.missed).toBe(0)
    if (shape.failure) expect(own?.lead ?? 0).toBeGreaterThan((shape.failure - (shape.onset ?? 0)) / 2)
    else expect(own?.weekly).toBeLessThanOrEqual(Math.max(2, threshold?.weekly ?? 0))
  })

  it('recorded from a process on a busy machine', () => {
    measure('recorded: a busy machine', [{ looks: looksOf(recorded.steady), onset: null, failure: null }])
    const [own] = measure('recorded: a process that leaks', [
      { looks: looksOf(recorded.leak), onset: 120, failure: 600 },
    ])
    expect(own?.missed).toBe(0)
  })
})

afterAll(() => {
  process.stdout.write(`\n| history | ${Object.keys(methods).join(' | ')} |\n|---|---|---|---|\n${rows.join('\n')}\n`)
})
