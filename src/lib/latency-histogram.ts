/** A histogram of durations with buckets that grow by 2 %; a few kilobytes for any load. */

const growth = Math.log(1.02)
/** 10 microseconds; shorter durations count as this. */
const minMs = 0.01
/** From 10 microseconds to about eight hours. */
const buckets = 1100

export interface LatencyHistogram {
  readonly count: number
  add(ms: number): void
  /** Nearest rank, accurate to 1 %; null without durations. */
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
      const bucket = Math.round(Math.log(Math.max(ms, minMs) / minMs) / growth)
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
      return count === 0 ? null : minMs * Math.exp(index * growth)
    },
  }
}
