/**
 * Says when a service departs from its own history before it fails: one-sided CUSUM charts (Page 1954), one over robust
 * z-scores of latency (median and MAD, as Iglewicz and Hoaglin 1993 have it), one over relapses. docs/truth.md has the rates.
 */

/** One probe of a service. */
export interface HealthSample {
  at: number
  /** Null where the service was not asked or is meant to be silent: that says nothing about its health. */
  passed: boolean | null
  /** Milliseconds until it answered; null when it did not. */
  ms: number | null
}

export interface HealthTrend {
  /** How far the latency has drifted up, in robust standard deviations beyond the allowance. */
  latency: number
  /** How far relapses have outrun their usual rate, as a log-likelihood ratio. */
  relapses: number
  /** Set once; null again when the chart that raised it is back at zero. */
  departed: HealthDeparture | null
}

export interface HealthDeparture {
  kind: 'latency' | 'relapses'
  at: number
  /** The baseline's median in ms, or its relapses per look. */
  usual: number
  /** The answer that crossed the threshold in ms, or the sum that the relapses came to. */
  seen: number
}

export const calmTrend: HealthTrend = { latency: 0, relapses: 0, departed: null }

export const trendRules = {
  /** Samples nearest to now that the baseline leaves out, so that a drift does not become its own yardstick. */
  lag: 10,
  minBaseline: 20,
  /** Added before the logarithm, in ms: below it differences are noise of the clock and the network. */
  latencyOffsetMs: 10,
  minSpread: 0.1,
  /** What passes for chance of the correlation between neighbouring samples, and the most of it that counts. */
  freeMemory: 0.2,
  maxMemory: 0.8,
  /** One sample may not say more than this, or a single spike would raise an alarm. */
  maxZ: 3,
  /** Drift per sample that passes for noise. */
  allowance: 1,
  latencyThreshold: 15,
  /** A relapse is a failure after a success. The prior is one in fifty samples; five times the usual rate is a departure. */
  relapsePrior: { relapses: 1, samples: 50 },
  relapseRatio: 5,
  relapseThreshold: 4.4,
} as const

/** `before` are the samples until then, oldest first. Pure: the same samples give the same trend. */
export function followTrend(trend: HealthTrend, before: readonly HealthSample[], sample: HealthSample): HealthTrend {
  if (sample.passed === null) return trend
  const baseline = before.slice(0, -trendRules.lag)
  const latency = nextLatency(trend.latency, baseline, sample)
  const relapses = nextRelapses(trend.relapses, baseline, before.at(-1), sample)
  return { latency, relapses, departed: nextDeparture(trend.departed, { latency, relapses }, baseline, sample) }
}

type Charts = Pick<HealthTrend, 'latency' | 'relapses'>

function nextDeparture(
  departed: HealthDeparture | null,
  charts: Charts,
  baseline: readonly HealthSample[],
  { at, ms }: HealthSample,
): HealthDeparture | null {
  if (departed) return charts[departed.kind] === 0 ? null : departed
  if (charts.latency >= trendRules.latencyThreshold)
    return { kind: 'latency', at, usual: round(unscaled(centre(latencies(baseline)))), seen: ms ?? 0 }
  if (charts.relapses >= trendRules.relapseThreshold)
    return { kind: 'relapses', at, usual: round(relapseRate(baseline)), seen: round(charts.relapses) }
  return null
}

/** Capped at its threshold, so that the way back to zero is as short after a long departure as after a brief one. */
function nextLatency(sum: number, baseline: readonly HealthSample[], { ms }: HealthSample): number {
  const usual = latencies(baseline)
  if (ms === null || usual.length < trendRules.minBaseline) return sum
  const middle = centre(usual)
  const z = Math.min((scaled(ms) - middle) / (spread(usual, middle) * remembrance(usual, middle)), trendRules.maxZ)
  return clamp(sum + z - trendRules.allowance, trendRules.latencyThreshold)
}

function nextRelapses(
  sum: number,
  baseline: readonly HealthSample[],
  last: HealthSample | undefined,
  { passed }: HealthSample,
): number {
  const rate = relapseRate(baseline)
  const departed = Math.min(0.5, rate * trendRules.relapseRatio)
  if (passed) return clamp(sum + Math.log((1 - departed) / (1 - rate)), trendRules.relapseThreshold)
  // The second failure in a row belongs to the same relapse.
  return last?.passed === true ? clamp(sum + Math.log(departed / rate), trendRules.relapseThreshold) : sum
}

function relapseRate(baseline: readonly HealthSample[]): number {
  const relapses = baseline.filter(({ passed }, i) => passed === false && baseline[i - 1]?.passed === true).length
  const { relapses: prior, samples } = trendRules.relapsePrior
  return Math.min(0.1, (relapses + prior) / (baseline.length + samples))
}

const latencies = (samples: readonly HealthSample[]): number[] =>
  samples.flatMap(({ passed, ms }) => (passed && ms !== null ? scaled(ms) : []))

const scaled = (ms: number): number => Math.log(Math.max(0, ms) + trendRules.latencyOffsetMs)
const unscaled = (value: number): number => Math.max(0, Math.exp(value) - trendRules.latencyOffsetMs)

const centre = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

/** The median absolute deviation, scaled to the standard deviation of a normal distribution. */
function spread(values: readonly number[], middle: number): number {
  return Math.max(trendRules.minSpread, 1.4826 * centre(values.map((value) => Math.abs(value - middle))))
}

/**
 * By how much a sum of values that remember each other spreads more than one of values that do not: the square root of
 * (1 + r) / (1 - r) for a first-order memory r. Deviations are capped, so that a spike is not taken for memory.
 */
function remembrance(values: readonly number[], middle: number): number {
  const cap = 3 * spread(values, middle)
  const deviations = values.map((value) => Math.min(cap, Math.max(-cap, value - middle)))
  const square = deviations.reduce((sum, each) => sum + each * each, 0)
  const product = deviations.reduce((sum, each, at) => sum + each * (deviations[at - 1] ?? 0), 0)
  const memory =
    square === 0 ? 0 : Math.min(trendRules.maxMemory, Math.max(0, product / square - trendRules.freeMemory))
  return Math.sqrt((1 + memory) / (1 - memory))
}

const clamp = (value: number, max: number) => Math.min(max, Math.max(0, value))
const round = (value: number) => Math.round(value * 1000) / 1000
