import { expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { someEvent, testEventLog } from '../support/event-log.ts'
import { fakeClock } from '../support/fake-clock.ts'

const database = testDatabase()

it('stores events, reads them back and tells listeners, in one order', async () => {
  const events = testEventLog({ database: database(), clock: fakeClock() })
  const told: number[] = []
  const subscription = await events.subscribe((some) => told.push(...some.map(({ id }) => id)))
  const three = await Promise.all([
    events.append([someEvent({ type: 'a' }), someEvent({ type: 'b' })]),
    events.append([someEvent({ type: 'c', payload: { snow: '☃' }, severity: 'warn' })]),
  ])
  const ids = three.flat().map(({ id }) => id - subscription.after)
  expect(ids).toEqual([1, 2, 3])
  expect(told.map((id) => id - subscription.after)).toEqual([1, 2, 3])
  const page = await events.read({ limit: 2, order: 'newest_first' })
  expect(page.events).toEqual([three[1][0], three[0][1]])
  subscription.close()
})
