import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { retainedTables } from '../../../src/config/retention.ts'
import { incidents } from '../../../src/db/schema/hormiguero.ts'
import { intentsLog } from '../../../src/db/schema/madre.ts'
import { nextBatchSize } from '../../../src/modules/maintenance/steps/retention.ts'
import { julianDay } from '../../../src/modules/maintenance/steps/stored-moment.ts'
import { forgetRuns, hastyClock, runOn } from './runs.ts'

const database = testDatabase()
const now = Date.UTC(2026, 10, 20, 12)
const cutoff = '2026-08-22 12:00:00'

beforeEach(async () => {
  const db = database().open()
  await forgetRuns(database())
  await db.delete(incidents)
  await db.delete(intentsLog)
})

/** To more than a mebibyte. */
const grow = () =>
  database().open().run(sql`INSERT INTO intents_log (source, payload_json) VALUES ('test', hex(zeroblob(1048576)))`)

/** One incident for each moment, with the moment's place as its id. */
async function incidentsAt(...moments: (string | null)[]) {
  const db = database().open()
  for (const [id, at] of moments.entries()) {
    await db.run(
      sql`INSERT INTO incidents (id, ant_id, incident_type, detected_at) VALUES (${id}, 'ant', 'test', ${at})`,
    )
  }
}

const left = async () =>
  (await database().open().select({ id: incidents.id }).from(incidents).orderBy(incidents.id)).map(({ id }) => id)

async function retain(apply: boolean | null, setup: Parameters<typeof runOn>[2] = {}) {
  const { run } = runOn(database(), { steps: ['retention'], apply }, { clock: hastyClock(now), ...setup })
  const { result, status, reason } = (await run).steps.retention ?? {}
  return { status, reason, ...result, incidents: result?.tables.find(({ table }) => table === 'incidents') }
}

it('reads the time column of every retained table', async () => {
  const { tables = [] } = await retain(false)
  expect(tables.map(({ table, error }) => [table, error])).toEqual(retainedTables.map((table) => [table, null]))
})

describe('the age of a row', () => {
  it.each([
    ['2026-01-02 03:04:05', '2026-01-02 03:04:05.000'],
    ['2026-01-02 03:04:05.678901', '2026-01-02 03:04:05.679'],
    ['2026-01-02T03:04:05', '2026-01-02 03:04:05.000'],
    ['2026-01-02T03:04:05.678Z', '2026-01-02 03:04:05.678'],
    ['2026-01-02T03:04:05+02:00', '2026-01-02 01:04:05.000'],
    ['2026-01-02T03:04:05.5+00:00Z', '2026-01-02 03:04:05.500'],
    ['20260102T030405Z', '2026-01-02 03:04:05.000'],
    ['2026-01-02', '2026-01-02 00:00:00.000'],
    ['', null],
    ['now', null],
    ['2451545', null],
    ['1700000000', null],
    ['2026-13-45 99:99:99', null],
    ['yesterday', null],
  ])('reads %j as %j', async (text, moment) => {
    const day = julianDay(sql`${text}`)
    const rows = await database()
      .open()
      .all<{ at: string | null }>(sql`SELECT strftime('%Y-%m-%d %H:%M:%f', ${day}) AS at`)
    expect(rows[0]?.at).toBe(moment)
  })
})

