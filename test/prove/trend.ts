/** How fast a sampled value grows, and how sure that is. */

export interface Sample {
  seconds: number
  value: number
}

export interface Trend {
  /** Units of the value per hour, with the bounds of its 95 % confidence interval. */
  perHour: number
  low: number
  high: number
  windows: number
}

/**
 * The least-squares slope of the lowest value of each window. Minima leave out what the next garbage collection
 * frees; the standard error is widened by the lag-1 autocorrelation of the residuals, because neighbours resemble
 * each other and would otherwise feign certainty.
 */
export function trendOf(samples: readonly Sample[], windowSeconds: number): Trend {
  const points = minima(samples, windowSeconds)
  const n = points.length
  const meanX = mean(points.map(({ seconds }) => seconds))
  const meanY = mean(points.map(({ value }) => value))
  const spreadX = sum(points.map(({ seconds }) => (seconds - meanX) ** 2))
  const slope = sum(points.map(({ seconds, value }) => (seconds - meanX) * (value - meanY))) / spreadX
  const residuals = points.map(({ seconds, value }) => value - meanY - slope * (seconds - meanX))
  const squares = sum(residuals.map((residual) => residual ** 2))
  const products = sum(residuals.slice(1).map((residual, index) => residual * (residuals[index] ?? 0)))
  const likeness = squares === 0 ? 0 : Math.min(0.9, Math.max(0, products / squares))
  const widened = Math.sqrt((1 + likeness) / (1 - likeness))
  const error = Math.sqrt(squares / (n - 2) / spreadX) * widened
  const perHour = slope * 3600
  const margin = studentT(n - 2) * error * 3600
  return { perHour, low: perHour - margin, high: perHour + margin, windows: n }
}

function minima(samples: readonly Sample[], windowSeconds: number): Sample[] {
  const windows = Map.groupBy(samples, ({ seconds }) => Math.floor(seconds / windowSeconds))
  return [...windows.values()].map((window) => window.reduce((low, each) => (each.value < low.value ? each : low)))
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
const mean = (values: readonly number[]) => sum(values) / values.length

/** The two-sided 95 % quantile, by the first terms of its expansion around the normal one. */
const studentT = (freedom: number) => 1.96 + 2.372 / freedom + 2.82 / freedom ** 2
