import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { systemRandom } from '../../src/adapters/system/random.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { fakeRandom } from '../support/fake-random.ts'

/** A signal that counts who listens. */
function countedSignal() {
  const controller = new AbortController()
  const { signal } = controller
  let listeners = 0
  const add = signal.addEventListener.bind(signal)
  const remove = signal.removeEventListener.bind(signal)
  signal.addEventListener = (...given: Parameters<typeof add>) => {
    listeners++
    add(...given)
  }
  signal.removeEventListener = (...given: Parameters<typeof remove>) => {
    listeners--
    remove(...given)
  }
  return { controller, signal, listeners: () => listeners }
}

describe.each([
  ['systemClock', systemClock],
  ['fakeClock', () => fakeClock(Date.now())],
] as const)('%s', (_, clock) => {
  it('rejects at once with the reason of a signal that is aborted already', async () => {
    await expect(clock().sleep(60_000, AbortSignal.abort('too late'))).rejects.toBe('too late')
  })

  it('rejects with the reason when the signal aborts during the sleep', async () => {
    const { controller, signal } = countedSignal()
    const sleep = clock().sleep(60_000, signal)
    const reason = new Error('the caller left')
    controller.abort(reason)
    await expect(sleep).rejects.toBe(reason)
  })

  it.each([0, -5, Number.NaN])('wakes from a sleep of %d ms', async (ms) => {
    await expect(clock().sleep(ms)).resolves.toBeUndefined()
  })
})

describe('systemClock', () => {
  it('tells the time in epoch milliseconds', () => {
    expect(Math.abs(systemClock().now() - Date.now())).toBeLessThan(1_000)
  })

  it('leaves no listener behind after a sleep', async () => {
    const { signal, listeners } = countedSignal()
    await systemClock().sleep(1, signal)
    expect(listeners()).toBe(0)
  })

  it('does not wake at once from a sleep that no timer can hold', async () => {
    const controller = new AbortController()
    const sleep = systemClock().sleep(2 ** 40, controller.signal)
    const first = await Promise.race([
      sleep.then(() => 'woke'),
      systemClock()
        .sleep(20)
        .then(() => 'asleep'),
    ])
    expect(first).toBe('asleep')
    controller.abort('enough')
    await expect(sleep).rejects.toBe('enough')
  })
})

describe('systemRandom', () => {
  const random = systemRandom()

  it('makes version 4 UUIDs, each its own', () => {
    const uuids = Array.from({ length: 1_000 }, () => random.uuid())
    for (const uuid of uuids) expect(uuid).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
    expect(new Set(uuids).size).toBe(1_000)
  })

  it('makes fractions from 0 up to but not including 1, spread evenly', () => {
    const fractions = Array.from({ length: 10_000 }, () => random.fraction())
    for (const fraction of fractions) expect(fraction >= 0 && fraction < 1).toBe(true)
    expect(fractions.reduce((sum, fraction) => sum + fraction) / 10_000).toBeCloseTo(0.5, 1)
  })

  it.each([0, 1, 16, 65_536, 65_537, 200_000])('fills %d bytes to the last one', (length) => {
    const bytes = random.bytes(length)
    expect(bytes).toHaveLength(length)
    if (length >= 16) expect(bytes.subarray(-16).some((byte) => byte !== 0)).toBe(true)
  })
})

describe('fakeClock', () => {
  it('wakes sleepers in order, each at its own moment, with the sleeps they start', async () => {
    const clock = fakeClock(0)
    const seen: string[] = []
    const note = (name: string) => () => void seen.push(`${name} at ${clock.now()}`)
    void clock.sleep(30).then(note('third'))
    void clock.sleep(10).then(note('first'))
    void (async () => {
      for (const name of ['a', 'b', 'c']) {
        await clock.sleep(12)
        note(name)()
      }
    })()
    void clock.sleep(100).then(note('never'))
    await clock.advance(40)
    expect(seen).toEqual(['first at 10', 'a at 12', 'b at 24', 'third at 30', 'c at 36'])
    expect([clock.now(), clock.pendingSleeps()]).toEqual([40, 1])
  })

  it('moves at once when nobody sleeps, backwards too', () => {
    const clock = fakeClock(1_000)
    void clock.advance(500)
    expect(clock.now()).toBe(1_500)
    void clock.advance(-700)
    expect(clock.now()).toBe(800)
  })

  it('forgets a sleeper whose signal aborted', async () => {
    const clock = fakeClock()
    const { controller, signal, listeners } = countedSignal()
    const sleep = clock.sleep(10, signal)
    controller.abort('left')
    await expect(sleep).rejects.toBe('left')
    expect([clock.pendingSleeps(), listeners()]).toEqual([0, 0])
  })

  it('tells when somebody sleeps', async () => {
    const clock = fakeClock()
    const asleep = clock.whenSleeping(2)
    void clock.sleep(10)
    expect(
      await Promise.race([
        asleep.then(() => true),
        systemClock()
          .sleep(1)
          .then(() => false),
      ]),
    ).toBe(false)
    void clock.sleep(10)
    await asleep
  })
})

describe('fakeRandom', () => {
  it('repeats itself for a seed, and differs between seeds', () => {
    const sequence = (seed: number) => {
      const random = fakeRandom(seed)
      return [random.uuid(), random.fraction(), [...random.bytes(4)]]
    }
    expect(sequence(1)).toEqual(sequence(1))
    expect(sequence(1)).not.toEqual(sequence(2))
    expect(fakeRandom().uuid()).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
  })
})
