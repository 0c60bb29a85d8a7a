/** What the status routes tell from the database: events, daughters, routing, upkeep, size; and what when it fails. */
import * as v from 'valibot'
import { beforeEach, describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import type { Database } from '../../src/db/database.ts'
import { type MaintenanceRecord, maintenanceKey } from '../../src/db/maintenance/record.ts'
import { cliProviders } from '../../src/db/schema/hermes.ts'
import { systemState } from '../../src/db/schema/madre.ts'
import { operatorEvents } from '../../src/db/schema/operator.ts'
import { daughters, daughterTasks } from '../../src/db/schema/spawner.ts'
import { routingEvents } from '../../src/db/schema/switch.ts'
import { OperatorApiStatus } from '../../src/features/status/api/schema.ts'
import { Observation } from '../../src/features/status/operator/schema.ts'
import { testApp } from '../support/test-app.ts'

const database = testDatabase()
beforeEach(async () => {
  const db = database().open()
  await db.batch([
    db.delete(operatorEvents),
    db.delete(daughters),
    db.delete(daughterTasks),
    db.delete(routingEvents),
    db.delete(cliProviders),
    db.delete(systemState),
  ])
})

function start(store: Database = database()) {
  const gateway = testApp({ deps: { database: store } })
  const status = async () => {
    const response = await gateway.authorized('/operator/api/status')
    return v.parse(OperatorApiStatus, await response.json())
  }
  const observe = async () => v.parse(Observation, await (await gateway.authorized('/operator/observe')).json())
  return { ...gateway, status, observe }
}

describe('GET /operator/observe', () => {
  it('has no trace before the first routing decision', async () => {
    const { data, errors, ...rest } = await start().observe()
    expect(data).toMatchObject({ trace: null, providers: [] })
    expect(rest).not.toHaveProperty('provider_used')
    expect(errors.join()).not.toContain('database')
  })

  it('tells the newest routing decision, and its provider by name', async () => {
    const db = database().open()
    await db.insert(cliProviders).values({ name: 'deepseek', apiKeyEnv: 'SECRET_KEY_NAME', enabled: false })
    const decision = { routeType: 'provider_call', timestamp: '2026-01-01 00:00:00.000000' }
    await db.insert(routingEvents).values([
      { ...decision, traceId: 't-1', providerId: 'old' },
      { ...decision, traceId: 't-2', providerId: 'deepseek' },
    ])
    const gateway = start()
    const answer = await gateway.observe()
    expect(answer.provider_used).toBe('deepseek')
    expect(answer.data.trace).toEqual({
      trace_id: 't-2',
      provider_id: 'deepseek',
      provider_name: 'deepseek',
      route_type: 'provider_call',
      timestamp: '2026-01-01T00:00:00.000Z',
    })
    expect(answer.data.providers).toMatchObject([{ name: 'deepseek', enabled: false, tokens_used_today: 0 }])
    expect(JSON.stringify(answer)).not.toContain('SECRET_KEY_NAME')
    await db.insert(routingEvents).values({ ...decision, traceId: 't-3', providerId: 'unknown' })
    await gateway.clock.advance(2000)
    const later = await gateway.observe()
    expect(later).toMatchObject({ provider_used: 'unknown', data: { trace: { trace_id: 't-3', provider_name: null } } })
  })
})

describe('GET /operator/api/status', () => {
  it('tells the ten newest events and the daughters that live', async () => {
    const db = database().open()
    const moment = (second: number) => `2026-01-01 00:00:${String(second).padStart(2, '0')}.000000`
    const events = Array.from({ length: 12 }, (_, index) => ({
      ...{
        eventId: `evt_${index}`,
        ts: moment(index),
        eventType: 'module',
        severity: 'info',
        summary: `event ${index}`,
      },
    }))
    await db.insert(operatorEvents).values(events)
    const [task] = await db
      .insert(daughterTasks)
      .values({ source: 'operator', taskType: 'short', description: 'x' })
      .returning({ id: daughterTasks.id })
    const taskId = task?.id ?? 0
    await db.insert(daughters).values([
      { taskId, name: 'lives', status: 'running' },
      { taskId, name: 'ended', status: 'finished', endedAt: moment(1) },
      { taskId, name: 'failed', status: 'failed' },
    ])
    const { recent_events, daughters: told } = await start().status()
    expect(recent_events.map(({ event_id }) => event_id)).toEqual(
      events
        .slice(2)
        .toReversed()
        .map(({ eventId }) => eventId),
    )
    expect(recent_events[0]).toMatchObject({ message: 'event 11', timestamp: '2026-01-01T00:00:11.000Z' })
    expect(told).toMatchObject([{ name: 'lives', status: 'running' }])
  })

  it('tells what the last maintenance found, and why there is nothing before it', async () => {
    const gateway = start()
    const { db_health } = (await gateway.status()).data
    expect(db_health).toMatchObject({ status: 'ok', tables: 88, integrity: null, last_backup: null, rows_total: null })
    expect(db_health.unmeasured).toMatchObject({ integrity: 'no_maintenance_yet', rows: 'not_counted_yet' })
    const record: MaintenanceRecord = {
      startedAt: 1_799_999_000_000,
      finishedAt: 1_799_999_500_000,
      ok: true,
      quickCheck: 'ok',
      integrityCheck: null,
      foreignKeyViolations: 3,
      backup: { file: 'vx11.db', sha256: 'a', bytes: 1 },
    }
    await database()
      .open()
      .insert(systemState)
      .values({ key: maintenanceKey, value: JSON.stringify(record) })
    await gateway.clock.advance(5000)
    expect((await gateway.status()).data.db_health).toMatchObject({
      integrity: 'ok',
      foreign_key_violations: 3,
      integrity_checked_at: new Date(record.finishedAt).toISOString(),
      last_backup: new Date(record.finishedAt).toISOString(),
    })
  })

  it('tells the size, or why not', async () => {
    const { size_mb, unmeasured } = (await start().status()).data.db_health
    if (size_mb === null) expect(unmeasured).toHaveProperty('size')
    else expect(size_mb).toBeGreaterThan(0.3)
  })

  it('answers without the tables, and says what it could not read', async () => {
    const failing = {
      ...database(),
      open: () => {
        throw new Error('no such table: a secret')
      },
    }
    const gateway = start(failing)
    const answer = await gateway.status()
    expect(answer).toMatchObject({
      recent_events: [],
      daughters: [],
      data: { db_health: { size_mb: null, unmeasured: { database: 'database_unavailable' } } },
    })
    expect(answer.errors.at(-1)).toContain('not readable')
    expect((await gateway.observe()).errors.at(-1)).toContain('not readable')
    expect(JSON.stringify(answer)).not.toContain('secret')
  })

  it('asks the database once for five hundred readers', async () => {
    let opened = 0
    const open = () => {
      opened++
      return database().open()
    }
    const counting = { ...database(), open }
    const gateway = start(counting)
    await Promise.all(Array.from({ length: 500 }, () => gateway.status()))
    expect(opened).toBe(2)
    await gateway.clock.advance(1999)
    await gateway.status()
    expect(opened).toBe(2)
    await gateway.clock.advance(1)
    await gateway.status()
    expect(opened).toBe(3)
  })
})
