import { describe, expect, it } from 'vitest'
import { foldedFaults } from '../../src/adapters/log/folded-faults.ts'
import type { Log, LogFields } from '../../src/ports/index.ts'
import { fakeClock } from '../support/fake-clock.ts'

function folded() {
  const lines: [string, string, LogFields | undefined][] = []
  const line = (level: string) => (event: string, fields?: LogFields) => void lines.push([level, event, fields])
  const log: Log = { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') }
  const clock = fakeClock()
  return { log: foldedFaults(log, clock), clock, lines }
}

const away = (request: number) => ({ correlation_id: `c-${request}`, upstream: 'shub', reason: 'ECONNREFUSED' })

describe('a fault that repeats', () => {
  it('is a line at once, one a minute with the count, and one when it is over', async () => {
    const { log, clock, lines } = folded()
    for (let request = 0; request < 1000; request++) log.warn('shub_away', away(request))
    expect(lines).toEqual([['warn', 'shub_away', away(0)]])
    await clock.advance(59_000)
    log.warn('shub_away', away(1000))
    await clock.advance(1000)
    log.sweep()
    const shared = { upstream: 'shub', reason: 'ECONNREFUSED' }
    expect(lines.slice(1)).toEqual([['warn', 'shub_away', { ...shared, count: 1000 }]])
    await clock.advance(59_000)
    log.sweep()
    expect(lines.slice(2)).toEqual([['info', 'fault_over', { ...shared, error: 'shub_away', count: 1001 }]])
    await clock.advance(600_000)
    log.sweep()
    expect(lines).toHaveLength(3)
    log.warn('shub_away', away(1001))
    expect(lines).toHaveLength(4)
  })

  it('is another one with another event, reason, upstream, address, error or route', () => {
    const { log, lines } = folded()
    for (const fields of [
      away(1),
      { ...away(1), upstream: 'madre' },
      { ...away(1), address: 'http://other' },
      { ...away(1), reason: 'timeout' },
      { route: '/a' },
    ])
      for (const event of ['one', 'other']) log.error(event, fields)
    expect(lines).toHaveLength(10)
  })

  it('has no end where it came once, and leaves other lines alone', async () => {
    const { log, clock, lines } = folded()
    log.warn('once', { reason: 'x' })
    await clock.advance(120_000)
    log.info('request', { status: 200 })
    log.info('request', { status: 200 })
    log.debug('detail')
    expect(lines.map(([, event]) => event)).toEqual(['once', 'request', 'request', 'detail'])
  })

  it('ends with the next line of any kind, so that a runtime without timers tells it, too', async () => {
    const { log, clock, lines } = folded()
    for (let n = 0; n < 3; n++) log.warn('twice')
    await clock.advance(60_000)
    log.info('request')
    expect(lines.map(([, event]) => event)).toEqual(['twice', 'fault_over', 'request'])
  })

  it('is written as it comes beyond 200 kinds, and survives a clock that jumps back', async () => {
    const { log, clock, lines } = folded()
    for (let kind = 0; kind < 300; kind++) log.warn(`kind-${kind}`)
    for (let kind = 0; kind < 300; kind++) log.warn(`kind-${kind}`)
    expect(lines).toHaveLength(400)
    clock.jump(-3_600_000)
    log.sweep()
    expect(lines).toHaveLength(400)
    await clock.advance(60_000)
    log.sweep()
    expect(lines.slice(400).every(([, event]) => event === 'fault_over')).toBe(true)
  })
})
