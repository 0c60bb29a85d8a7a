import { describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import type { NewEvent } from '../../src/ports/index.ts'
import { someEvent, testEventLog } from '../support/event-log.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { testApp } from '../support/test-app.ts'

const database = testDatabase()
const path = '/operator/api/events'

function gateway(env: Record<string, string> = {}) {
  const app = testApp({ env })
  const events = testEventLog({ database: database(), clock: app.clock })
  const { authorized } = testApp({ env, deps: { events, clock: app.clock } })
  return {
    clock: app.clock,
    authorized,
    append: (...some: Partial<NewEvent>[]) => events.append(some.map(someEvent)),
    list: async (query = '') => (await (await authorized(path + query)).json()) as Listed,
  }
}

interface Listed {
  events: Record<string, unknown>[]
  total: number
  total_is_bound: boolean
  has_more: boolean
  next: string | null
}

const types = ({ events }: Listed) => events.map(({ type }) => type)

describe('GET /operator/api/events', () => {
  it('lists the newest first under every name that clients know', async () => {
    const { append, list } = gateway()
    const [, stored] = await append(
      {},
      { type: 'system.alert', severity: 'crit', module: 'switch', correlationId: 'c-1' },
    )
    const { events, ...page } = await list('?correlation_id=c-1')
    const at = '2027-01-15T08:00:00.000Z'
    expect(events).toEqual([
      {
        ...{ event_id: stored?.eventId, id: stored?.eventId, stream_id: stored?.id },
        ...{ event_type: 'system.alert', type: 'system.alert', source: 'madre', summary: 'spawn_success from madre' },
        ...{ module: 'switch', severity: 'critical', correlation_id: 'c-1', payload: { spawn: 'spawn-1' } },
        ...{ created_at: at, ts: at, timestamp: 1_800_000_000_000 },
      },
    ])
    expect(page).toEqual({ total: 1, total_is_bound: false, limit: 100, offset: 0, has_more: false, next: null })
  })

  it('filters by each of its parameters, and by all of them', async () => {
    const { append, list } = gateway()
    await append(
      { type: 'f.one', module: 'f1', severity: 'warn', correlationId: 'f' },
      { type: 'f.two', module: 'f1', severity: 'crit' },
      { type: 'f.three', module: 'f2', severity: 'crit', correlationId: 'f' },
    )
    expect(types(await list('?module=f1'))).toEqual(['f.two', 'f.one'])
    expect(types(await list('?correlation_id=f'))).toEqual(['f.three', 'f.one'])
    expect(types(await list('?type=f.one,f.two'))).toEqual(['f.two', 'f.one'])
    for (const word of ['crit', 'critical', 'error', 'CRITICAL'])
      expect(types(await list(`?severity=${word}&module=f1`))).toEqual(['f.two'])
    expect(types(await list('?severity=warn,critical&module=f1'))).toEqual(['f.two', 'f.one'])
    expect(types(await list('?severity=critical&module=f2&correlation_id=f&type=f.three'))).toEqual(['f.three'])
    expect(await list('?module=f1%27%20or%201%3D1')).toMatchObject({ events: [], total: 0, has_more: false })
  })

  it('looks back no further than asked', async () => {
    const { append, list, clock } = gateway()
    await clock.advance(1_000_000_000)
    await append({ type: 'old', module: 'age' })
    await clock.advance(2 * 3_600_000)
    await append({ type: 'new', module: 'age' })
    expect(types(await list('?module=age'))).toEqual(['new', 'old'])
    expect(types(await list('?module=age&hours_back=1'))).toEqual(['new'])
    expect(types(await list('?module=age&hours_back=2'))).toEqual(['new', 'old'])
  })

  it('pages by offset and by next, and counts what the page does not show', async () => {
    const { append, list } = gateway()
    await append(...Array.from({ length: 5 }, (_, nth) => ({ type: `p${nth}`, module: 'pages' })))
    const first = await list('?module=pages&limit=2')
    expect([types(first), first.total, first.total_is_bound, first.has_more]).toEqual([['p4', 'p3'], 5, false, true])
    expect(types(await list('?module=pages&limit=2&offset=2'))).toEqual(['p2', 'p1'])
    expect(await list('?module=pages&limit=2&offset=4')).toMatchObject({ total: 5, has_more: false })
    for (const name of ['cursor', 'before']) {
      const rest = await list(`?module=pages&limit=3&${name}=${first.next}`)
      expect([types(rest), rest.total, rest.next]).toEqual([['p2', 'p1', 'p0'], 5, null])
    }
    expect(await list('?module=pages&limit=5')).toMatchObject({ total: 5, has_more: false })
  })

  it('counts to a bound, and says so', async () => {
    const { append, list } = gateway()
    for (let hundreds = 0; hundreds < 11; hundreds++)
      await append(...Array.from({ length: 100 }, () => ({ type: 'many', module: hundreds < 10 ? 'counted' : 'more' })))
    expect(await list('?type=many&limit=1')).toMatchObject({ total: 1000, total_is_bound: true })
    expect(await list('?module=counted&limit=1')).toMatchObject({ total: 1000, total_is_bound: false })
    expect(await list('?module=more&limit=1')).toMatchObject({ total: 100, total_is_bound: false })
  })

  it('cuts a limit over 1000, and refuses what is no number', async () => {
    const { list, authorized } = gateway()
    expect(await list('?limit=5000')).toMatchObject({ limit: 1000 })
    for (const query of [
      'limit=0',
      'limit=-1',
      'limit=x',
      'limit=1e3',
      'offset=-1',
      'offset=10001',
      'hours_back=0',
      'hours_back=NaN',
      'severity=loud',
      'before=0',
      'follow=yes',
      'follow=TRUE',
      'follow=',
      `module=${'x'.repeat(65)}`,
    ])
      await expectProblem(await authorized(`${path}?${query}`), 'validation_error')
  })

  it('has v7’s answer when the flag is off', async () => {
    const { list, authorized } = gateway({ VX11_EVENTS_ENABLED: 'false' })
    expect(await list()).toEqual({
      ...{ error: 'feature_disabled', flag: 'VX11_EVENTS_ENABLED', status_code: 503 },
      ...{ events: [], total: 0, total_is_bound: false, has_more: false, next: null },
    })
    await expectProblem(await authorized(`${path}/stream`), 'feature_disabled')
    await expectProblem(await authorized(`${path}/sse-token`, { method: 'POST' }), 'feature_disabled')
  })

  it('says that the database does not answer', async () => {
    const app = testApp()
    const events = testEventLog({ database: app.deps.database, clock: app.clock })
    const { authorized } = testApp({ deps: { events } })
    await expectProblem(await authorized(path), 'database_unavailable')
    await expectProblem(await authorized(`${path}/stream`), 'database_unavailable')
  })
})
