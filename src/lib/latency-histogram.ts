/** Counts durations in buckets that grow by 2 %, so that a minute of any load fits in a few kilobytes. */

const growth = Math.log(1.02)
/** 10 microseconds; what is shorter counts as this. */
const smallestMs = 0.01
/** From 10 microseconds to some eight hours. */
const buckets = 1100

export interface LatencyHistogram {
  readonly count: number
  add(ms: number): void
  /** Nearest rank, exact to one in a hundred; null without a duration. */
  percentile(p: number): number | null
}

export function latencyHistogram(): LatencyHistogram {
  const counts = new Uint32Array(buckets)
  let count = 0
  return {
    get count() {
      return count
    },
    add(ms) {
      const bucket = Math.round(Math.log(Math.max(ms, smallestMs) / smallestMs) / growth)
      const index = Math.min(buckets - 1, bucket)
      counts[index] = (counts[index] ?? 0) + 1
      count++
    },
    percentile(p) {
      const rank = Math.min(count - 1, Math.floor((count * p) / 100))
      let seen = 0
      const index = counts.findIndex((each) => {
        seen += each
        return seen > rank
      })
      return count === 0 ? null : smallestMs * Math.exp(index * growth)
    },
  }
}
