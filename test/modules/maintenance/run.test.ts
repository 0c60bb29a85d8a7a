import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { maintenanceKey } from '../../../src/db/maintenance/record.ts'
import { stepNames } from '../../../src/db/maintenance/report.ts'
import { maintenanceRequest } from '../../../src/db/maintenance/request.ts'
import { done } from '../../../src/modules/maintenance/outcome.ts'
import { MaintenanceRefused, weekMs } from '../../../src/modules/maintenance/run.ts'
import { fullRunKey, readReport, runKey } from '../../../src/modules/maintenance/run-record.ts'
import { forgetRuns, hastyClock, runOn, storedValue } from './runs.ts'

const database = testDatabase()
beforeEach(() => forgetRuns(database()))

/** A step that ends when the test says so. */
function gate() {
  const { promise, resolve } = Promise.withResolvers<void>()
  const reached = Promise.withResolvers<void>()
  const backup = async () => {
    reached.resolve()
    await promise
    return done({ file: 'x', sha256: 'y', bytes: 1 })
  }
  return { work: { steps: { backup } }, open: resolve, reached: reached.promise }
}

describe('a maintenance run', () => {
  it('does every step that the store can, and says of the others why not', async () => {
    const report = await runOn(database()).run
    expect(Object.keys(report.steps)).toEqual(stepNames.filter((name) => name !== 'vacuum'))
    for (const step of Object.values(report.steps)) {
      if (step.status === 'skipped') expect(step).toMatchObject({ result: null, reason: expect.stringMatching(/\w/) })
      else expect(step).toMatchObject({ status: 'ok', reason: null, duration_ms: expect.any(Number) })
    }
    expect(report).toMatchObject({ ok: true, trigger: 'operator' })
    expect(report.steps.quick_check).toMatchObject({ status: 'ok', result: { verdict: 'ok', problems: [] } })
    expect(report.steps.foreign_key_check).toMatchObject({ status: 'ok', result: { violations: 0, by_key: {} } })
    expect(report.steps.counts?.result).toMatchObject({ total_tables: 88, tables: { system_state: 1 } })
    expect(report.size_bytes).toBeGreaterThan(100_000)
  })

  it('leaves its report and the record that others read, and no lock', async () => {
    const report = await runOn(database()).run
    expect(await readReport(database().open())).toEqual(report)
    expect(await storedValue(database(), runKey)).toBeNull()
    expect(await storedValue(database(), maintenanceKey)).toMatchObject({
      ok: true,
      quickCheck: 'ok',
      foreignKeyViolations: 0,
      backup: null,
    })
  })

  it('is no record of health, and no weekly run, when it only did a part', async () => {
    await runOn(database(), { steps: ['retention'] }).run
    expect(await storedValue(database(), maintenanceKey)).toBeNull()
    await runOn(database(), maintenanceRequest('post_task', { backup: false })).run
    expect(await storedValue(database(), maintenanceKey)).toMatchObject({ ok: true })
    expect(await storedValue(database(), fullRunKey)).toBeNull()
  })

  it('tells how far it is', async () => {
    const { run, progress } = runOn(database(), { steps: ['quick_check', 'retention', 'counts'] })
    await run
    expect(progress.map(({ step, percent }) => [step, percent]).at(0)).toEqual(['quick_check', 0])
    expect(progress.at(-1)).toMatchObject({ percent: 100, finished: [{}, {}, { step: 'counts', status: 'ok' }] })
    const percents = progress.map(({ percent }) => percent)
    expect(percents).toEqual(percents.toSorted((a, b) => a - b))
  })

  it('goes on after a step that fails, and is not ok', async () => {
    const optimize = () => Promise.reject(new Error('no'))
    const report = await runOn(database(), {}, { work: { steps: { optimize } } }).run
    expect(report).toMatchObject({ ok: false, steps: { optimize: { status: 'failed', reason: 'Error: no' } } })
    expect(report.steps.counts?.status).toBe('ok')
  })

  it('leaves a damaged database as it is', async () => {
    const quick_check = async () => ({
      status: 'found' as const,
      result: { verdict: 'row 1 missing', problems: ['row 1 missing'] },
      reason: '1 problems',
    })
    const vacuumed = { ...maintenanceRequest('operator', { vacuum: true }), apply: true }
    const { steps, ok } = await runOn(database(), vacuumed, { work: { steps: { quick_check } } }).run
    expect(ok).toBe(false)
    for (const name of ['backup', 'backup_rotation', 'retention', 'optimize', 'vacuum'] as const) {
      expect(steps[name]).toMatchObject({ status: 'skipped', reason: expect.stringContaining('damaged') })
    }
    expect(await storedValue(database(), maintenanceKey)).toMatchObject({ ok: false, quickCheck: 'row 1 missing' })
  })
})

describe('one run at a time', () => {
  it('refuses a second run until the first is over', async () => {
    const held = gate()
    const first = runOn(database(), {}, held)
    await held.reached
    await expect(runOn(database()).run).rejects.toEqual(new MaintenanceRefused('running'))
    held.open()
    await first.run
    await expect(runOn(database()).run).resolves.toMatchObject({ ok: true })
  })

  it('lets exactly one of several start', async () => {
    const runs = Array.from({ length: 6 }, () => runOn(database()).run)
    const outcomes = await Promise.allSettled(runs)
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
    expect(outcomes.length - refused.length).toBeGreaterThan(0)
    for (const { reason } of refused) expect(reason).toBeInstanceOf(MaintenanceRefused)
  })

  it('takes the place of a run that died, when its lease is over and not before', async () => {
    const clock = hastyClock()
    const held = gate()
    const dead = runOn(database(), {}, { clock, leaseMs: 60_000, ...held })
    await held.reached
    await clock.advance(59_999)
    await expect(runOn(database(), {}, { clock }).run).rejects.toBeInstanceOf(MaintenanceRefused)
    await clock.advance(1)
    const heir = await runOn(database(), {}, { clock }).run
    expect(heir.ok).toBe(true)
    held.open()
    await expect(dead.run).rejects.toThrow('another run took')
    expect(await readReport(database().open())).toMatchObject({ id: heir.id })
  })

  it.each(['', 'no JSON', '[]', '{"leaseUntil":"soon"}', '{"leaseUntil":9e15}', '{"leaseUntil":-1}'])(
    'is not kept away by a row that is no lock: %j',
    async (value) => {
      await database().open().run(sql`INSERT INTO system_state (key, value) VALUES (${runKey}, ${value})`)
      await expect(runOn(database()).run).resolves.toMatchObject({ ok: true })
      expect(await storedValue(database(), runKey)).toBeNull()
    },
  )

  it('runs the weekly maintenance once a week, however many find it due', async () => {
    const clock = hastyClock()
    const weekly = () => runOn(database(), maintenanceRequest('weekly'), { clock }).run
    await expect(weekly()).resolves.toMatchObject({ trigger: 'weekly' })
    await expect(weekly()).rejects.toEqual(new MaintenanceRefused('not_due'))
    expect(await storedValue(database(), runKey)).toBeNull()
    await clock.advance(weekMs - 1000)
    await expect(weekly()).rejects.toBeInstanceOf(MaintenanceRefused)
    await clock.advance(1000)
    await expect(weekly()).resolves.toMatchObject({ ok: true })
  })
})
