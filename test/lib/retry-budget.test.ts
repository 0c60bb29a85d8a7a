import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maxRetries, pauseMs } from '../../src/lib/backoff.ts'
import { admit, closedCircuit, settle } from '../../src/lib/breaker.ts'
import { retryBudget } from '../../src/lib/retry-budget.ts'
import { fakeRandom } from '../support/fake-random.ts'

const rules = { share: 0.2, minimum: 3, windowS: 10 }

describe('retryBudget', () => {
  it('lets a lone request use all of its retries', () => {
    const budget = retryBudget(rules)
    budget.addRequest(0)
    expect([1, 2, 3, 4].map(() => budget.takeRetry(500))).toEqual([true, true, true, false])
  })

  it('allows a fifth of the requests of the last ten seconds', () => {
    const budget = retryBudget(rules)
    for (let i = 0; i < 100; i++) budget.addRequest(i * 90)
    let taken = 0
    while (budget.takeRetry(9000)) taken++
    expect(taken).toBe(20)
    expect(budget.read(9000)).toEqual({ requests: 100, retries: 20, remaining: 0 })
  })

  it('forgets what is older than the window, also after a long rest', () => {
    const budget = retryBudget(rules)
    for (let i = 0; i < 50; i++) budget.addRequest(0)
    budget.takeRetry(0)
    expect(budget.read(9999)).toEqual({ requests: 50, retries: 1, remaining: 9 })
    expect(budget.read(10_000)).toEqual({ requests: 0, retries: 0, remaining: 3 })
    budget.addRequest(3_600_000)
    expect(budget.read(3_600_000).requests).toBe(1)
  })

  it('starts anew when the clock is set back', () => {
    const budget = retryBudget(rules)
    for (let i = 0; i < 50; i++) budget.addRequest(1_000_000)
    expect(budget.read(1000)).toEqual({ requests: 0, retries: 0, remaining: 3 })
  })

  it('never allows more than its share of any window, nor of all requests together', () => {
    const event = fc.record({ passes: fc.integer({ min: 0, max: 3000 }), retries: fc.boolean() })
    fc.assert(
      fc.property(fc.array(event, { maxLength: 300 }), (events) => {
        const budget = retryBudget(rules)
        const log: { second: number; retry: boolean }[] = []
        let now = 0
        for (const { passes, retries } of events) {
          now += passes
          const second = Math.floor(now / 1000)
          if (!retries) {
            budget.addRequest(now)
            log.push({ second, retry: false })
          } else if (budget.takeRetry(now)) {
            log.push({ second, retry: true })
            const recent = log.filter((one) => one.second > second - rules.windowS)
            const retried = recent.filter(({ retry }) => retry).length
            expect(retried).toBeLessThanOrEqual(Math.max(rules.minimum, (recent.length - retried) * rules.share))
          }
        }
      }),
    )
  })
})

/** Requests arrive evenly; each try takes 5 ms and fails. */
function failingMinute(breakerFailures: number) {
  const breakerRules = { failures: breakerFailures, cooldownMs: 60_000 }
  const random = fakeRandom(3)
  const budget = retryBudget(rules)
  let circuit = closedCircuit
  let openedAt: number | null = null
  const counts = { requests: 0, tries: 0, refused: 0 }
  const due = new Map<number, { retry: number; epoch: number; starts: boolean }[]>()
  const at = (moment: number, event: { retry: number; epoch: number; starts: boolean }) =>
    due.set(moment, [...(due.get(moment) ?? []), event])
  for (let now = 0; now < 60_000; now++) {
    if (now % 2 === 0) {
      counts.requests++
      at(now, { retry: 0, epoch: 0, starts: true })
    }
    const events = due.get(now) ?? []
    due.delete(now)
    for (const { retry, epoch, starts } of events) {
      if (starts) {
        const next = admit(circuit, now)
        if (!next) {
          counts.refused++
          continue
        }
        circuit = next
        counts.tries++
        at(now + 5, { retry, epoch: next.epoch, starts: false })
        continue
      }
      circuit = settle(circuit, epoch, 'failure', breakerRules, now)
      if (circuit.state === 'open') openedAt ??= now
      if (retry === 0) budget.addRequest(now)
      const wait = pauseMs(retry, random.fraction())
      if (retry < maxRetries && wait !== null && budget.takeRetry(now))
        at(now + Math.max(1, wait), { retry: retry + 1, epoch: 0, starts: true })
    }
  }
  return { ...counts, openedAt }
}

describe('a minute of 500 requests a second to an upstream that always fails', () => {
  it('costs the upstream at most a fifth more tries while no breaker stops them', () => {
    const { requests, tries } = failingMinute(Number.POSITIVE_INFINITY)
    expect(requests).toBe(30_000)
    expect(tries).toBeGreaterThan(requests * 1.1)
    expect(tries).toBeLessThanOrEqual(requests * 1.2 + rules.minimum)
  })

  it('ends within milliseconds when a breaker stands before it', () => {
    const { tries, refused, openedAt, requests } = failingMinute(5)
    expect(openedAt).toBeLessThan(20)
    expect(tries).toBeLessThan(20)
    expect(refused).toBeGreaterThan(requests - 20)
  })
})
