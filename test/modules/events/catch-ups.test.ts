import { expect, it } from 'vitest'
import { catchUps } from '../../../src/modules/events/stream/catch-ups.ts'
import type { EventPage, EventQuery } from '../../../src/ports/index.ts'
import { fakeClock } from '../../support/fake-clock.ts'

const settled = () => new Promise((resolve) => setTimeout(resolve, 0))
const pageAfter = (after: number): EventQuery => ({ after, limit: 100, order: 'oldest_first' })

/** Reads that end one by one, when the test says so. */
function slowReads({ max = 1, waiting = (): number => 0 } = {}) {
  const clock = fakeClock()
  const begun: (number | undefined)[] = []
  const ends: ((page: EventPage | Error) => void)[] = []
  const read = catchUps({
    ...{ clock, max, waiting },
    read({ after }) {
      begun.push(after)
      return new Promise<EventPage>((resolve, reject) => {
        ends.push((page) => (page instanceof Error ? reject(page) : resolve(page)))
      })
    },
  })
  async function end(page: EventPage | Error = { events: [], next: 7 }) {
    ends.shift()?.(page)
    await settled()
  }
  return { clock, begun, read, end }
}

it('reads a page once for all readers that wait for it', async () => {
  const { read, begun, end } = slowReads()
  void read(pageAfter(0))
  const others = [read(pageAfter(5)), read(pageAfter(5)), read(pageAfter(5))]
  await end()
  await end()
  const pages = await Promise.all(others)
  expect(begun).toEqual([0, 5])
  expect(pages.every(({ events }) => events === pages[0]?.events)).toBe(true)
})

it('reads it again for a reader that comes after the read began, which may know of newer events', async () => {
  const { read, begun, end } = slowReads({ max: 2 })
  const both = [read(pageAfter(5)), read(pageAfter(5))]
  await end()
  await end()
  await Promise.all(both)
  expect(begun).toEqual([5, 5])
})

it('reads nothing for readers that have left before their turn', async () => {
  const { read, begun, end } = slowReads()
  void read(pageAfter(0))
  let isThere = true
  const left = Array.from({ length: 50 }, (_, n) => read(pageAfter(100 + n), () => isThere))
  const shared = [read(pageAfter(5), () => isThere), read(pageAfter(5))]
  isThere = false
  await end()
  expect(begun).toEqual([0, 5])
  await end()
  await Promise.all(shared)
  expect(await left[0]).toMatchObject({ events: [] })
})

it('tells how long the read took, without the wait for its turn', async () => {
  const { read, clock, end } = slowReads()
  const first = read(pageAfter(0))
  const second = read(pageAfter(5))
  await clock.advance(30)
  await end()
  await clock.advance(4)
  await end()
  expect([(await first).tookMs, (await second).tookMs]).toEqual([30, 4])
})

it('rests after a page for three times as long as it took while events wait for their commit, and not longer than 100 ms', async () => {
  let waiting = 1
  const { read, begun, clock, end } = slowReads({ waiting: () => waiting })
  for (const after of [1, 2, 3]) void read(pageAfter(after))
  await clock.advance(10)
  await end()
  await clock.advance(0)
  await clock.advance(29)
  expect(begun).toEqual([1])
  await clock.advance(1)
  expect(begun).toEqual([1, 2])
  await clock.advance(400)
  await end()
  await clock.advance(0)
  await clock.advance(99)
  expect(begun).toEqual([1, 2])
  waiting = 0
  await clock.advance(1)
  await end()
  expect(begun).toEqual([1, 2, 3])
})

it('hands the turn on after a read that failed', async () => {
  const { read, begun, end } = slowReads()
  const failing = read(pageAfter(0))
  const next = read(pageAfter(5))
  const failed = expect(failing).rejects.toThrow('down')
  await end(new Error('down'))
  await failed
  await end()
  expect(await next).toMatchObject({ next: 7 })
  expect(begun).toEqual([0, 5])
})
