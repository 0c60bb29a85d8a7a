/** Reads the state of VX11 for the gauges of one scrape. */
import { type UpstreamName, upstreamNames } from '../../config/config.ts'
import { cachedCall } from '../../lib/cached-call.ts'
import type { DatabaseHealth } from '../../modules/database-health/database-health.ts'
import { isOpen } from '../../modules/power/admission.ts'
import type { PowerReading } from '../../modules/power/power-policy.ts'
import type { Deps, HealthReading, StateGauges } from '../../ports/index.ts'

interface GaugeDeps extends Pick<Deps, 'clock' | 'config' | 'events' | 'openStreams' | 'probes' | 'webhooks'> {
  readState(): Promise<{
    power: Pick<PowerReading, 'state' | 'degraded'>
    modules: Record<UpstreamName, { health: HealthReading | null }>
    stores: { database: { ok: boolean } }
    reasons: readonly string[]
  }>
  stored: { health(): Promise<DatabaseHealth | null> }
}

/** All gauges of a scrape share one reading. */
const freshForMs = 1000
/** Longer than both reads may take. */
const timeoutMs = 3000

export const stateGauges = (deps: GaugeDeps): (() => Promise<StateGauges>) =>
  cachedCall(deps.clock, { freshForMs, timeoutMs }, () => read(deps))

async function read({
  clock,
  config,
  events,
  openStreams,
  probes,
  readState,
  stored,
  webhooks,
}: GaugeDeps): Promise<StateGauges> {
  const [{ power, modules, stores, reasons }, database, destinations] = await Promise.all([
    readState(),
    stored.health(),
    webhooks.read().catch(() => []),
  ])
  const endsAtMs = power.state.window?.endsAtMs ?? null
  const backupAt = database?.backupAt ?? null
  const known = !power.degraded
  return {
    modules: upstreamNames
      .filter((name) => probes[name])
      .map((name) => ({
        name,
        up: modules[name].health?.up ?? null,
        expected: known ? isOpen(config, power.state, name) : null,
      })),
    degraded: reasons.length > 0,
    windowOpen: known ? power.state.window !== null : null,
    windowLeftS: known && endsAtMs !== null ? Math.max(0, (endsAtMs - clock.now()) / 1000) : null,
    databaseUp: stores.database.ok,
    databaseBytes: database?.sizeBytes ?? null,
    backupAgeS: backupAt === null ? null : Math.max(0, (clock.now() - backupAt) / 1000),
    eventsWaiting: events.waiting?.() ?? null,
    eventStreams: openStreams.size,
    webhooks: destinations.map(({ name, state, backlog: { events: waiting, oldestAt } }) => ({
      ...{ name, waiting, isDead: state === 'dead' },
      oldestS: oldestAt === null ? 0 : Math.max(0, (clock.now() - oldestAt) / 1000),
    })),
  }
}