describe('retention', () => {
  it('compares rightly across the forms in which moments are kept', async () => {
    await incidentsAt(
      ...['2026-08-22 11:59:59', '2026-08-22T11:59:59Z', '20260822T115959Z', '2026-08-22T13:59:59+02:00'],
      ...['2026-08-22 12:00:01', '2026-08-22T12:00:01Z', '20260822T120001Z', '2026-08-22T14:00:01+02:00'],
    )
    expect(await retain(true)).toMatchObject({ status: 'ok', eligible: 4, deleted: 4, remaining: 0 })
    expect(await left()).toEqual([4, 5, 6, 7])
  })

  it('keeps the row from exactly the cutoff, and takes the one a millisecond before', async () => {
    await incidentsAt(`${cutoff}.000000`, '2026-08-22 11:59:59.999000')
    expect((await retain(true)).incidents).toMatchObject({ cutoff: '2026-08-22T12:00:00.000Z', deleted: 1 })
    expect(await left()).toEqual([0])
  })

  it('keeps rows without a moment, and counts those whose moment cannot be read', async () => {
    await incidentsAt(null, '', 'a while ago', '1700000000', '2020-01-01')
    expect((await retain(true)).incidents).toMatchObject({ eligible: 1, deleted: 1, unreadable: 3 })
    expect(await left()).toEqual([0, 1, 2, 3])
  })

  it('only plans when it is not to apply', async () => {
    await incidentsAt('2020-01-01', '2026-11-20')
    expect(await retain(false)).toMatchObject({ applied: false, eligible: 1, deleted: 0, remaining: 1, batches: 0 })
    expect(await left()).toEqual([0, 1])
  })

  it('applies unasked from a size on', async () => {
    await incidentsAt('2020-01-01')
    expect((await retain(null)).applied).toBe(false)
    const large = { env: { VX11_RETENTION_AUTO_APPLY_MIB: '1' } }
    await grow()
    // Nobody has let it yet: such a database is perhaps one that was only just adopted.
    const held = await retain(null, large)
    expect(held).toMatchObject({ status: 'ok', applied: false, held: true, eligible: 1 })
    expect(held.reason).toContain('VX11_RETENTION_ALLOWED')
    expect(await left()).toEqual([0])
    expect((await retain(null, { env: { ...large.env, VX11_RETENTION_ALLOWED: 'true' } })).applied).toBe(true)
    expect(await left()).toEqual([])
  })

  it.each(['weekly', 'post_task'] as const)('deletes for a %s run once an operator has let it', async (trigger) => {
    const large = { env: { VX11_RETENTION_AUTO_APPLY_MIB: '1' } }
    await grow()
    const later = async (apply: boolean | null, by: typeof trigger | 'operator') => {
      await incidentsAt('2020-01-01')
      const report = await runOn(database(), { apply, trigger: by, steps: ['retention'] }, large).run
      return report.steps.retention?.result
    }
    expect(await later(null, 'post_task')).toMatchObject({ held: true, deleted: 0 })
    await database().open().delete(incidents)
    // Whoever asks after each task is no operator.
    expect(await later(true, 'post_task')).toMatchObject({ applied: true, deleted: 1 })
    expect(await later(null, 'post_task')).toMatchObject({ held: true, deleted: 0 })
    await database().open().delete(incidents)
    expect(await later(true, 'operator')).toMatchObject({ applied: true, deleted: 1 })
    expect(await later(null, trigger)).toMatchObject({ applied: true, held: false, deleted: 1 })
  })

  it('needs nobody’s leave in a database that began with nothing old', async () => {
    const large = { env: { VX11_RETENTION_AUTO_APPLY_MIB: '1' } }
    await runOn(database(), {}, large).run
    await grow()
    await incidentsAt('2020-01-01')
    expect(await retain(null, large)).toMatchObject({ applied: true, deleted: 1 })
  })

  it('goes by the days of each table', async () => {
    const db = database().open()
    for (const days of [6, 8, 31]) {
      const at = new Date(now - days * 86_400_000).toISOString()
      await db.run(sql`INSERT INTO intents_log (source, payload_json, created_at) VALUES ('test', '{}', ${at})`)
    }
    expect(await retain(false)).toMatchObject({ eligible: 1 })
    expect(await retain(false, { env: { ULTRA_LOW_MEMORY: 'true' } })).toMatchObject({ eligible: 2 })
    expect(await retain(false, { env: { VX11_RETENTION_INTENTS_LOG_DAYS: '5' } })).toMatchObject({ eligible: 3 })
  })

  it('deletes in several batches, with a place to stop at', async () => {
    const db = database().open()
    await db.run(sql`WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 999)
      INSERT INTO incidents (id, ant_id, incident_type, detected_at)
      SELECT i, 'ant', 'test', iif(i % 2, '2026-11-01 00:00:00', '2020-01-01T00:00:00Z') FROM n`)
    const some = await retain(true, { work: { maxBatches: 3 } })
    expect(some).toMatchObject({ status: 'ok', eligible: 500, batches: 3 })
    expect(some.deleted).toBeLessThan(500)
    expect(some.remaining).toBe(500 - (some.deleted ?? 0))
    expect(await retain(true)).toMatchObject({ eligible: some.remaining, deleted: some.remaining, remaining: 0 })
    const kept = await left()
    expect(kept).toHaveLength(500)
    expect(kept.every((id) => id % 2 === 1)).toBe(true)
  })

  it('goes on with the other tables when one is missing, as in databases of older versions', async () => {
    await incidentsAt('2020-01-01')
    const db = database().open()
    await db.run(sql`ALTER TABLE ia_decisions RENAME TO ia_decisions_away`)
    try {
      const report = await retain(true)
      expect(report).toMatchObject({ status: 'ok', deleted: 1 })
      const missing = report.tables?.find(({ table }) => table === 'ia_decisions')
      expect(missing).toMatchObject({ eligible: null, error: expect.stringContaining('no such table') })
    } finally {
      await db.run(sql`ALTER TABLE ia_decisions_away RENAME TO ia_decisions`)
    }
  })

  it('deletes nothing while a backup that was asked for failed', async () => {
    await incidentsAt('2020-01-01')
    const backup = () => Promise.reject(new Error('the disk is full'))
    const request = { steps: ['backup', 'retention'] as const, apply: true }
    const report = await runOn(database(), request, { clock: hastyClock(now), work: { steps: { backup } } }).run
    expect(report).toMatchObject({
      ok: false,
      steps: {
        backup: { status: 'failed', reason: 'Error: the disk is full', result: null },
        retention: { result: { applied: false, deleted: 0, eligible: 1 } },
      },
    })
    expect(await left()).toEqual([0])
  })
})

describe('the size of the next batch', () => {
  it('grows slowly, shrinks at once, and has bounds', () => {
    expect(nextBatchSize(100, 0)).toBe(150)
    expect(nextBatchSize(100, 8)).toBe(100)
    expect(nextBatchSize(100, 80)).toBe(10)
    expect(nextBatchSize(100, 10_000)).toBe(10)
    expect(nextBatchSize(10, 0)).toBe(15)
    expect(nextBatchSize(1, 0)).toBe(10)
    expect(nextBatchSize(1500, 1)).toBe(1500)
  })
})
