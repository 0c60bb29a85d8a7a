/** The id of the trace in log lines: of the request in whose name they are written, unless they name another. */
import { expect, it } from 'vitest'
import { jsonLog } from '../../src/adapters/log/json-log.ts'
import { withTraceIds } from '../../src/adapters/log/trace-ids.ts'
import { fakeClock } from '../support/fake-clock.ts'

it('stands in every line of a request, and in none outside of one', () => {
  const lines: Record<string, unknown>[] = []
  let current: string | undefined
  const write = (line: string) => void lines.push(JSON.parse(line))
  const log = withTraceIds(jsonLog({ level: 'info', clock: fakeClock(), write }), () => current)
  log.info('outside')
  current = 'one'
  log.warn('inside', { upstream: 'shub' })
  log.error('bare')
  log.info('request', { trace_id: 'own' })
  log.debug('not written')
  expect(lines.map(({ event, trace_id, upstream }) => [event, trace_id, upstream])).toEqual([
    ['outside', undefined, undefined],
    ['inside', 'one', 'shub'],
    ['bare', 'one', undefined],
    ['request', 'own', undefined],
  ])
})
