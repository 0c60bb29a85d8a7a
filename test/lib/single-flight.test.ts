import { expect, it } from 'vitest'
import { singleFlight } from '../../src/lib/single-flight.ts'
import { fakeClock } from '../support/fake-clock.ts'

const setup = () => {
  const clock = fakeClock()
  const landings: ((value: string) => void)[] = []
  const work = () => new Promise<string>((land) => landings.push(land))
  return { clock, landings, work, share: singleFlight<string>(clock, 2000) }
}

it('shares one piece of work between concurrent calls for a key', async () => {
  const { clock, landings, work, share } = setup()
  const answers = [share('a', work), share('a', work), share('a', work)]
  landings[0]?.('once')
  expect(await Promise.all(answers)).toEqual(['once', 'once', 'once'])
  expect(landings).toHaveLength(1)
  expect(clock.pendingSleeps()).toBe(0)
})

it('keeps keys apart, and works again once a flight has landed', async () => {
  const { landings, work, share } = setup()
  const answers = [share('a', work), share('b', work)]
  landings[0]?.('a')
  landings[1]?.('b')
  expect(await Promise.all(answers)).toEqual(['a', 'b'])
  const again = share('a', work)
  landings[2]?.('anew')
  expect(await again).toBe('anew')
})

it('shares a failure, and forgets it', async () => {
  const { landings, work, share } = setup()
  const failing = () => Promise.reject(new Error('down'))
  const answers = await Promise.allSettled([share('a', failing), share('a', failing)])
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  const next = share('a', work)
  landings[0]?.('up')
  expect(await next).toBe('up')
})

it('forgets work that throws before it begins', async () => {
  const { landings, work, share } = setup()
  const broken = () => {
    throw new Error('at once')
  }
  await expect(share('a', broken)).rejects.toThrow('at once')
  const next = share('a', work)
  landings[0]?.('fine')
  expect(await next).toBe('fine')
})

it('does the work itself when the first caller’s never settles, and lets later calls share that', async () => {
  const { clock, landings, work, share } = setup()
  share('a', work)
  const follower = share('a', work)
  await clock.whenSleeping()
  await clock.advance(1999)
  expect(landings).toHaveLength(1)
  await clock.advance(1)
  expect(landings).toHaveLength(2)
  const later = share('a', work)
  landings[1]?.('second')
  expect(await Promise.all([follower, later])).toEqual(['second', 'second'])
  expect(clock.pendingSleeps()).toBe(0)
})

it('does not let a flight that lands late take down the one that replaced it', async () => {
  const { clock, landings, work, share } = setup()
  const first = share('a', work)
  const second = share('a', work)
  await clock.whenSleeping()
  await clock.advance(2000)
  landings[0]?.('late')
  expect(await first).toBe('late')
  const third = share('a', work)
  landings[1]?.('second')
  expect(await Promise.all([second, third])).toEqual(['second', 'second'])
})

it('is begun anew once for all that waited in vain, and by each only when that is late, too', async () => {
  const { clock, landings, work, share } = setup()
  const waiting = Array.from({ length: 100 }, () => share('a', work))
  await clock.whenSleeping()
  await clock.advance(2000)
  expect(landings).toHaveLength(2)
  const others = waiting.slice(2)
  await clock.advance(2000)
  expect(landings).toHaveLength(2 + others.length)
  for (const land of landings) land('at last')
  expect(await Promise.all(waiting)).toEqual(Array(100).fill('at last'))
})
