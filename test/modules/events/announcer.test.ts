import { describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { announcer } from '../../../src/modules/events/store/announcer.ts'
import type { EventLog, GatewayEvent, Log } from '../../../src/ports/index.ts'
import { silent, testEventLog } from '../../support/event-log.ts'
import { fakeClock } from '../../support/fake-clock.ts'

const database = testDatabase()

/** `instances` gateways on one database. */
function gateways(instances: number, events?: Pick<EventLog, 'append' | 'change'>, log: Log = silent) {
  const clock = fakeClock()
  const stream = testEventLog({ database: database(), clock })
  const work: Promise<unknown>[] = []
  const announcers = Array.from({ length: instances }, () =>
    announcer({ events: events ?? stream, database: database(), clock, log, background: (done) => work.push(done) }),
  )
  return {
    clock,
    stream,
    work,
    everywhere: async (event: GatewayEvent) => {
      for (const announce of announcers) announce(event)
      await Promise.all(work)
    },
    async told() {
      const { events: newest } = await stream.read({ limit: 100, order: 'newest_first' })
      return newest.map(({ type }) => type).toReversed()
    },
  }
}

const event = (type: GatewayEvent['type'], more: Partial<GatewayEvent> = {}): GatewayEvent => ({
  type,
  severity: 'info',
  summary: type,
  ...more,
})

describe('what the gateway tells about itself', () => {
  it('is stored as an event of its own', async () => {
    const { everywhere, stream } = gateways(1)
    await everywhere(event('gateway.settings.changed', { payload: { key: 'x' }, correlationId: 'c-9' }))
    const { events } = await stream.read({ limit: 1, order: 'newest_first' })
    expect(events[0]).toMatchObject({
      ...{ source: 'tentaculo_link', module: 'tentaculo_link', type: 'gateway.settings.changed' },
      ...{ payload: { key: 'x' }, correlationId: 'c-9', severity: 'info' },
    })
  })

  it('is told once for each change of a state that three instances see', async () => {
    const { everywhere, told } = gateways(3)
    const turn = (is: 'up' | 'down') =>
      everywhere(event(`gateway.module.${is}`, { state: { of: 'module:switch', is } }))
    for (const is of ['up', 'down', 'down', 'up'] as const) await turn(is)
    const turns = (await told()).filter((type) => type.startsWith('gateway.module.'))
    expect(turns).toEqual(['gateway.module.up', 'gateway.module.down', 'gateway.module.up'])
  })

  it('is told once under one name', async () => {
    const { everywhere, told } = gateways(3)
    const windows = [
      { type: 'gateway.window.opened', once: 'a' },
      { type: 'gateway.window.closed', once: 'b' },
      { type: 'gateway.window.opened', once: 'a' },
    ] as const
    for (const { type, once } of windows) await everywhere(event(type, { once }))
    const kept = (await told()).filter((type) => type.startsWith('gateway.window.'))
    expect(kept).toEqual(['gateway.window.opened', 'gateway.window.closed'])
  })

  it('is tried three times, then given up with a line in the log', async () => {
    const lines: unknown[] = []
    const log: Log = { ...silent, warn: (line, fields) => lines.push([line, fields?.reason]) }
    let tries = 0
    const down = () => Promise.reject(new Error(`down ${++tries}`))
    const failing = { append: down, change: down }
    const { clock, everywhere } = gateways(1, failing, log)
    const done = everywhere(event('gateway.limit.storm'))
    for (const pauseMs of [1000, 2000]) {
      await clock.whenSleeping()
      await clock.advance(pauseMs)
    }
    await done
    expect(tries).toBe(3)
    expect(lines).toEqual([['announcement_not_stored', 'gateway.limit.storm']])
  })

  it('is told at the next try where its event was not stored at the first', async () => {
    const stream = testEventLog({ database: database(), clock: fakeClock() })
    const refused = Promise.withResolvers<void>()
    let tries = 0
    const change: EventLog['change'] = (...given) => {
      if (++tries > 1) return stream.change(...given)
      refused.resolve()
      return Promise.reject(new Error('down'))
    }
    const { clock, everywhere } = gateways(1, { ...stream, change })
    const done = everywhere(event('gateway.breaker.opened', { state: { of: 'breaker:retried', is: 'open' } }))
    await refused.promise
    // The pause before the next try.
    await new Promise((resolve) => setTimeout(resolve, 0))
    await clock.advance(1000)
    await done
    const { events } = await stream.read({ types: ['gateway.breaker.opened'], limit: 9, order: 'newest_first' })
    expect(events).toHaveLength(1)
  })

  it('is told only after the state that it ends', async () => {
    const { everywhere, told } = gateways(1)
    const turn = (is: string, from?: string) =>
      everywhere(
        event(is === 'failed' ? 'gateway.backup.failed' : 'gateway.backup.recovered', {
          state: { of: 'backup', is, ...(from !== undefined && { from }) },
        }),
      )
    for (const [is, from] of [
      ['made', 'failed'],
      ['failed'],
      ['failed'],
      ['made', 'failed'],
      ['made', 'failed'],
    ] as const)
      await turn(is, from)
    const turns = (await told()).filter((type) => type.startsWith('gateway.backup.'))
    expect(turns).toEqual(['gateway.backup.failed', 'gateway.backup.recovered'])
  })

  it('is dropped aloud when more than 500 wait', async () => {
    const lines: unknown[] = []
    const log: Log = { ...silent, warn: (line) => lines.push(line) }
    const hanging = () => new Promise<never>(() => {})
    const stuck = { append: hanging, change: hanging }
    const { everywhere } = gateways(501, stuck, log)
    void everywhere(event('gateway.module.up'))
    expect(lines).toEqual([])
    const one = gateways(1, stuck, log)
    for (let nth = 0; nth < 501; nth++) void one.everywhere(event('gateway.module.up'))
    expect(lines).toEqual(['announcement_dropped'])
  })
})
