/** What the consoles' views read of stored data, the chat and the relays, field by field (contract shared/shapes). */
import { beforeAll, describe } from 'vitest'
import { testDatabase } from '#test-database'
import { manifestatorAudit, manifestatorLanes, manifestatorRails } from '../../src/db/schema/manifestator.ts'
import { operatorMetrics } from '../../src/db/schema/operator.ts'
import { type ConsoleView, itGivesTheFields } from '../support/console-fields.ts'
import { testApp } from '../support/test-app.ts'

const database = testDatabase()
const moment = '2027-01-15 08:00:00'

beforeAll(async () => {
  const db = database().open()
  await db.insert(operatorMetrics).values({ metricId: 'met_1', ts: moment, metricName: 'latency_ms', value: 3 })
  await db.insert(manifestatorAudit).values({
    auditId: 'audit-1',
    runTs: moment,
    status: 'applied',
    patchPlanJson: '{"summary":"fine","findings":[{"severity":"P0"}]}',
  })
  await db.insert(manifestatorLanes).values({ laneId: 'lane-1', name: 'Drift', stage: 'detect', checksJson: '[]' })
  const rail = { name: 'No drift', ruleType: 'constraint', ruleDefinitionJson: '{}', severityOnViolation: 'warn' }
  await db.insert(manifestatorRails).values({ railId: 'rail-1', ...rail })
})

const views: readonly ConsoleView[] = [
  {
    view: '1229 and HEAD, events',
    route: 'GET /api/events',
    fields: {
      'events[].event_id': 'string',
      'events[].id': 'string',
      'events[].event_type': 'string',
      'events[].summary': 'string',
      'events[].severity': 'string',
      'events[].created_at': 'string',
      'events[].timestamp': 'number',
      'events[].payload': 'object',
      total: 'number',
      limit: 'number',
      offset: 'number',
      has_more: 'boolean',
    },
  },
  {
    view: 'HEAD, event stream',
    route: 'POST /operator/api/events/sse-token',
    fields: { sse_token: 'string', ttl_sec: 'number', expires_in_sec: 'number', endpoint: 'string' },
  },
  {
    view: '1229 and HEAD, metrics',
    route: 'GET /api/metrics',
    fields: {
      'metrics[].metric_id': 'string',
      'metrics[].metric_name': 'string',
      'metrics[].value': 'number',
      'metrics[].unit': 'string',
      'metrics[].timestamp': 'string',
      'metrics[].dimensions': 'object',
    },
  },
  {
    view: '1229, settings',
    route: 'GET /operator/api/settings',
    fields: { appearance: 'object', chat: 'object', security: 'object', notifications: 'object' },
  },
  {
    view: 'HEAD, settings',
    route: 'GET /operator/api/settings',
    fields: { settings: 'object', policy: 'string', read_only: 'boolean' },
  },
  {
    view: 'HEAD, settings, saved',
    route: 'POST /operator/api/settings',
    body: { chat: { language: 'es' } },
    fields: { ok: 'boolean', status: 'string', updated_keys: 'array', settings: 'object' },
  },
  ...['GET /operator/api/audit', 'GET /operator/api/audit/runs'].map(
    (route): ConsoleView => ({
      view: '1229 and HEAD, audit',
      route,
      fields: {
        'runs[].audit_id': 'string',
        'runs[].id': 'string',
        'runs[].run_id': 'string',
        'runs[].run_ts': 'string',
        'runs[].timestamp': 'string',
        'runs[].status': 'string',
        'runs[].summary': 'string',
        'runs[].p0_count': 'number',
        total: 'number',
        has_more: 'boolean',
      },
    }),
  ),
  { view: '1229, rails', route: 'GET /api/rails', fields: { 'rails[].rail_id': 'string', 'rails[].name': 'string' } },
  {
    view: '1229, lanes',
    route: 'GET /api/rails/lanes',
    fields: { 'lanes[].lane_id': 'string', 'lanes[].name': 'string', 'lanes[].stage': 'string' },
  },
  {
    view: '1229, scorecard',
    route: 'GET /operator/api/scorecard',
    fields: {
      order_fs_pct: 'number?',
      coherencia_routing_pct: 'number?',
      automatizacion_pct: 'number?',
      autonomia_pct: 'number?',
      global_ponderado_pct: 'number?',
    },
  },
  {
    view: 'HEAD, scorecard',
    route: 'GET /operator/api/scorecard',
    fields: {
      'percentages.metrics.Orden_fs_pct': 'number?',
      'percentages.metrics.Global_ponderado_pct': 'number?',
      scorecard: 'object',
    },
  },
  {
    view: '1229 and HEAD, chat',
    route: 'POST /operator/api/chat',
    body: { message: 'hola', session_id: 'console' },
    fields: {
      message_id: 'string',
      session_id: 'string',
      response: 'string',
      message: 'string',
      reply: 'string',
      model_used: 'string',
      provider_used: 'string',
      fallback_source: 'string',
      status: 'string',
      degraded: 'boolean',
      latency_ms: 'number',
      correlation_id: 'string',
      cache_hit: 'boolean',
      warnings: 'array',
    },
  },
]

describe('the consoles, over what is stored', () => {
  itGivesTheFields(views, async () => {
    const { authorized } = testApp({ env: { MADRE_URL: 'embedded' }, deps: { database: database() } })
    const body = JSON.stringify({ source: 'madre', type: 'spawn_success', payload: { name: 'd-1' } })
    await authorized('/events/ingest', { method: 'POST', body })
    return authorized
  })
})
