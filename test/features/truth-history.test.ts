/** What many looks come to: changes, availability, latency and what they announce; on both databases. */
import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { systemState } from '../../src/db/schema/madre.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { madre, minuteMs, truthApps } from '../support/truth-app.ts'

const { database, vx11 } = truthApps()

describe('history', () => {
  it('tells changes with their times, and availability and latency over an hour, a day and a week', async () => {
    const gateway = vx11()
    await gateway.minute()
    const shub = 'http://shub.test:8007/health'
    gateway.network.answer(shub, jsonAnswer({ status: 'ok' }))
    for (let i = 0; i < 3; i++) await gateway.pass()
    const report = await gateway.one('shub')
    expect(report.changes).toEqual([{ at: '2027-01-15T08:01:00.000Z', from: 'BROKEN', to: 'OK' }])
    expect(report.service).toMatchObject({
      service: 'shubniggurath',
      since: '2027-01-15T08:01:00.000Z',
      last_hour: { looks: 4, availability_pct: 75 },
      last_24_hours: { looks: 4, availability_pct: 75 },
      last_7_days: { looks: 4, availability_pct: 75, p50_ms: expect.any(Number) },
    })
    expect((await gateway.one('switch')).service.last_hour).toMatchObject({ looks: 4, availability_pct: null })
  })

  it('keeps the hours that are over, and writes them once an hour', async () => {
    const gateway = vx11()
    const hours = async () => {
      const key = systemState.key
      const [row] = await database().open().select().from(systemState).where(eq(key, 'gateway:truth:hours:madre'))
      return { at: row?.updatedAt, count: JSON.parse(row?.value ?? 'null')?.length }
    }
    await gateway.minute()
    await gateway.pass()
    expect(await hours()).toEqual({ at: '2027-01-15 08:00:00.000000', count: 0 })
    await gateway.clock.advance(60 * minuteMs)
    await gateway.minute()
    const after = await hours()
    expect(after).toEqual({ at: '2027-01-15 09:01:00.000000', count: 1 })
    await gateway.pass()
    expect(await hours()).toEqual(after)
    // A second instance reads the same, and loses none of it.
    const next = vx11()
    await next.clock.advance(63 * minuteMs)
    await next.minute()
    expect((await next.one('madre')).service.last_24_hours).toMatchObject({ looks: 5, availability_pct: 100 })
    expect(await hours()).toEqual(after)
  })

  it('tells that a service slows down, once, before it fails', async () => {
    const gateway = vx11()
    let ms = 100
    let asked = Promise.withResolvers<void>()
    gateway.network.answer(`${madre}/health`, async () => {
      const answered = gateway.clock.sleep(ms)
      asked.resolve()
      await answered
      return jsonAnswer({ status: 'ok' })
    })
    const minute = async () => {
      asked = Promise.withResolvers<void>()
      const done = gateway.minute()
      await asked.promise
      await gateway.clock.advance(ms)
      await done
      await gateway.clock.advance(minuteMs)
    }
    for (let i = 0; i < 40; i++) await minute()
    expect(gateway.announced).toEqual([])
    for (let i = 0; i < 20; i++) {
      ms += 20
      await minute()
    }
    expect(gateway.announced.filter(({ module }) => module === 'madre')).toEqual([
      {
        type: 'gateway.health.predicted',
        severity: 'warn',
        module: 'madre',
        summary: expect.stringContaining('madre answers ever more slowly'),
        payload: { service: 'madre', kind: 'latency', usual: 100, seen: expect.any(Number) },
      },
    ])
    expect((await gateway.one('madre')).service).toMatchObject({
      status: 'OK',
      prediction: { kind: 'latency', usual: 100 },
    })
  })
})
