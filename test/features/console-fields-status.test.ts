/** What the consoles' views read of the status and window routes, field by field. */
import { beforeAll, describe } from 'vitest'
import { testDatabase } from '#test-database'
import { operatorEvents } from '../../src/db/schema/operator.ts'
import { daughters, daughterTasks } from '../../src/db/schema/spawner.ts'
import { forgetWindows } from '../modules/embedded-madre/madres.ts'
import { type ConsoleView, itGivesTheFields } from '../support/console-fields.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { testApp } from '../support/test-app.ts'

const window = {
  status: 'string',
  mode: 'string',
  policy: 'string',
  window_id: 'string?',
  created_at: 'string?',
  deadline: 'string?',
  ttl_remaining_sec: 'number?',
  ttl_seconds: 'number?',
  active_services: 'array',
  services: 'array',
  degraded: 'boolean',
  health: 'string',
  madre_status: 'string',
  redis_status: 'string',
  tentaculo_status: 'string',
  reason: 'string?',
} as const

const views: readonly ConsoleView[] = [
  {
    view: '1229 and HEAD, status bar',
    route: 'GET /operator/api/status',
    fields: { status: 'string', policy: 'string', mode: 'string', degraded: 'boolean', timestamp: 'string' },
  },
  {
    view: '1229, right drawer',
    route: 'GET /operator/api/status',
    fields: {
      active_modules: 'array',
      off_by_policy: 'array',
      'circuit_breaker.state': 'string',
      'circuit_breaker.failure_count': 'number',
      'circuit_breaker.last_failure': 'number?',
      'window.mode': 'string',
      'window.services': 'array',
      'window.window_id': 'string?',
      'window.ttl_seconds': 'number?',
      daughters: 'array',
      'daughters[].name': 'string',
      recent_events: 'array',
      'recent_events[].event_id': 'string',
      'recent_events[].summary': 'string',
      'recent_events[].timestamp': 'string',
      errors: 'array',
    },
  },
  {
    view: 'HEAD, services',
    route: 'GET /operator/api/status',
    fields: {
      'core_services.madre.status': 'string',
      'core_services.redis.status': 'string',
      'core_services.tentaculo_link.status': 'string',
      'core_services.*.up': 'boolean',
      'optional_services.*.status': 'string',
      'optional_services.*.reason': 'string?',
      'components.madre': 'boolean',
      'components.tentaculo_link': 'boolean',
    },
  },
  {
    view: 'v7’s documented status',
    route: 'GET /operator/api/status',
    fields: {
      ok: 'boolean',
      'data.correlation_id': 'string',
      'data.system_state.operational_mode': 'string',
      'data.system_state.policy_active': 'string',
      'data.services[].name': 'string',
      'data.services[].status': 'string',
      'data.services[].port': 'number?',
      'data.services[].role': 'string',
      'data.services[].enabled_by_default': 'boolean',
      'data.services[].health_check_ms': 'number?',
      'data.features.chat.status': 'string',
      'data.features.chat.degraded': 'boolean',
      'data.features.metrics.status': 'string',
      'data.features.events.status': 'string',
      'data.features.file_explorer.status': 'string',
      'data.db_health.size_mb': 'number?',
      'data.db_health.integrity': 'string?',
      'data.db_health.last_backup': 'string?',
      'data.dormant_services[].name': 'string',
      'data.dormant_services[].port': 'number',
      'data.dormant_services[].status': 'string',
    },
  },
  {
    view: '1229, overview and left rail',
    route: 'GET /operator/api/modules',
    fields: {
      modules_list: 'array',
      'modules_list[].name': 'string',
      'modules_list[].status': 'string',
      'modules_list[].reason': 'string?',
      'modules_list[].category': 'string',
      'modules_list[].port': 'number?',
    },
  },
  {
    view: 'HEAD, overview',
    route: 'GET /operator/api/modules',
    fields: {
      modules: 'object',
      'modules.*.status': 'string',
      'modules.*.category': 'string',
      'modules.*.health': 'string?',
      'modules.*.version': 'string?',
    },
  },
  {
    view: '1229 and HEAD, module detail',
    route: 'GET /operator/api/modules/switch',
    fields: {
      name: 'string',
      status: 'string',
      reason: 'string?',
      category: 'string',
      port: 'number',
      'module.name': 'string',
    },
  },
  {
    view: '1229 and HEAD, topology',
    route: 'GET /operator/api/topology',
    fields: {
      policy: 'string',
      policy_note: 'string',
      'graph.nodes[].id': 'string',
      'graph.nodes[].label': 'string',
      'graph.nodes[].status': 'string',
      'graph.nodes[].port': 'number?',
      'graph.nodes[].type': 'string',
      'graph.edges[].from': 'string',
      'graph.edges[].to': 'string',
      'graph.edges[].label': 'string',
    },
  },
  {
    view: '1229 and HEAD, health',
    route: 'GET /operator/api/health',
    fields: {
      status: 'string',
      module: 'string',
      version: 'string',
      'services.madre': 'boolean',
      'services.tentaculo_link': 'boolean',
    },
  },
  {
    view: '1229 and HEAD, window card',
    route: 'GET /operator/api/window/status',
    fields: window,
  },
  {
    view: '1229, chat view',
    route: 'GET /operator/api/chat/window/status',
    fields: window,
  },
  {
    view: 'HEAD operator-backend, window',
    route: 'GET /api/window/status',
    fields: { mode: 'string', ttl_seconds: 'number?', window_id: 'string?', services: 'array', degraded: 'boolean' },
  },
  {
    view: 'HEAD operator-backend, core health',
    route: 'GET /api/internal/core-health',
    fields: {
      status: 'string',
      'services.madre.status': 'string',
      'services.*.reason': 'string?',
      'services.*.latency_ms': 'number?',
    },
  },
  {
    view: 'HEAD, a 404 tried again under the other prefix',
    route: 'GET /operator/api/v1/status',
    fields: { policy: 'string', active_modules: 'array' },
  },
  {
    view: 'HEAD, windows of its backend',
    route: 'GET /operator/api/v1/chat/window/status',
    fields: { mode: 'string', services: 'array', degraded: 'boolean', reason: 'string?' },
  },
  {
    view: '1229, power card',
    route: 'GET /operator/power/state',
    fields: {
      'power_window.policy': 'string',
      'power_window.window_id': 'string?',
      'power_window.ttl_remaining': 'number?',
      'power_window.running_services': 'array',
    },
  },
  {
    view: '1229 and HEAD, closing a window',
    route: 'POST /operator/api/chat/window/close',
    body: {},
    fields: { ...window, state: 'string', services_stopped: 'array', closed_at: 'string' },
  },
  {
    view: 'scripts, aggregated health',
    route: 'GET /operator/status',
    fields: {
      status: 'string',
      'components.tentaculo_link.status': 'string',
      'components.madre.status': 'string',
      'components.madre.port': 'number',
      'components.redis.status': 'string',
      'components.switch.status': 'string',
      'windows.policy': 'string',
      'windows.active_count': 'number',
    },
  },
  {
    view: 'visor, observe',
    route: 'GET /operator/observe',
    fields: {
      ok: 'boolean',
      request_id: 'string',
      route_taken: 'string',
      degraded: 'boolean',
      'data.services.tentaculo_link.latency_ms': 'number',
      'data.services.madre.status': 'string',
      'data.services.madre.latency_ms': 'number',
      'data.services.switch.status': 'string',
      'data.services.spawner.status': 'string',
      'data.services.hormiguero.status': 'string',
      'data.services.*.timestamp': 'string',
      'data.timestamp': 'string',
      'data.trace': 'object?',
      errors: 'array',
    },
  },
  {
    view: 'visor, snapshot',
    route: 'GET /operator/snapshot?t=0',
    fields: {
      timestamp: 'number',
      'state.madre.status': 'string',
      'state.switch.routing': 'string',
      'state.hormiguero.queen_alive': 'boolean?',
    },
  },
  {
    view: 'visor, capabilities',
    route: 'GET /operator/capabilities',
    fields: {
      ok: 'boolean',
      'data.correlation_id': 'string',
      'data.operational_mode': 'string',
      'data.features.chat.status': 'string',
      'data.features.chat.reason': 'string?',
      'data.features.chat.provider': 'string',
      'data.features.builder.requires_flag': 'string',
      'data.features.rewards.requires_flag': 'string',
      'data.features.colony.requires_flag': 'string',
      'data.dormant_services[].name': 'string',
      'data.dormant_services[].port': 'number',
      'data.dormant_services[].reason': 'string',
      'data.dormant_services[].activation': 'string?',
      timestamp: 'string',
    },
  },
  {
    view: 'shub bridge and scripts, status',
    route: 'GET /vx11/status',
    fields: {
      ok: 'boolean',
      status: 'string',
      module: 'string',
      version: 'string',
      timestamp: 'string',
      'ports.gateway': 'number',
      'modules.madre.status': 'string',
      'summary.healthy_modules': 'number',
      'summary.total_modules': 'number',
      'summary.all_healthy': 'boolean',
      mode: 'string',
      policy: 'string',
      madre_available: 'boolean',
      switch_available: 'boolean',
      spawner_available: 'boolean',
    },
  },
  {
    view: 'scripts, overview',
    route: 'GET /vx11/overview',
    fields: {
      status: 'string',
      gateway: 'string',
      version: 'string',
      'modules_health.madre.status': 'string',
      'summary.total_modules': 'number',
      'summary.healthy': 'number',
      'summary.unhealthy': 'number',
    },
  },
  {
    view: 'scripts, switch',
    route: 'GET /vx11/switch/status',
    fields: {
      status: 'string',
      module: 'string',
      version: 'string?',
      routing_mode: 'string',
      circuit_breaker: 'string',
      timestamp: 'string',
    },
  },
]

