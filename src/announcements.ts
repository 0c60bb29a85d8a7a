/** Defines the gateway's own events; a test keeps docs/events.md equal to the list of types. */
import type { PeerName, UpstreamName } from './config/config.ts'
import type { ChangeOrigin, CircuitState, GatewayEvent, HealthReading } from './ports/index.ts'

export const gatewayEventTypes = [
  'gateway.module.up',
  'gateway.module.down',
  'gateway.module.stopped',
  'gateway.breaker.opened',
  'gateway.breaker.closed',
  'gateway.window.opened',
  'gateway.window.closed',
  'gateway.window.expired',
  'gateway.window.extended',
  'gateway.window.woken',
  'gateway.window.not_woken',
  'gateway.audit',
  'gateway.limit.storm',
  'gateway.key.created',
  'gateway.key.updated',
  'gateway.key.rerolled',
  'gateway.key.revoked',
  'gateway.chat.provider_failed',
  'gateway.chat.provider_returned',
  'gateway.chat.order_changed',
  'gateway.settings.changed',
  'gateway.maintenance.started',
  'gateway.maintenance.step',
  'gateway.maintenance.finished',
  'gateway.maintenance.failed',
  'gateway.maintenance.retention_held',
  'gateway.health.predicted',
  'gateway.health.recovered',
  'gateway.backup.failed',
  'gateway.backup.recovered',
  'gateway.drift.found',
  'gateway.drift.resolved',
] as const
export type GatewayEventType = (typeof gatewayEventTypes)[number]

/** Deduplicated across instances by `state`. */
export const moduleTurned = (
  name: UpstreamName,
  to: 'up' | 'down' | 'stopped',
  reading: HealthReading,
): GatewayEvent => ({
  type: `gateway.module.${to}`,
  severity: to === 'down' ? 'crit' : 'info',
  module: name,
  summary: moduleSummary(name, to, reading),
  payload: { up: to === 'up', reason: reading.reason, latency_ms: reading.latencyMs, version: reading.version },
  state: { of: `module:${name}`, is: to },
})

function moduleSummary(name: UpstreamName, to: 'up' | 'down' | 'stopped', { reason }: HealthReading): string {
  if (to === 'up') return `${name} answers`
  return to === 'down' ? `${name} does not answer: ${reason ?? 'unknown'}` : `${name} is stopped: no window lists it`
}

/** Undefined for half open, which follows every cool-down; the probe's result is announced. */
export function circuitTurned(name: PeerName, state: CircuitState): GatewayEvent | undefined {
  if (state === 'half_open') return undefined
  const open = state === 'open'
  return {
    type: `gateway.breaker.${open ? 'opened' : 'closed'}`,
    severity: open ? 'warn' : 'info',
    module: name,
    summary: open ? `The breaker of ${name} opened: its requests are refused` : `The breaker of ${name} closed`,
    payload: { state },
    state: { of: `breaker:${name}`, is: state },
  }
}

/** `failed`: the chat skips the provider; `returned`: its first answer afterwards. `kind` is the kind of failure. */
export function chatProviderTurned(
  name: string,
  turn: { to: 'failed'; kind: string } | { to: 'returned' },
): GatewayEvent {
  const failed = turn.to === 'failed'
  return {
    type: `gateway.chat.provider_${turn.to}`,
    severity: failed ? 'warn' : 'info',
    module: 'tentaculo_link',
    summary: failed ? `The chat goes on without ${name}: ${turn.kind}` : `${name} answers the chat again`,
    payload: { provider: name, ...(failed && { kind: turn.kind }) },
    state: { of: `chat:${name}`, is: turn.to },
  }
}

/** A dry run announces what it would do. */
export const chatOrderTurned = (
  before: readonly string[],
  order: readonly string[],
  { reason, dryRun }: { reason: string; dryRun: boolean },
): GatewayEvent => ({
  type: 'gateway.chat.order_changed',
  severity: 'info',
  module: 'tentaculo_link',
  summary: `The chat ${dryRun ? 'would ask' : 'asks'} ${order.join(', then ')}: ${reason}`,
  payload: { order: [...order], before: [...before], reason, dry_run: dryRun },
  state: { of: 'chat:order', is: order.join(' ') },
})

