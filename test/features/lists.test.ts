/** Every route that lists is paged in one way: `next` in the answer, `cursor` in the query, and a Link header. */
import type { OpenAPIV3_1 } from 'openapi-types'
import { beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { systemState } from '../../src/db/schema/madre.ts'
import { manifestatorAudit, manifestatorLanes, manifestatorRails } from '../../src/db/schema/manifestator.ts'
import { auditLogs } from '../../src/db/schema/mcp.ts'
import { operatorMessage, operatorMetrics, operatorSession } from '../../src/db/schema/operator.ts'
import { daughters, daughterTasks, spawns } from '../../src/db/schema/spawner.ts'
import { routingEvents } from '../../src/db/schema/switch.ts'
import { auditOf } from '../../src/modules/audit/act.ts'
import { firstIdOf } from '../../src/modules/chat/exchanges/message-ids.ts'
import { keyRecord } from '../../src/modules/keys/record.ts'
import { workTypes } from '../../src/modules/timeline/work-rows.ts'
import { someEvent, testEventLog } from '../support/event-log.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { tellWindow } from '../support/power-window.ts'
import { testApp } from '../support/test-app.ts'

const database = testDatabase()
const hormiguero = 'http://hormiguero.test:8004'

function gateway() {
  const { clock } = testApp()
  const events = testEventLog({ database: database(), clock })
  const env = { HORMIGUERO_URL: hormiguero }
  const app = testApp({ env, deps: { database: database(), events, clock } })
  tellWindow(app.network, ['hormiguero'])
  return { ...app, events, db: database().open() }
}
type Gateway = ReturnType<typeof gateway>

interface List {
  path: string
  /** The member that holds the items, and the one that tells them apart. */
  items: string
  key: string
  /** Something that is stored between the first page and the second. */
  arrive(gateway: Gateway): unknown
  total?: 'total'
}

const audit = (n: number, runTs: string | null) => ({ auditId: `audit-${n}`, status: 'draft', runTs })
const rail = (railId: string) => ({ railId, ruleDefinitionJson: '{}' })
const daughter = (n: number) => ({ taskId: 1, name: `d${n}`, status: 'running' })
const spawned = (n: number) => ({ uuid: `uuid-${n}`, name: `s${n}`, cmd: 'ls' })
const message = (n: number) => ({
  ...{ id: firstIdOf(1) + n, sessionId: 'session-1', role: n % 2 ? 'assistant' : 'user', content: `m${n}` },
})
const metric = (n: number, ts: string) => ({ metricId: `met_${n}`, ts, metricName: 'cpu_percent', value: n })
const session = (n: number) => ({ sessionId: `session-${n}`, userId: 'link' })
const change = (n: number) => ({
  ...{ component: 'operator_settings', level: 'INFO', createdAt: '2027-01-15 07:59:00' },
  message: JSON.stringify({ key: `k${n}`, existed: 0, before: null, after: '1', by: 'link', correlation_id: 'c' }),
})
const act = (n: number) => {
  const { line } = auditOf(
    { act: 'cache.clear', target: `t${n}`, outcome: 'done', error: null, before: null, after: null },
    { principal: 'link', keyName: null, address: '192.0.2.1', correlationId: 'c' },
  )
  return { ...line, createdAt: '2027-01-15 07:59:00' }
}
const keyRow = (n: number) => {
  const none = { rerolledAtMs: null, previous: null, revokedAtMs: null, revokedBy: null, expiresAtMs: null, note: null }
  const id = `k${n}`
  const key = { ...none, id, name: id, sha256: '0'.repeat(64), scopes: ['shub'], limits: {}, createdBy: 'link' }
  return { key: keyRecord(id), value: JSON.stringify({ ...key, createdAtMs: n < 3 ? 1 : n }) }
}
const recorded = (n: number) => ({
  ...{ traceId: `correlation-${n}`, routeType: workTypes.plain, providerId: 'shub', score: 1 },
  reasoningShort: JSON.stringify({ kind: 'request', name: 'GET /shub/status', outcome: 'ok', status: 200, steps: [] }),
})
const incident = (id: number) => ({ id, severity: 'warn' })
const seven = [1, 2, 3, 4, 5, 6, 7]

function tellIncidents({ network }: Gateway, newestFirst: readonly number[]): void {
  for (const limit of [2, 200])
    network.answer(
      `${hormiguero}/hormiguero/incidents?limit=${limit}`,
      jsonAnswer(newestFirst.slice(0, limit).map(incident)),
    )
}

const incidents = (path: string): List => ({
  ...{ path, items: 'incidents', key: 'id' },
  arrive: (to) => tellIncidents(to, [8, ...seven.toReversed()]),
})

const lists: readonly List[] = [
  ...['/operator/api/audit', '/operator/api/audit/runs'].map(
    (path): List => ({
      ...{ path, items: 'runs', key: 'audit_id', total: 'total' },
      arrive: ({ db }) => db.insert(manifestatorAudit).values(audit(Math.random(), '2027-01-15 07:59:59')),
    }),
  ),
  {
    ...{ path: '/operator/api/events', items: 'events', key: 'stream_id', total: 'total' },
    arrive: ({ events }) => events.append([someEvent()]),
  },
  {
    ...{ path: '/operator/api/chat/sessions', items: 'sessions', key: 'session_id' },
    arrive: ({ db }) => db.insert(operatorSession).values(session(8)),
  },
  {
    ...{ path: '/operator/session/session-1', items: 'messages', key: 'message_id' },
    arrive: ({ db }) => db.insert(operatorMessage).values(message(8)),
  },
  {
    ...{ path: '/operator/api/settings/history', items: 'changes', key: 'id' },
    arrive: ({ db }) => db.insert(auditLogs).values(change(8)),
  },
  {
    ...{ path: '/operator/api/audit/acts', items: 'acts', key: 'id' },
    arrive: ({ db }) => db.insert(auditLogs).values(act(8)),
  },
  {
    ...{ path: '/operator/api/keys', items: 'keys', key: 'id', total: 'total' },
    arrive: ({ db }) => db.insert(systemState).values(keyRow(8)),
  },
  {
    ...{ path: '/operator/api/spawner/runs', items: 'runs', key: 'id', total: 'total' },
    arrive: ({ db }) => db.insert(spawns).values(spawned(8)),
  },
  {
    ...{ path: '/vx11/agents', items: 'agents', key: 'id', total: 'total' },
    arrive: ({ db }) => db.insert(daughters).values(daughter(8)),
  },
  {
    ...{ path: '/operator/api/metrics', items: 'metrics', key: 'metric_id' },
    arrive: ({ db }) => db.insert(operatorMetrics).values(metric(8, '2027-01-15 07:59:59')),
  },
  {
    ...{ path: '/operator/api/rails', items: 'rails', key: 'rail_id' },
    arrive: ({ db }) => db.insert(manifestatorRails).values(rail('r0')),
  },
  {
    ...{ path: '/operator/api/rails/lanes', items: 'lanes', key: 'lane_id' },
    arrive: ({ db }) => db.insert(manifestatorLanes).values({ laneId: 'lane-0', stage: 'validate' }),
  },
  {
    ...{ path: '/operator/api/correlations', items: 'correlations', key: 'id' },
    arrive: ({ db }) => db.insert(routingEvents).values(recorded(8)),
  },
  incidents('/hormiguero/incidents'),
  incidents('/hormiguero/report'),
  incidents('/operator/api/hormiguero/incidents'),
]

/** Lists that are whole: what they list is fixed, or bounded and given at once; and reports of several lists. */
const whole: Readonly<Record<string, string>> = {
  '/operator/api/windows': 'one window at most; `next` is always null',
  '/operator/api/ledger/verify': 'pages a check, and lists nothing (ledger.test.ts)',
}

async function page({ authorized }: Gateway, url: string) {
  const answer = await authorized(url)
  const body = (await answer.json()) as Record<string, unknown> & { next: string | null; total: number }
  expect({ status: answer.status, body }).toMatchObject({ status: 200 })
  const link = answer.headers.get('link')
  const target = link === null ? null : (/^<(.*)>; rel="next"$/.exec(link)?.[1] ?? '')
  return { body, target: target === null ? null : new URL(target, `http://gateway.test${url}`) }
}

describe('a list', () => {
  beforeAll(async () => {
    const { db, events } = gateway()
    const at = (n: number) => (n < 3 ? null : `2027-01-15 07:5${Math.floor(n / 3)}:00`)
    await db.insert(manifestatorAudit).values(seven.map((n) => audit(n, at(n))))
    await events.append(seven.map((n) => someEvent({ summary: `${n}` })))
    await db.insert(operatorSession).values(seven.map(session))
    await db.insert(operatorMessage).values(seven.map(message))
    await db.insert(systemState).values(seven.map(keyRow))
    await db.insert(auditLogs).values(seven.map(change))
    await db.insert(auditLogs).values(seven.map(act))
    await db.insert(spawns).values(seven.map(spawned))
    await db.insert(routingEvents).values(seven.map(recorded))
    await db.insert(daughterTasks).values({ id: 1, source: 'operator', taskType: 'shell' })
    await db.insert(daughters).values(seven.map(daughter))
    await db.insert(operatorMetrics).values(seven.map((n) => metric(n, at(n + 3) ?? '')))
    await db.insert(manifestatorRails).values(seven.map((n) => rail(`r${n}`)))
    const stages = ['detect', 'plan', 'validate', 'apply'] as const
    await db
      .insert(manifestatorLanes)
      .values(seven.map((n) => ({ laneId: `lane-${n}`, stage: n === 7 ? null : stages[n % 2] })))
  })

  describe.each(lists)('$path', (list) => {
    it('shows each item once on its pages, whatever arrives meanwhile', async () => {
      const to = gateway()
      tellIncidents(to, seven.toReversed())
      const all = (await page(to, `${list.path}?limit=200`)).body
      const keysOf = (body: Record<string, unknown>) =>
        (body[list.items] as Record<string, unknown>[]).map((item) => item[list.key])
      const expected = keysOf(all)
      expect(expected.length).toBeGreaterThanOrEqual(7)
      expect(all.next).toBeNull()
      const seen: unknown[] = []
      let url: string | null = `${list.path}?limit=2`
      while (url !== null) {
        const { body, target }: Awaited<ReturnType<typeof page>> = await page(to, url)
        // Messages stand oldest first on their page.
        seen.push(...(list.items === 'messages' ? keysOf(body).toReversed() : keysOf(body)))
        expect(target?.searchParams.get('cursor') ?? null).toBe(body.next)
        if (list.total) expect(body.total).toBe(expected.length + (seen.length > 2 ? 1 : 0))
        if (seen.length === 2) await list.arrive(to)
        url = target && target.pathname + target.search
      }
      expect(seen).toEqual(list.items === 'messages' ? expected.toReversed() : expected)
    })

    it('refuses a cursor that no answer gave', async () => {
      const to = gateway()
      for (const cursor of ['', '%00', '-1', 'x y', 'bnVsbA', `${'9'.repeat(3000)}`])
        await expectProblem(await to.authorized(`${list.path}?cursor=${cursor}`), 'validation_error')
    })

    it('keeps the query in its link', async () => {
      const to = gateway()
      tellIncidents(to, seven)
      const { target } = await page(to, `${list.path}?limit=2&odd=%26`)
      expect([...(target?.searchParams.keys() ?? [])]).toEqual(['limit', 'odd', 'cursor'])
      expect(target?.pathname).toBe(list.path)
    })
  })

  it('is every route that the document gives a cursor or a next', async () => {
    const document = (await (await gateway().request('/openapi.json')).json()) as OpenAPIV3_1.Document
    const listing = Object.entries(document.paths ?? {}).flatMap(([path, item]) => {
      const answer = JSON.stringify(item?.get?.responses?.['200'] ?? {})
      const takes = JSON.stringify(item?.get?.parameters ?? []).includes('"name":"cursor"')
      return takes || /"next":|"has_more":/.test(answer) ? [path] : []
    })
    const tested = lists.map(({ path }) => path.replace('session-1', '{session_id}'))
    expect(listing.toSorted()).toEqual([...tested, ...Object.keys(whole)].toSorted())
    for (const path of tested)
      expect(JSON.stringify(document.paths?.[path]?.get?.responses?.['200']), path).toContain('"Link"')
  })
})
