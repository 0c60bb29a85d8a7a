/** What the window routes do over the embedded madre, on any database. */

import * as v from 'valibot'
import { beforeEach, describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { WindowChange, WindowStatus } from '../../src/features/windows/schema.ts'
import { forgetWindows, recordedEvents } from '../modules/embedded-madre/madres.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { testApp } from '../support/test-app.ts'

const api = '/operator/api/window'

const database = testDatabase()
beforeEach(() => forgetWindows(database()))

function start() {
  const env = { MADRE_URL: 'embedded', SWITCH_URL: 'http://switch.test:8002' }
  const gateway = testApp({ env, deps: { database: database() } })
  gateway.network.answer('http://switch.test:8002/switch/x', jsonAnswer({}))
  const post = (path: string, body: unknown = {}) =>
    gateway.authorized(path, { method: 'POST', body: JSON.stringify(body) })
  const read = async () => v.parse(WindowStatus, await (await gateway.authorized(`${api}/status`)).json())
  const go = async () => (await gateway.authorized('/switch/x')).status
  return { ...gateway, post, read, go }
}

describe('windows of the embedded madre', () => {
  it('open, let requests through to the second, expire, and open again', async () => {
    const gateway = start()
    expect(await gateway.go()).toBe(403)
    const opened = await gateway.post(`${api}/open`, { services: ['switch'], ttl_sec: 2 })
    expect(v.parse(WindowChange, await opened.json())).toMatchObject({ status: 'open', ttl_remaining_sec: 2 })
    await gateway.clock.advance(1999)
    expect(await gateway.go()).toBe(200)
    await gateway.clock.advance(1)
    expect(await gateway.go()).toBe(403)
    expect(await gateway.read()).toMatchObject({ status: 'none', active_services: ['madre'] })
    expect((await gateway.post(`${api}/open`, { services: ['switch'], mode: 'hold' })).status).toBe(200)
    expect(await gateway.read()).toMatchObject({ status: 'open', deadline: null, ttl_remaining_sec: null })
    await gateway.clock.advance(10 * 86_400_000)
    expect(await gateway.go()).toBe(200)
    expect((await gateway.post(`${api}/close`)).status).toBe(200)
    expect(await gateway.go()).toBe(403)
    expect((await gateway.post(`${api}/close`)).status).toBe(404)
    const actions = (await recordedEvents(database())).map(({ action }) => action)
    expect(actions).toEqual(['window_opened', 'window_expired', 'window_opened', 'window_closed'])
  })

  it('take their time under either name, and not two times', async () => {
    const gateway = start()
    const opened = await gateway.post(`${api}/open`, { services: ['switch'], ttl_seconds: 90 })
    expect(v.parse(WindowChange, await opened.json())).toMatchObject({ ttl_remaining_sec: 90 })
    await gateway.post(`${api}/close`)
    const both = await gateway.post(`${api}/open`, { services: ['switch'], ttl_seconds: 90, ttl_sec: 60 })
    expect(both.status).toBe(422)
    expect(await both.text()).toContain('send one of them')
    const same = await gateway.post(`${api}/open`, { services: ['switch'], ttl_seconds: 90, ttl_sec: 90 })
    expect(same.status).toBe(200)
  })

  it('are open for a gateway that starts after them', async () => {
    expect((await start().post(`${api}/open`, { services: ['switch'], ttl_sec: 60 })).status).toBe(200)
    const next = start()
    await next.clock.advance(1000)
    expect(await next.read()).toMatchObject({ status: 'open', ttl_remaining_sec: 59 })
    expect(await next.go()).toBe(200)
  })

  it('are won by one of ten', async () => {
    const gateway = start()
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => gateway.post(`${api}/open`, { services: ['switch'], ttl_sec: 60 })),
    )
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array(9).fill(409)])
    expect(await recordedEvents(database())).toHaveLength(1)
  })

  it('end with solo_madre, and service control stays a plan', async () => {
    const gateway = start()
    await gateway.post(`${api}/open`, { services: ['switch'], ttl_sec: 60 })
    const applied = await gateway.post('/operator/power/policy/solo_madre/apply')
    expect(await applied.json()).toMatchObject({ status: 'ok', policy: 'solo_madre', executed: [] })
    expect(await gateway.go()).toBe(403)
    const plan = await gateway.post('/operator/power/service/switch/start', { apply: true })
    expect(await plan.json()).toMatchObject({ status: 'plan', apply: false, executed: [] })
    const status = await gateway.authorized('/operator/power/status')
    expect(await status.json()).toMatchObject({ status: 'ok', source: 'health_checks' })
  })
})