const opened = {
  ...window,
  state: 'string',
  services_started: 'array',
  window_id: 'string',
  created_at: 'string',
} as const

/** These change what the others read. */
const openings: readonly ConsoleView[] = [
  {
    view: '1229, chat view opens a window',
    route: 'POST /operator/api/chat/window/open',
    body: { services: ['switch'], ttl_sec: 600, mode: 'ttl', reason: 'operator_manual' },
    fields: opened,
  },
  {
    view: 'HEAD, opens a window and keeps the answer as its status',
    route: 'POST /operator/api/window/open',
    body: { services: ['switch'] },
    fields: opened,
  },
  {
    view: 'HEAD operator-backend, opens a window',
    route: 'POST /api/window/open',
    body: { services: ['switch'] },
    fields: opened,
  },
]

const database = testDatabase()

beforeAll(async () => {
  const db = database().open()
  await db.insert(operatorEvents).values({ eventId: 'evt_1', eventType: 'status', severity: 'info', summary: 'up' })
  await db.insert(daughterTasks).values({ id: 1, source: 'operator', taskType: 'short', description: 'x' })
  await db.insert(daughters).values({ taskId: 1, name: 'd-1', status: 'running' })
})

async function start() {
  await forgetWindows(database())
  const env = { MADRE_URL: 'embedded', SWITCH_URL: 'http://switch.test:8002' }
  const gateway = testApp({ env, deps: { database: database() } })
  gateway.network.answer('http://switch.test:8002/health', jsonAnswer({ status: 'ok' }))
  return gateway
}

describe('the consoles, while a window is open', () => {
  itGivesTheFields(views, async () => {
    const { authorized } = await start()
    const body = JSON.stringify({ services: ['switch'] })
    await authorized('/operator/api/chat/window/open', { method: 'POST', body })
    return authorized
  })
})

describe('the consoles, while none is', () => {
  itGivesTheFields(openings, async () => (await start()).authorized)
})
