/** What the status routes read from VX11's tables: the newest events, workers and routing decision. */
import { desc } from 'drizzle-orm'
import type { Database } from '../../db/database.ts'
import { cliProviders } from '../../db/schema/hermes.ts'
import { operatorEvents } from '../../db/schema/operator.ts'
import { daughters } from '../../db/schema/spawner.ts'
import { routingEvents } from '../../db/schema/switch.ts'
import { zonedMoment } from '../../lib/moment.ts'

const eventColumns = {
  event_id: operatorEvents.eventId,
  type: operatorEvents.eventType,
  severity: operatorEvents.severity,
  module: operatorEvents.module,
  summary: operatorEvents.summary,
  correlation_id: operatorEvents.correlationId,
  timestamp: operatorEvents.ts,
}
const daughterColumns = {
  id: daughters.id,
  name: daughters.name,
  status: daughters.status,
  spawn_uuid: daughters.spawnUuid,
  started_at: daughters.startedAt,
  last_heartbeat_at: daughters.lastHeartbeatAt,
  ended_at: daughters.endedAt,
}
const routingColumns = {
  trace_id: routingEvents.traceId,
  provider_id: routingEvents.providerId,
  route_type: routingEvents.routeType,
  timestamp: routingEvents.timestamp,
}
const providerColumns = {
  name: cliProviders.name,
  enabled: cliProviders.enabled,
  task_types: cliProviders.taskTypes,
  tokens_used_today: cliProviders.tokensUsedToday,
  daily_limit_tokens: cliProviders.dailyLimitTokens,
}

const maxEvents = 10
/** Only the newest rows are searched for running ones: there is no index on the state. */
const daughtersLookedAt = 50
const maxProviders = 50

/** Rejects with the store's error. */
export const statusStore = (database: Pick<Database, 'open'>) => ({
  async readActivity() {
    const db = database.open()
    const [events, newest] = await db.batch([
      db.select(eventColumns).from(operatorEvents).orderBy(desc(operatorEvents.ts)).limit(maxEvents),
      db.select(daughterColumns).from(daughters).orderBy(desc(daughters.id)).limit(daughtersLookedAt),
    ])
    const running = newest.filter(({ ended_at, status }) => ended_at === null && living.has(status ?? ''))
    return {
      events: events.map((event) => ({ ...event, timestamp: zonedMoment(event.timestamp) })),
      daughters: running.map(({ ended_at: _, ...daughter }) => ({
        ...daughter,
        started_at: zonedMoment(daughter.started_at),
        last_heartbeat_at: zonedMoment(daughter.last_heartbeat_at),
      })),
    }
  },

  async readRouting() {
    const db = database.open()
    const [routes, providers] = await db.batch([
      db.select(routingColumns).from(routingEvents).orderBy(desc(routingEvents.id)).limit(1),
      db.select(providerColumns).from(cliProviders).orderBy(cliProviders.name).limit(maxProviders),
    ])
    const [newest] = routes
    return { newest: newest ? { ...newest, timestamp: zonedMoment(newest.timestamp) } : null, providers }
  },
})

export type StatusStore = ReturnType<typeof statusStore>
export type StoredActivity = Awaited<ReturnType<StatusStore['readActivity']>>
export type StoredRouting = Awaited<ReturnType<StatusStore['readRouting']>>

const living = new Set(['spawned', 'running', 'restarting', 'mutated'])
