import { expect, it } from 'vitest'
import { firstPageSize, nextPageSize } from '../../../src/modules/events/stream/page-size.ts'

const after = (...tookMs: number[]) => tookMs.reduce(nextPageSize, firstPageSize)

it('halves pages that take longer than their budget, down to a smallest one', () => {
  expect(after(11)).toEqual({ limit: 50, maxIds: 1000 })
  expect(after(...Array.from({ length: 20 }, () => 500))).toEqual({ limit: 25, maxIds: 250 })
})

it('doubles quick pages, up to a largest one', () => {
  expect(after(1)).toEqual({ limit: 200, maxIds: 4000 })
  expect(after(...Array.from({ length: 20 }, () => 0))).toEqual({ limit: 500, maxIds: 5000 })
})

it('keeps a page that fits', () => {
  expect(after(5, 7, 10)).toEqual(firstPageSize)
})