export interface WindowTold {
  id: string
  services: readonly string[]
  /** Epoch milliseconds; null if the window has no end or madre reports none. */
  deadlineMs: number | null
  reason: string | null
}

/** The origin of a change that this gateway did not request. */
export const ownChange: ChangeOrigin = { principal: null, correlationId: null }

export function windowTurned(
  turn: 'opened' | 'closed' | 'expired',
  window: WindowTold,
  { principal, correlationId }: ChangeOrigin = ownChange,
): GatewayEvent {
  const { id, services, deadlineMs, reason } = window
  const deadline = deadlineMs === null ? null : new Date(deadlineMs).toISOString()
  return {
    type: `gateway.window.${turn}`,
    severity: 'info',
    module: 'madre',
    summary: `Power window ${turn}: ${services.join(', ') || id}`,
    payload: { window_id: id, services, deadline, reason, principal },
    ...(correlationId !== null && { correlationId }),
    once: `window:${id}:${turn}`,
  }
}

/** `reason`: why there is no new copy of the database. A copy is told of only after a failure. */
export const backupTurned = (reason: string | null): GatewayEvent =>
  reason === null
    ? {
        type: 'gateway.backup.recovered',
        severity: 'info',
        summary: 'The database was backed up again',
        state: { of: 'backup', is: 'made', from: 'failed' },
      }
    : {
        type: 'gateway.backup.failed',
        severity: 'crit',
        summary: `The database was not backed up: ${reason}`,
        payload: { reason },
        state: { of: 'backup', is: 'failed' },
      }

/** Names the key and who changed it; stored in one transaction with the change. */
export const keyTurned = (
  turn: 'created' | 'updated' | 'rerolled' | 'revoked',
  key: { id: string; name: string; scopes: readonly string[] },
  { principal, correlationId }: ChangeOrigin,
): GatewayEvent => ({
  type: `gateway.key.${turn}`,
  severity: 'info',
  module: 'tentaculo_link',
  summary: `Key ${key.name} was ${turn}`,
  payload: { key_id: key.id, name: key.name, scopes: [...key.scopes], by: principal },
  ...(correlationId !== null && { correlationId }),
})

/** One of the gateway's own resources comes to its end. The tokens are told once a day and principal. */
export function resourceRunsOut(
  { name, used, limit, at, principal }: ResourceEnd,
  instance: string,
  now: number,
): GatewayEvent {
  const minutes = Math.round(((at ?? now) - now) / 60_000)
  const whose = principal === null ? '' : ` of ${principal}`
  const end = new Date(at ?? now).toISOString()
  return {
    type: 'gateway.health.predicted',
    severity: 'warn',
    module: 'tentaculo_link',
    summary: `${name}${whose} in ${minutes} minutes, if it goes on like this`,
    payload: { service: name, kind: name, used, limit, at: end, principal, instance },
    ...(principal !== null && { once: `forecast:${name}:${principal}:${new Date(now).toISOString().slice(0, 10)}` }),
  }
}

/** It is far from its end again, or nothing says any more that it comes. */
export const resourceRecovered = ({ name }: Pick<ResourceEnd, 'name'>, instance: string): GatewayEvent => ({
  type: 'gateway.health.recovered',
  severity: 'info',
  module: 'tentaculo_link',
  summary: `${name} is no longer predicted`,
  payload: { service: name, instance },
})

interface ResourceEnd {
  name: string
  used: number | null
  limit: number | null
  at: number | null
  principal: string | null
}

/** Announced at most once per minute and rule. */
/** With `shadow` the requests passed all the same. */
export const stormEvent = (rule: string, refused: number, shadow: boolean): GatewayEvent => ({
  type: 'gateway.limit.storm',
  severity: 'warn',
  module: 'tentaculo_link',
  summary: `The limit ${rule} ${shadow ? 'would have refused' : 'refused'} ${refused} requests within a minute`,
  payload: { rule, refused, shadow, window_s: 60 },
})
