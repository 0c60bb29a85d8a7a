/** Windows of the embedded madre that use renews, on any database. */
import { beforeEach, describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { fakeClock } from '../../support/fake-clock.ts'
import { forgetWindows, madreClient, madreDeps, recordedEvents } from './madres.ts'

const database = testDatabase()
beforeEach(() => forgetWindows(database()))

function start(clock = fakeClock()) {
  const madre = madreClient(madreDeps(database(), { clock }))
  const open = async (more: object = {}) => {
    const { body } = await madre.open({ services: ['switch'], ttl_sec: 60, extend: true, max_ttl_sec: 100, ...more })
    return body.window_id as string
  }
  const extend = (window_id: string, idle_ms?: number) =>
    madre.post('/madre/power/window/extend', { window_id, ...(idle_ms !== undefined && { idle_ms }) })
  const left = async () => (await madre.state()).ttl_remaining_sec
  return { ...madre, clock, open, openRaw: madre.open, extend, left }
}

describe('a window that is renewed', () => {
  it('ends a ttl after its last use, and not beyond its cap', async () => {
    const madre = start()
    const id = await madre.open()
    const opened = madre.clock.now()
    await madre.clock.advance(30_000)
    expect((await madre.extend(id, 10_000)).body).toMatchObject({ window_id: id, ttl_remaining_sec: 50, state: 'open' })
    expect(await madre.left()).toBe(50)
    expect((await madre.extend(id)).body).toMatchObject({ ttl_remaining_sec: 60 })
    await madre.clock.advance(30_000)
    const { body } = await madre.extend(id)
    expect(body).toMatchObject({
      ttl_remaining_sec: 40,
      deadline: new Date(opened + 100_000).toISOString(),
      extend: { ttl_sec: 60, until: new Date(opened + 100_000).toISOString() },
    })
    await madre.clock.advance(39_999)
    expect(await madre.state()).toMatchObject({ policy: 'windowed' })
    await madre.clock.advance(1)
    expect(await madre.state()).toMatchObject({ policy: 'solo_madre' })
    expect((await madre.extend(id)).status).toBe(404)
    const actions = (await recordedEvents(database())).map(({ action }) => action)
    expect(actions).toEqual(['window_opened', ...Array(3).fill('window_extended'), 'window_expired'])
  })

  it('is never shortened, and a renewal without effect is not recorded', async () => {
    const madre = start()
    const id = await madre.open()
    for (const idle of [0, 1, 59_999, 86_400_000]) {
      expect((await madre.extend(id, idle)).body).toMatchObject({ ttl_remaining_sec: 60 })
    }
    expect(await recordedEvents(database())).toHaveLength(1)
  })

  it('is renewed by many at once, and keeps the latest use', async () => {
    const madre = start()
    const id = await madre.open()
    await madre.clock.advance(20_000)
    const answers = await Promise.all([0, 5000, 1000, 15_000, 3000].map((idle) => madre.extend(id, idle)))
    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(200))
    expect(await madre.left()).toBe(60)
  })

  it('keeps its renewal over a restart', async () => {
    const clock = fakeClock()
    const id = await start(clock).open()
    await clock.advance(50_000)
    const next = start(clock)
    expect(await next.state()).toMatchObject({ extend: { ttl_sec: 60 } })
    expect((await next.extend(id)).body).toMatchObject({ ttl_remaining_sec: 50 })
    expect(await start(clock).left()).toBe(50)
  })

  it('cannot be one without a ttl, or with a cap below it', async () => {
    const madre = start()
    const refused = [
      { mode: 'hold' },
      { mode: 'hold', ttl_sec: null },
      { max_ttl_sec: 59 },
      { max_ttl_sec: 86_401 },
      { max_ttl_sec: 0 },
      { max_ttl_sec: 60.5 },
      { extend: 'true' },
    ]
    for (const more of refused) {
      const body = { services: ['switch'], ttl_sec: 60, extend: true, max_ttl_sec: 100, ...more }
      expect((await madre.openRaw(body)).status, JSON.stringify(more)).toBe(422)
    }
    expect((await madre.state()).policy).toBe('solo_madre')
    expect((await madre.openRaw({ services: ['switch'], ttl_sec: 60, extend: true, max_ttl_sec: 60 })).status).toBe(200)
  })

  it('is another than one that was opened without, and needs its id and the token', async () => {
    const madre = start()
    const id = await madre.open({ extend: false })
    expect(await madre.extend(id)).toMatchObject({ status: 422, body: { detail: 'This window is not renewed' } })
    expect(await madre.state()).not.toHaveProperty('extend')
    expect((await madre.extend('another')).status).toBe(404)
    for (const body of [{}, { window_id: id, idle_ms: -1 }, { window_id: id, idle_ms: 0.5 }, { window_id: 1 }, []]) {
      expect((await madre.post('/madre/power/window/extend', body)).status).toBe(422)
    }
    const wrong = { method: 'POST', headers: { 'x-vx11-token': 'wrong' } }
    expect((await madre.ask('/madre/power/window/extend', wrong)).status).toBe(403)
  })
})
