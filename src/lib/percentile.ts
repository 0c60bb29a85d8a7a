/** The last `size` samples, and their percentiles. */
export interface SampleWindow {
  add(sample: number): void
  /** Nearest rank, index floor(n * p / 100) as in the original (contract G8); null without samples. */
  percentile(p: number): number | null
}

export function sampleWindow(size: number): SampleWindow {
  const samples: number[] = []
  let next = 0
  return {
    add(sample) {
      samples[next] = sample
      next = (next + 1) % size
    },
    percentile(p) {
      const sorted = samples.toSorted((a, b) => a - b)
      return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * p) / 100))] ?? null
    },
  }
}
