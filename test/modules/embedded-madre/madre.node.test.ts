import { describe, expect, it } from 'vitest'
import { fileDatabase } from '../../../src/adapters/libsql/file.ts'
import type { Database } from '../../../src/db/database.ts'
import { describeMadre } from '../../support/contracts/madre.ts'
import { databaseFile } from '../../support/database-file.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import { testApp } from '../../support/test-app.ts'
import { describeBodies } from './bodies.ts'
import { embeddedTraits, forgetWindows, madreClient, madreDeps, madreUnderTest, recordedEvents } from './madres.ts'
import { describeStoredMadre } from './stored-madre.ts'

const file = databaseFile()
const database = () => file().database

describeMadre('the embedded madre on a libSQL file', embeddedTraits, () => madreUnderTest(database()))
describeStoredMadre('a libSQL file', database)
describeBodies(database)

describe('the embedded madre on a libSQL file that takes no more writes', () => {
  it('ends a window at its deadline all the same, and opens none', async () => {
    await forgetWindows(database())
    const clock = fakeClock()
    await madreClient(madreDeps(database(), { clock })).open({ services: ['switch'], ttl_sec: 10 })
    await clock.advance(10_000)
    const batch = () => Promise.reject(new Error('disk full'))
    const open = () => Object.create(database().open(), { batch: { value: batch } })
    const full: Database = { ...database(), open }
    const madre = madreClient(madreDeps(full, { clock }))
    expect((await madre.state()).policy).toBe('solo_madre')
    expect((await madre.open({ services: ['switch'], ttl_sec: 10 })).status).toBe(503)
  })
})

describe('the gateway with MADRE_URL=embedded', () => {
  it('opens windows and tells of them', async () => {
    await forgetWindows(database())
    const gateway = testApp({ env: { MADRE_URL: 'embedded' }, deps: { database: database() } })
    const ask = async (path: string, init?: RequestInit) => (await gateway.authorized(path, init)).json()
    const opened = await ask('/madre/power/window/open', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ services: ['switch'], ttl_sec: 60 }),
    })
    expect(opened).toMatchObject({ state: 'open', ttl_remaining_sec: 60 })
    expect(await ask('/vx11/status')).toMatchObject({ mode: 'windowed', modules: { madre: { status: 'ok' } } })
    await gateway.clock.advance(60_000)
    expect(await ask('/vx11/status')).toMatchObject({ mode: 'solo_madre' })
  })
})

describe('processes with one libSQL file', () => {
  it('open one window, and record its end once', async () => {
    await forgetWindows(database())
    const clock = fakeClock()
    const others = await Promise.all([fileDatabase(file().url), fileDatabase(file().url)])
    const madres = [database(), ...others].map((each) => madreClient(madreDeps(each, { clock })))
    const answers = await Promise.all(madres.map((madre) => madre.open({ services: ['switch'], ttl_sec: 5 })))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409])
    await clock.advance(5000)
    const states = await Promise.all(madres.map((madre) => madre.state()))
    expect(states.map(({ policy }) => policy)).toEqual(['solo_madre', 'solo_madre', 'solo_madre'])
    expect((await recordedEvents(database())).map(({ action }) => action)).toEqual(['window_opened', 'window_expired'])
    await Promise.all(others.map((other) => other.close()))
  })

  it('remember the window when they start again', async () => {
    await forgetWindows(database())
    const clock = fakeClock()
    const before = await fileDatabase(file().url)
    const { body } = await madreClient(madreDeps(before, { clock })).open({ services: ['switch'], ttl_sec: 60 })
    await before.close()
    await clock.advance(1000)
    const after = await fileDatabase(file().url)
    expect(await madreClient(madreDeps(after, { clock })).state()).toMatchObject({
      policy: 'windowed',
      window_id: body.window_id,
      ttl_remaining_sec: 59,
    })
    await after.close()
  })
})
