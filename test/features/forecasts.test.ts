/** GET /operator/api/forecasts, and what is predicted of the token budget. */
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { modelUsageStats } from '../../src/db/schema/switch.ts'
import { ForecastReport } from '../../src/features/forecasts/schema.ts'
import { storedMoment } from '../../src/lib/moment-forms.ts'
import { testApp, tokens } from '../support/test-app.ts'

const database = testDatabase()
const hourMs = 3_600_000
const path = '/operator/api/forecasts'

async function used(now: number, rows: readonly (readonly [userId: string, tokensUsed: number, hoursAgo: number])[]) {
  const db = database().open()
  await db.delete(modelUsageStats)
  await db.insert(modelUsageStats).values(
    rows.map(([userId, tokensUsed, hoursAgo]) => ({
      ...{ modelOrCliName: 'm', kind: 'local', taskType: 'chat', userId, tokensUsed },
      createdAt: storedMoment(now - hoursAgo * hourMs),
    })),
  )
}

const gateway = (limit = '1000') => testApp({ env: { VX11_CHAT_DAILY_TOKENS: limit }, deps: { database: database() } })
const read = async (app: ReturnType<typeof gateway>) => {
  const report = v.parse(ForecastReport, await (await app.authorized(path)).json())
  return { report, tokens: report.forecasts.find(({ name }) => name === 'token_budget') }
}

describe('the forecast of the token budget', () => {
  it('is of the principal whose tokens are used up first, by the last hour', async () => {
    const app = gateway()
    await used(app.clock.now(), [
      ['much', 700, 5],
      ['much', 10, 0.5],
      ['fast', 200, 0.5],
    ])
    const { report, tokens: budget } = await read(app)
    expect(budget).toMatchObject({
      principal: 'fast',
      used: 200,
      limit: 1000,
      per_hour: 200,
      reason: null,
      raised: true,
    })
    expect(Date.parse(budget?.at ?? '') - app.clock.now()).toBe(4 * hourMs)
    const payload = { kind: 'token_budget', principal: 'fast' }
    expect(app.announced).toMatchObject([{ payload, once: expect.stringContaining(':fast:') }])
    expect(report.forecasts.map(({ name }) => name)).toEqual([
      'disk_full',
      'wal_growth',
      'event_backlog',
      'token_budget',
    ])
    await app.services.minutely.forecasts()
    expect(app.announced).toHaveLength(1)
    const metrics = await (await app.authorized('/metrics')).text()
    expect(metrics).toContain(`vx11_forecast_seconds{resource="token_budget"} ${(4 * hourMs) / 1000}`)
    expect(metrics).not.toContain('vx11_forecast_seconds{resource="disk_full"}')
  })

  it.each([
    ['nobody used any', [], 'not_shrinking'],
    ['none lately', [['idle', 500, 3]], 'not_shrinking'],
    ['the day ends before', [['slow', 10, 0.5]], 'resets_before'],
  ] as const)('is none where %s', async (_why, rows, reason) => {
    const app = gateway()
    await database().open().delete(modelUsageStats)
    if (rows.length > 0) await used(app.clock.now(), rows)
    expect((await read(app)).tokens).toMatchObject({ at: null, reason, raised: false })
  })

  it('needs the scope operator', async () => {
    const app = gateway()
    expect((await app.request(path, { headers: { 'x-vx11-token': tokens.operator } })).status).toBe(200)
    expect((await app.request(path, { headers: { 'x-vx11-token': tokens.shub } })).status).toBe(403)
  })
})
