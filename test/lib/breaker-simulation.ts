/** Outages and flaps of an upstream under the breaker's rules, in simulated time: what each rule costs. */
import { admit, type BreakerRules, type Circuit, closedCircuit, heal, probeNow, settle } from '../../src/lib/breaker.ts'
import { addAnswer, nextCheckMs, noStreak } from '../../src/upstream/health/health-schedule.ts'
import { breakerRules } from '../../src/upstream/layers/breaker-rules.ts'

export interface Rule {
  rules: BreakerRules
  /** A passing health check lets a probe through. */
  checksProbe: boolean
}

export const oldRule: Rule = { rules: { failures: 5, cooldownMs: 60_000 }, checksProbe: false }
export const newRule: Rule = { rules: breakerRules({ failures: 5, cooldownMs: 60_000 }), checksProbe: true }

export interface Cost {
  /** From the end of the outage to the first answer, in seconds. */
  recoveryS: number
  /** Tries that failed. */
  wasted: number
  /** Requests that were refused though the upstream would have answered. */
  refusedWhileUp: number
  /** Of all requests, in percent. */
  answered: number
}

const requestsPerSecond = 50

/** Requests come at random, 50 a second; an upstream that is down refuses at once. `down` is asked in milliseconds. */
export function simulate(
  rule: Rule,
  down: (at: number) => boolean,
  endOfOutage: number,
  lengthMs: number,
  seed: number,
) {
  const random = randomOf(seed)
  let circuit: Circuit = closedCircuit
  let streak = noStreak
  let checkAt = 5000 * random()
  let requests = 0
  const cost: Cost = { recoveryS: Number.NaN, wasted: 0, refusedWhileUp: 0, answered: 0 }
  const checkHealth = () => {
    const before = streak.verdict
    streak = addAnswer(streak, !down(checkAt))
    if (streak.verdict === 'up' && before === 'down') circuit = heal(circuit)
    if (rule.checksProbe && !down(checkAt)) circuit = probeNow(circuit, checkAt, checkAt)
    checkAt += nextCheckMs(streak.failures, random())
  }
  const request = (now: number) => {
    requests++
    const admitted = admit(circuit, now)
    if (!admitted) {
      if (!down(now)) cost.refusedWhileUp++
      return
    }
    circuit = settle(admitted, admitted.epoch, down(now) ? 'failure' : 'success', rule.rules, now)
    if (down(now)) cost.wasted++
    else {
      cost.answered++
      if (now >= endOfOutage && Number.isNaN(cost.recoveryS)) cost.recoveryS = (now - endOfOutage) / 1000
    }
  }
  for (let now = 0; now < lengthMs; now += (-Math.log(1 - random()) * 1000) / requestsPerSecond) {
    while (checkAt <= now) checkHealth()
    request(now)
  }
  return { ...cost, answered: (cost.answered / requests) * 100 }
}

const runs = 40

/** The mean of forty seeded runs. */
export function meanCost(rule: Rule, down: (at: number) => boolean, endOfOutage: number, lengthMs: number): Cost {
  const costs = Array.from({ length: runs }, (_, seed) => simulate(rule, down, endOfOutage, lengthMs, seed + 1))
  const mean = (of: (cost: Cost) => number) => costs.reduce((sum, cost) => sum + of(cost), 0) / runs
  return {
    recoveryS: mean(({ recoveryS }) => recoveryS),
    wasted: mean(({ wasted }) => wasted),
    refusedWhileUp: mean(({ refusedWhileUp }) => refusedWhileUp),
    answered: mean(({ answered }) => answered),
  }
}

const outageAt = 20_000
const outages = [0.1, 0.3, 1, 3, 10, 30, 60]
const flaps = [10, 15, 25, 50]

export const outageCost = (rule: Rule, seconds: number): Cost => {
  const end = outageAt + seconds * 1000
  return meanCost(rule, (at) => at >= outageAt && at < end, end, end + 120_000)
}

/** Down for a share of every two seconds, for two minutes. */
export const flapCost = (rule: Rule, percent: number): Cost =>
  meanCost(rule, (at) => at % 2000 < percent * 20, 0, 120_000)

/** The tables of docs/proxying.md. */
export function breakerTables(): string {
  const row = (cells: (string | number)[]) => `| ${cells.join(' | ')} |`
  const outageRows = outages.map((seconds) => {
    const [before, now] = [outageCost(oldRule, seconds), outageCost(newRule, seconds)]
    const times = [before.recoveryS.toFixed(1), now.recoveryS.toFixed(1)]
    const counts = [before.wasted, now.wasted, before.refusedWhileUp, now.refusedWhileUp].map(Math.round)
    return row([`${seconds} s`, ...times, ...counts])
  })
  const flapRows = flaps.map((percent) => {
    const [before, now] = [flapCost(oldRule, percent), flapCost(newRule, percent)]
    const shares = [before.answered, now.answered].map((share) => `${Math.round(share)} %`)
    return row([`${percent} %`, ...shares, ...[before.wasted, now.wasted].map(Math.round)])
  })
  return [
    row(['outage', 'back after, s: five in a row', 'now', 'wasted tries', 'now', 'refused while up', 'now']),
    '|---|---|---|---|---|---|---|',
    ...outageRows,
    '',
    row(['down, of every 2 s', 'answered: five in a row', 'now', 'wasted tries', 'now']),
    '|---|---|---|---|---|',
    ...flapRows,
  ].join('\n')
}

/** mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
