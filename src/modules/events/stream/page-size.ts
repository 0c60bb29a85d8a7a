/** Adapts the size of a cursor's pages so that each takes a few milliseconds. */

export interface PageSize {
  /** Events per page. */
  limit: number
  /** Ids that a page covers, kept by the filter or not. */
  maxIds: number
}

const budgetMs = 10
const smallest: PageSize = { limit: 25, maxIds: 250 }
const largest: PageSize = { limit: 500, maxIds: 5000 }
export const firstPageSize: PageSize = { limit: 100, maxIds: 2000 }

/**
 * Half as much after a page over the budget, twice as much after one that took less than half of it. `cutAt` is the
 * number of events of a page that its bytes ended: more would be looked up and left out.
 */
export function nextPageSize(size: PageSize, tookMs: number, cutAt?: number): PageSize {
  if (tookMs > budgetMs) return scaled(size, 0.5)
  const next = tookMs < budgetMs / 2 ? scaled(size, 2) : size
  if (cutAt === undefined) return next
  return { ...next, limit: clamped(cutAt * 1.25, smallest.limit, next.limit) }
}

const scaled = ({ limit, maxIds }: PageSize, factor: number): PageSize => ({
  limit: clamped(limit * factor, smallest.limit, largest.limit),
  maxIds: clamped(maxIds * factor, smallest.maxIds, largest.maxIds),
})

const clamped = (value: number, min: number, max: number) => Math.min(max, Math.max(min, Math.floor(value)))
