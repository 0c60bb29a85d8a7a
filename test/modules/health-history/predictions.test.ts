/** The gateway's prediction against its two rivals, in short; `npm run prove` makes the table of docs/truth.md. */
import { describe, expect, it } from 'vitest'
import { judge, type Method, methods, shapes, simulated } from '../../support/predictions.ts'

const verdict = (method: string, shape: string, seed = 1, minutes?: number) =>
  judge(methods[method] as Method, simulated(seed, { ...shapes[shape], ...(minutes && { minutes }) } as never))

describe('the prediction', () => {
  it.each([
    ['noise with spikes', 0],
    ['noise that remembers 80 %', 1],
    ['a restart each six hours', 1],
  ])('raises hardly an alarm in a day of %s', (shape, most) => {
    expect(verdict('cusum', shape, 2, 1440).falseAlarms).toBeLessThanOrEqual(most)
  })

  it.each(['noise with spikes', 'a restart each six hours'])('raises fewer than the usual threshold in %s', (shape) => {
    expect(verdict('cusum', shape, 2, 1440).falseAlarms).toBeLessThan(verdict('threshold', shape, 2, 1440).falseAlarms)
  })

  it('is hours before a leak becomes an outage, where a line is not', () => {
    const shape = { ...shapes['a slow leak, thirtyfold in six hours'], minutes: 660, onset: 300, failure: 660 }
    const leak = simulated(3, { ...shape, factor: (minute) => 30 ** (Math.max(0, minute - 300) / 360) })
    const [own, rival] = [judge(methods.cusum as Method, leak), judge(methods.line as Method, leak)]
    expect(own.lead).toBeGreaterThan(240)
    expect(own.lead ?? 0).toBeGreaterThan(rival.lead ?? 0)
  })
})
