import { expect, it } from 'vitest'
import { firstPageSize, nextPageSize } from '../../../src/modules/events/stream/page-size.ts'

const after = (...tookMs: number[]) => tookMs.reduce((size, ms) => nextPageSize(size, ms), firstPageSize)

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

it('looks up few more events than the bytes of a page hold', () => {
  expect(nextPageSize({ limit: 500, maxIds: 5000 }, 7, 100)).toEqual({ limit: 125, maxIds: 5000 })
  expect(nextPageSize({ limit: 100, maxIds: 5000 }, 1, 2)).toEqual({ limit: 25, maxIds: 5000 })
  expect(nextPageSize({ limit: 100, maxIds: 5000 }, 7, 99)).toEqual({ limit: 100, maxIds: 5000 })
})
