/** The lists of recent, failed and slow correlations. */
import { type SQL, sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { findCorrelation } from '../../src/features/correlations/store/correlation.ts'
import { listWork, maxListed } from '../../src/features/correlations/store/work-list.ts'
import { expectProblem } from '../support/expect-problem.ts'
import {
  correlationsPath,
  forgetCorrelations,
  type Name,
  named,
  recordingGateway,
  traceId,
} from '../support/recording-gateway.ts'

const database = testDatabase()
const gateway = (env = {}) => recordingGateway(database(), env)
const run = (statement: ReturnType<typeof sql>) => database().open().run(statement)

beforeEach(() => forgetCorrelations(database()))

describe('GET /operator/api/correlations', () => {
  it('lists recent, failed and slow ones, each principal its own', async () => {
    const { list, record } = gateway()
    const failed = { outcome: 'failed', status: 503, error: 'shub_unavailable' } as const
    await record(
      { correlationId: 'c-1' },
      { correlationId: 'c-2', ...failed },
      { correlationId: 'c-3', durationMs: 2500 },
      { correlationId: 'c-4', ...failed, durationMs: 3000, principal: 'ben' },
      { correlationId: 'c-1', durationMs: 12 },
      { correlationId: 'c-5', durationMs: 1999 },
    )
    const ids = async (query: string, name: Name) => (await list(query, name)).correlations.map(({ id }) => id)
    expect(await ids('', 'chief')).toEqual(['c-5', 'c-1', 'c-4', 'c-3', 'c-2'])
    expect(await ids('', 'ana')).toEqual(['c-5', 'c-1', 'c-3', 'c-2'])
    expect(await ids('?show=failed', 'chief')).toEqual(['c-4', 'c-2'])
    expect(await ids('?show=failed', 'ana')).toEqual(['c-2'])
    expect(await ids('?show=slow', 'chief')).toEqual(['c-4', 'c-3'])
    expect(await ids('?show=slow', 'ben')).toEqual(['c-4'])
    expect((await list()).correlations[1]).toEqual({
      ...{ id: 'c-1', at: expect.any(String), kind: 'request', name: 'GET /shub/*', target: 'shub', status: 200 },
      ...{ principal: 'ana', outcome: 'ok', duration_ms: 12, records: 2 },
    })
  })

  it.each(['recent', 'failed', 'slow'])('goes through all %s ones page by page, each once', async (show) => {
    const { as, list, record } = gateway()
    const failed = { outcome: 'failed', status: 504, durationMs: 2000 } as const
    const ids = Array.from({ length: 25 }, (_, index) => `c-${index}`)
    await record(
      ...ids.map((correlationId, index) => ({ correlationId, ...(index % 2 ? failed : { durationMs: 5000 }) })),
    )
    const wanted = show === 'failed' ? ids.filter((_, index) => index % 2) : ids
    const seen: string[] = []
    for (let query = `?show=${show}&limit=4`; ; ) {
      const { correlations, next } = await list(query)
      seen.push(...correlations.map(({ id }) => id))
      if (next === null) break
      query = `?show=${show}&limit=4&cursor=${next}`
    }
    expect(seen.toReversed()).toEqual(wanted)
    expect((await as('chief', `${correlationsPath}?show=${show}&limit=4`)).headers.get('link')).toContain('rel="next"')
  })

  it('gives a next where it has not looked at all rows', async () => {
    const { list, record } = gateway()
    await record({ correlationId: 'old' })
    await run(sql`with recursive n(i) as (select 1 union all select i + 1 from n where i < ${maxListed})
      insert into routing_events (trace_id, route_type, provider_id) select 'other', 'cli', 'x' from n`)
    const first = await list()
    expect(first.correlations).toEqual([])
    expect((await list(`?cursor=${first.next}`)).correlations).toMatchObject([{ id: 'old' }])
  })

  it.each(['?show=all', '?limit=0', '?limit=201', '?cursor=0', '?cursor=-1', '?cursor=x'])(
    'refuses %s',
    async (query) => {
      const { as } = gateway()
      await expectProblem(await as('chief', `${correlationsPath}${query}`), 'validation_error')
    },
  )
})

describe('the statements of both', () => {
  it('read by index whatever is read; only what a trace leads to is sorted, within its bound', async () => {
    const db = database().open()
    const asked: SQL[] = []
    const all = (statement: SQL) => {
      asked.push(statement)
      return db.all(statement)
    }
    const watched = { ...db, all } as unknown as typeof db
    for (const reader of [named[0], named[2]]) {
      await findCorrelation(watched, reader, traceId, { followsTraces: true })
      for (const show of ['failed', 'slow', 'recent'] as const)
        await listWork(watched, reader, { show, before: 1_000_000, limit: 51, slowMs: 100 })
    }
    const plans = await Promise.all(
      asked.map((statement) => db.all<{ detail: string }>(sql`explain query plan ${statement}`)),
    )
    const steps = plans.flat().map(({ detail }) => detail)
    const ofTables = steps.filter((step) => /(routing_events|operator_events|\bevents\b)/.test(step))
    expect(ofTables.length).toBeGreaterThan(20)
    for (const step of ofTables)
      expect(step).toMatch(
        /USING (COVERING )?INDEX idx_(\w+_(trace_id|notable_score|correlation_id)) |USING INTEGER PRIMARY KEY/,
      )
    expect(steps.filter((step) => /ORDER BY/.test(step))).toHaveLength(2 * 2)
  })
})
