import { beforeEach, describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { GatewayError } from '../../../src/errors/gateway-error.ts'
import type { Maintenance } from '../../../src/ports/index.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import { forgetRuns } from '../maintenance/runs.ts'
import { madreClient, madreDeps } from './madres.ts'

const path = '/madre/power/maintenance/post_task'
const database = testDatabase()
beforeEach(() => forgetRuns(database()))

/** A maintenance of which only `start` matters. */
const maintenanceThat = (start: Maintenance['start']): Maintenance => ({
  start,
  read: () => Promise.reject(new Error('not asked')),
  startWhenDue: async () => {},
})

describe('POST /madre/power/maintenance/post_task', () => {
  it('answers in the words of the contract, with every step and its duration', async () => {
    const { status, body } = await madreClient(madreDeps(database())).post(path, { reason: 'task 7' })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      status: 'ok',
      ok: true,
      db_path: null,
      out_dir: null,
      apply_retention: false,
      reason: 'task 7',
      sqlite: { quick_check: 0, foreign_key_check: 0 },
      retention: { status: 'planned', applied: false, eligible: 0 },
      backup_rotation: { status: 'skipped', reason: expect.any(String) },
      regen_dbmap: { rc: null, reason: expect.any(String) },
      counts: { total_tables: 88 },
      scorecard: { integrity: 'ok', total_tables: 88, backup_db_count: null, generated_ts: expect.any(String) },
      steps: { quick_check: { status: 'ok', duration_ms: expect.any(Number) } },
    })
    expect(body.db_size_mb).toBeGreaterThan(0)
    expect(body.steps).not.toHaveProperty('backup')
  })

  it('takes no body, as the later madre does, and applies retention when told to', async () => {
    const madre = madreClient(madreDeps(database()))
    expect((await madre.ask(path, { method: 'POST' })).status).toBe(200)
    expect((await madre.post(path, { apply: true })).body).toMatchObject({
      apply_retention: true,
      retention: { status: 'applied' },
    })
  })

  it.each([{ apply: 'yes' }, { reason: 'x'.repeat(501) }, [], 7])('refuses %j', async (body) => {
    expect((await madreClient(madreDeps(database())).post(path, body)).status).toBe(422)
  })

  it('answers 202 when the run takes longer than callers wait', async () => {
    const clock = fakeClock()
    const maintenance = maintenanceThat(async () => ({ id: 'long', report: new Promise(() => {}) }))
    const answer = madreClient(madreDeps(database(), { clock, maintenance })).post(path, {})
    await clock.whenSleeping()
    await clock.advance(25_000)
    expect(await answer).toEqual({
      status: 202,
      body: { status: 'running', run_id: 'long', status_url: '/operator/api/maintenance' },
    })
  })

  it('answers 409 while another run is under way', async () => {
    const maintenance = maintenanceThat(() => Promise.reject(new GatewayError('maintenance_running')))
    const { status, body } = await madreClient(madreDeps(database(), { maintenance })).post(path, {})
    expect(status).toBe(409)
    expect(body.detail).toContain('maintenance_running')
  })

  it('answers 503 without its database, and when the run fails as a whole', async () => {
    const away = maintenanceThat(() => Promise.reject(new GatewayError('database_unavailable')))
    expect((await madreClient(madreDeps(database(), { maintenance: away })).post(path, {})).status).toBe(503)
    const failing = maintenanceThat(async () => ({ id: 'bad', report: Promise.reject(new Error('disk full')) }))
    const { status, body } = await madreClient(madreDeps(database(), { maintenance: failing })).post(path, {})
    expect({ status, body }).toEqual({ status: 503, body: { detail: 'The database does not answer.' } })
  })
})
