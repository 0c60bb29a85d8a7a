import { describe, expect, it } from 'vitest'
import { prettyLog } from '../../src/adapters/log/pretty-log.ts'
import type { LogFields } from '../../src/ports/index.ts'
import { fakeClock } from '../support/fake-clock.ts'

function logged(colours = false) {
  const lines: string[] = []
  const write = (line: string) => void lines.push(line)
  return { lines, log: prettyLog({ level: 'info', clock: fakeClock(1_800_000_000_000), write, colours }) }
}

describe('the log for people', () => {
  it('writes a request as one line that reads like one', () => {
    const { log, lines } = logged()
    const request = { method: 'GET', path: '/vx11/status', route: '/vx11/status', status: 200, bytes: 612 }
    log.info('request', { ...request, duration_ms: 1.2, client: '::1', principal: 'link', correlation_id: 'c-1' })
    expect(lines).toEqual(['08:00:00.000 INFO  200  GET      /vx11/status  1.2 ms  612 B  ::1  link  c-1\n'])
  })

  it('writes the reason of any other event, and its fields by name', () => {
    const { log, lines } = logged()
    log.warn('redis_unavailable', { reason: 'timeout', count: 3, token: 'secret' } as LogFields)
    expect(lines).toEqual(['08:00:00.000 WARN  redis_unavailable  timeout  count=3\n'])
  })

  it('keeps the lines of a stack, and nothing that controls a terminal', () => {
    const { log, lines } = logged()
    log.error('unexpected_error', { reason: 'a\n  at b\u001b[2J\u009b\u202e' })
    expect(lines[0]).toBe('08:00:00.000 ERROR unexpected_error  a\n      at b\ufffd[2J\ufffd\ufffd\n')
    log.info('request', { path: '/a\u001b[31m' })
    expect(lines[1]).toContain('/a\ufffd[31m')
  })

  it('is in colour where it is asked to be', () => {
    const { log, lines } = logged(true)
    log.info('request', { status: 503 })
    expect(lines[0]).toContain('\u001b[31m503\u001b[0m')
  })
})
