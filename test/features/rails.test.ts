import * as v from 'valibot'
import { beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { manifestatorAudit, manifestatorLanes, manifestatorRails } from '../../src/db/schema/manifestator.ts'
import {
  LaneDisabled,
  LaneStatus,
  Lanes,
  LanesDisabled,
  Rails,
  RailsDisabled,
} from '../../src/features/rails/schema.ts'
import { awayDatabase } from '../support/absent-database.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { testApp } from '../support/test-app.ts'

const path = '/operator/api/rails'
const open = testDatabase()

const rail = (railId: string, more = {}) => ({
  ...{ railId, name: railId, ruleType: 'constraint', ruleDefinitionJson: '{}', severityOnViolation: 'warn' },
  ...{ createdAt: '2026-01-01 10:00:00', ...more },
})

describe('the rails', () => {
  beforeAll(async () => {
    const db = open().open()
    await db.insert(manifestatorRails).values([rail('r2'), rail('r1'), rail('off', { active: false })])
    await db.insert(manifestatorLanes).values([
      { laneId: 'l-detect', name: 'Detect', stage: 'detect', checksJson: '[{"check_id":"c","timeout_seconds":5}]' },
      { laneId: 'l-plan', name: null, stage: 'plan', checksJson: 'no JSON' },
      { laneId: '%', name: 'odd', stage: 'apply', checksJson: null },
    ])
    const audit = (n: number, more = {}) => ({
      ...{ auditId: `a${n}`, status: 'draft', correlationId: `run-l-detect-${n}` },
      ...{ runTs: `2026-01-01 10:00:${String(n).padStart(2, '0')}`, patchPlanJson: `{"n":${n}}`, ...more },
    })
    for (let n = 0; n < 22; n++) await db.insert(manifestatorAudit).values(audit(n))
    await db
      .insert(manifestatorAudit)
      .values([audit(30, { patchPlanJson: '{' }), audit(31, { correlationId: 'of another lane' })])
  })

  const gateway = (env: Record<string, string> = {}, database = open()) => {
    const { authorized } = testApp({ env, deps: { database } })
    return {
      authorized,
      read: async <S extends v.GenericSchema>(under: string, schema: S) => {
        const response = await authorized(path + under)
        expect(response.status).toBe(200)
        return v.parse(schema, await response.json())
      },
    }
  }

  it('are listed while they are in force', async () => {
    const { rails, count } = await gateway().read('', Rails)
    expect(count).toBe(2)
    expect(rails.map(({ rail_id, active }) => [rail_id, active])).toEqual([
      ['r1', 1],
      ['r2', 1],
    ])
    expect(rails[0]).toMatchObject({ rule_type: 'constraint', created_at: '2026-01-01T10:00:00.000Z' })
  })

  it('have lanes with their checks', async () => {
    const { lanes, count } = await gateway().read('/lanes', Lanes)
    expect(count).toBe(3)
    expect(lanes.map(({ lane_id, checks }) => [lane_id, checks])).toEqual([
      ['l-plan', null],
      ['l-detect', [{ check_id: 'c', timeout_seconds: 5 }]],
      ['%', []],
    ])
  })

  it('tell of one lane, and of the newest twenty audits that name it', async () => {
    const { audit_findings, ...lane } = await gateway().read('/l-detect/status', LaneStatus)
    expect(lane).toMatchObject({ lane_id: 'l-detect', stage: 'detect', status: 'ok' })
    expect(audit_findings).toHaveLength(20)
    expect(audit_findings[0]).toMatchObject({ audit_id: 'a30', patch_plan: null, reason: 'plan_unreadable' })
    expect(audit_findings[1]).toMatchObject({ audit_id: 'a21', patch_plan: { n: 21 }, reason: null })
  })

  it('take a lane’s name for nothing but a name', async () => {
    expect(await gateway().read('/%25/status', LaneStatus)).toMatchObject({ lane_id: '%', audit_findings: [] })
    await expectProblem(await gateway().authorized(`${path}/zz/status`), 'lane_not_found')
    await expectProblem(await gateway().authorized(`${path}/l-%25/status`), 'lane_not_found')
  })

  it('answer as v7 did when the feature is off', async () => {
    const { read } = gateway({ VX11_MANIFESTATOR_ENABLED: '0' })
    expect(await read('', RailsDisabled)).toMatchObject({ rails: [], count: 0 })
    expect(await read('/lanes', LanesDisabled)).toMatchObject({ lanes: [] })
    expect(await read('/zz/status', LaneDisabled)).toMatchObject({ lane_id: 'zz', status: 'disabled' })
  })

  it('say that the database is away', async () => {
    const { read, authorized } = gateway({}, awayDatabase)
    expect(await read('', Rails)).toMatchObject({ rails: [], degraded: true, error: 'database_unavailable' })
    expect(await read('/lanes', Lanes)).toMatchObject({ lanes: [], degraded: true, error: 'database_unavailable' })
    await expectProblem(await authorized(`${path}/l-plan/status`), 'database_unavailable')
  })
})
