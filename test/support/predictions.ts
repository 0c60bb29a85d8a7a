/** Predicts failures in histories by the gateway's method and by two simple rivals, and counts what came of it. */
import { calmTrend, followTrend, type HealthSample } from '../../src/modules/health-history/health-trend.ts'
import { fakeRandom } from './fake-random.ts'

export type Look = Pick<HealthSample, 'passed' | 'ms'>

/** One look a minute. `onset` is when a fault begins, `failure` when the service is gone; null where it never is. */
export interface History {
  looks: readonly Look[]
  onset: number | null
  failure: number | null
}

/** True in each minute in which it predicts a failure. */
export type Method = (looks: readonly Look[]) => boolean[]

const remembered = 120

export const cusum: Method = (looks) => {
  let trend = calmTrend
  const samples = looks.map((look, at): HealthSample => ({ at, ...look }))
  return samples.map((sample, at) => {
    trend = followTrend(trend, samples.slice(Math.max(0, at - remembered), at), sample)
    return trend.departed !== null
  })
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
const answers = (looks: readonly Look[]) => looks.flatMap(({ passed, ms }) => (passed && ms !== null ? [ms] : []))
const relapsed = (looks: readonly Look[]) =>
  looks.filter(({ passed }, at) => passed === false && looks[at - 1]?.passed === true).length >= 3

/** The rule of many alerts: five answers in the middle over twice the usual, or three relapses in half an hour. */
export const threshold: Method = (looks) =>
  looks.map((_, at) => {
    const usual = answers(looks.slice(Math.max(0, at - remembered), Math.max(0, at - 10)))
    const recent = answers(looks.slice(Math.max(0, at - 4), at + 1))
    const isSlow = usual.length >= 20 && recent.length >= 5 && median(recent) > 2 * median(usual)
    return isSlow || relapsed(looks.slice(Math.max(0, at - 29), at + 1))
  })

const timeoutMs = 3000
const horizon = 240

/** A straight line through the last hour that meets the timeout within four hours, where it explains half of what is seen. */
export const line: Method = (looks) =>
  looks.map((_, at) => {
    const points = looks
      .slice(Math.max(0, at - 59), at + 1)
      .flatMap(({ passed, ms }, x) => (passed && ms !== null ? [[x, ms] as const] : []))
    if (relapsed(looks.slice(Math.max(0, at - 29), at + 1))) return true
    if (points.length < 30) return false
    const [mx, my] = [0, 1].map((i) => points.reduce((sum, point) => sum + (point[i] ?? 0), 0) / points.length) as [
      number,
      number,
    ]
    const sum = (of: (x: number, y: number) => number) => points.reduce((all, [x, y]) => all + of(x - mx, y - my), 0)
    const [xx, xy, yy] = [sum((x) => x * x), sum((x, y) => x * y), sum((_x, y) => y * y)]
    const slope = xy / xx
    const explained = yy === 0 ? 0 : (xy * xy) / (xx * yy)
    return slope > 0 && explained >= 0.5 && my + slope * (59 - mx + horizon) >= timeoutMs
  })

export const methods: Readonly<Record<string, Method>> = { cusum, threshold, line }

export interface Verdict {
  /** Minutes from the first prediction after the onset to the failure; null for a failure that nothing predicted. */
  lead: number | null
  isMissed: boolean
  /** Predictions that began where nothing failed after. */
  falseAlarms: number
  minutes: number
}

export function judge(method: Method, { looks, onset, failure }: History): Verdict {
  const predicted = method(looks)
  const begun = predicted.flatMap((is, at) => (is && !predicted[at - 1] ? [at] : []))
  const [from, to] = [onset ?? Number.POSITIVE_INFINITY, failure ?? Number.POSITIVE_INFINITY]
  // One that began before the fault and still holds is luck, and no false one either.
  const first = predicted.findIndex((is, at) => is && at >= from && at < to)
  return {
    lead: failure === null || first < 0 ? null : to - first,
    isMissed: failure !== null && first < 0,
    falseAlarms: begun.filter((at) => at < from).length,
    minutes: Math.min(looks.length, from),
  }
}

interface Shape {
  minutes: number
  onset?: number
  failure?: number
  /** How many times as slow as usual. */
  factor?: (minute: number) => number
  isDown?: (minute: number) => boolean
  spread?: number
  memory?: number
  spikes?: number
  failures?: (minute: number) => number
}

/** Lognormal latency around 100 ms with what the shape adds; the same for the same seed. */
export function simulated(seed: number, shape: Shape): History {
  const {
    minutes,
    factor = () => 1,
    isDown = () => false,
    spread = 0.3,
    memory = 0,
    spikes = 0,
    failures = () => 0,
  } = shape
  const random = fakeRandom(seed)
  const normal = () => Math.sqrt(-2 * Math.log(1 - random.fraction())) * Math.cos(2 * Math.PI * random.fraction())
  let drift = 0
  const looks = Array.from({ length: minutes }, (_, minute): Look => {
    drift = memory * drift + spread * Math.sqrt(1 - memory ** 2) * normal()
    const [lost, spike] = [random.fraction() < failures(minute), random.fraction() < spikes ? 10 : 1]
    const ms = 100 * factor(minute) * Math.exp(drift) * spike
    return isDown(minute) || lost || ms >= timeoutMs ? { passed: false, ms: null } : { passed: true, ms }
  })
  return { looks, onset: shape.onset ?? null, failure: shape.failure ?? null }
}

const day = 1440
const week = 7 * day
/** Three days as ever, then six hours until the service is gone. */
const faulty = { minutes: 3 * day + 360, onset: 3 * day, failure: 3 * day + 360 }
const since = (minute: number) => Math.max(0, minute - faulty.onset)

export const shapes: Readonly<Record<string, Shape>> = {
  'steady noise': { minutes: week },
  'noise with spikes': { minutes: week, spread: 0.5, spikes: 0.02 },
  'noise that remembers 80 %': { minutes: week, memory: 0.8 },
  'a daily cycle': { minutes: week, factor: (minute) => 1 + 0.6 * Math.sin((2 * Math.PI * minute) / day) },
  'a restart each six hours': {
    minutes: week,
    isDown: (minute) => minute % 360 < 2 && minute > 2,
    factor: (minute) => (minute % 360 < 8 ? 3 : 1),
  },
  'one answer in a hundred lost': { minutes: week, failures: () => 0.01 },
  'a slow leak, thirtyfold in six hours': { ...faulty, factor: (minute) => 30 ** (since(minute) / 360) },
  'a leak along a line': { ...faulty, factor: (minute) => 1 + (29 * since(minute)) / 360 },
  'a step to the double, six hours before': { ...faulty, factor: (minute) => (minute >= faulty.onset ? 2 : 1) },
  'a step to the triple, half an hour before': {
    ...{ minutes: 3 * day + 30, onset: 3 * day, failure: 3 * day + 30 },
    factor: (minute) => (minute >= faulty.onset ? 3 : 1),
  },
  'more and more answers lost': { ...faulty, failures: (minute) => 0.5 * (since(minute) / 360) },
}
