import { describe, expect, it } from 'vitest'
import { jsonLog } from '../../src/adapters/log/json-log.ts'
import type { LogFields, LogLevel } from '../../src/ports/index.ts'
import { fakeClock } from '../support/fake-clock.ts'

function logged(level: LogLevel = 'debug') {
  const lines: string[] = []
  const log = jsonLog({ level, clock: fakeClock(1_800_000_000_000), write: (line) => lines.push(line) })
  return { log, lines }
}

describe('the JSON log', () => {
  it('writes one line per event with its time and level', () => {
    const { log, lines } = logged()
    log.info('request', { status: 200, method: 'GET', bytes: 5, path: '/a', client: '::1' })
    expect(lines).toEqual([
      '{"time":"2027-01-15T08:00:00.000Z","level":"info","event":"request","client":"::1","method":"GET","path":"/a","status":200,"bytes":5}\n',
    ])
  })

  it('lets no field through that is not on the list', () => {
    const { log, lines } = logged()
    log.warn('event', { status: 1, token: 'secret', message: 'what the caller wrote' } as LogFields)
    expect(lines[0]).not.toMatch(/secret|caller/)
  })

  it('keeps an event on one line and to a bounded length', () => {
    const { log, lines } = logged()
    log.error('event', { reason: `a\nb${'x'.repeat(10_000)}` })
    expect(lines[0]?.trimEnd()).not.toContain('\n')
    expect(lines[0]?.length).toBeLessThan(4300)
  })

  it('is silent below its level', () => {
    const { log, lines } = logged('warn')
    for (const level of ['debug', 'info', 'warn', 'error'] as const) log[level](level)
    expect(lines.map((line) => JSON.parse(line).event)).toEqual(['warn', 'error'])
  })
})
