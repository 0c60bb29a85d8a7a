/** How long what a power window let in may last. */
import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/config/config.ts'
import type { PowerReading } from '../../src/modules/power/power-policy.ts'
import { type PowerWindow, soloMadre } from '../../src/modules/power/power-state.ts'
import { untilWindowEnds } from '../../src/modules/power/window-end.ts'
import { fakeClock } from '../support/fake-clock.ts'

const config = parseConfig({ VX11_TENTACULO_LINK_TOKEN: 'token-for-tests' })

async function watchSwitch(window: Partial<PowerWindow> = {}) {
  const clock = fakeClock()
  const leaving = new AbortController()
  const open = (more: Partial<PowerWindow> = {}, services = ['switch']): PowerReading => ({
    state: {
      window: { id: 'w-1', createdAtMs: null, deadlineMs: null, endsAtMs: null, ...window, ...more },
      activeServices: services,
    },
    degraded: false,
    reason: null,
    change: null,
  })
  const none: PowerReading = { state: soloMadre, degraded: false, reason: null, change: null }
  let reading = open()
  let looks = 0
  const policy = {
    read: async () => {
      looks++
      const endsAtMs = reading.state.window?.endsAtMs ?? null
      return endsAtMs !== null && clock.now() >= endsAtMs ? none : reading
    },
  }
  let over: boolean | 'aborted' = false
  const watching = untilWindowEnds({ clock, config, policy }, 'switch', leaving.signal).then(
    () => {
      over = true
    },
    () => {
      over = 'aborted'
    },
  )
  const turnTo = (next: PowerReading) => {
    reading = next
  }
  await clock.whenSleeping()
  return { clock, leaving, open, none, turnTo, watching, looks: () => looks, isOver: () => over }
}

describe('what a power window let in', () => {
  it('lasts to the deadline, to the millisecond', async () => {
    const { clock, isOver } = await watchSwitch({ endsAtMs: fakeClock().now() + 12_345 })
    await clock.advance(12_344)
    expect(isOver()).toBe(false)
    await clock.advance(1)
    expect(isOver()).toBe(true)
    expect(clock.pendingSleeps()).toBe(0)
  })

  it('lasts as long as the window is renewed', async () => {
    const start = fakeClock().now()
    const { clock, open, turnTo, isOver } = await watchSwitch({ endsAtMs: start + 10_000 })
    await clock.advance(8000)
    turnTo(open({ endsAtMs: start + 20_000 }))
    await clock.advance(11_999)
    expect(isOver()).toBe(false)
    await clock.advance(1)
    expect(isOver()).toBe(true)
  })

  it.each<[string, (watch: Awaited<ReturnType<typeof watchSwitch>>) => PowerReading]>([
    ['is closed', ({ none }) => none],
    ['gives way to another one, with the same module', ({ open }) => open({ id: 'w-2' })],
    ['loses the module', ({ open }) => open({}, ['hermes'])],
  ])('ends within four seconds when the window %s', async (_how, next) => {
    const watch = await watchSwitch()
    await watch.clock.advance(15_999)
    watch.turnTo(next(watch))
    expect(watch.isOver()).toBe(false)
    await watch.clock.advance(1)
    expect(watch.isOver()).toBe(true)
  })

  it('lasts where madre holds its services open without a window', async () => {
    const { clock, isOver } = await watchSwitch({ id: null })
    await clock.advance(600_000)
    expect(isOver()).toBe(false)
  })

  it('lasts while madre is silent, who is then asked less often', async () => {
    const { clock, open, turnTo, isOver, looks } = await watchSwitch()
    turnTo({ ...open(), degraded: true, reason: 'timeout' })
    await clock.advance(4000)
    const before = looks()
    await clock.advance(60_000)
    expect([isOver(), looks() - before]).toEqual([false, 6])
  })

  it('is watched no longer when it ended by itself', async () => {
    const { clock, leaving, watching, isOver } = await watchSwitch()
    leaving.abort()
    await watching
    expect([isOver(), clock.pendingSleeps()]).toEqual(['aborted', 0])
  })
})
