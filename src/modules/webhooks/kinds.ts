/** What an event means to a person: a problem, its end, or a notice; and which of them a destination wants. */
import { type GatewayEventType, gatewayEventTypes } from '../../announcements.ts'
import type { WebhookConfig } from '../../config/config.ts'
import type { StoredEvent } from '../../ports/index.ts'
import { canonicalTypes } from '../events/shape/canonical.ts'

export type Role = 'problem' | 'recovery' | 'notice'

interface Kind {
  /** Problem and recovery of one kind belong together. */
  kind: string
  role: Role
  /** At least so long between two messages about a subject. */
  pauseMs?: number
}

const kinds: Readonly<Partial<Record<GatewayEventType, Kind>>> = {
  'gateway.module.down': { kind: 'module', role: 'problem' },
  'gateway.module.up': { kind: 'module', role: 'recovery' },
  // Its window ended: it is no longer expected to answer.
  'gateway.module.stopped': { kind: 'module', role: 'recovery' },
  'gateway.breaker.opened': { kind: 'breaker', role: 'problem' },
  'gateway.breaker.closed': { kind: 'breaker', role: 'recovery' },
  'gateway.health.predicted': { kind: 'prediction', role: 'problem' },
  'gateway.health.recovered': { kind: 'prediction', role: 'recovery' },
  'gateway.backup.failed': { kind: 'backup', role: 'problem' },
  'gateway.backup.recovered': { kind: 'backup', role: 'recovery' },
  // A storm tells of itself once a minute.
  'gateway.limit.storm': { kind: 'limit', role: 'notice', pauseMs: 900_000 },
  'gateway.key.created': { kind: 'key', role: 'notice' },
  'gateway.drift.found': { kind: 'drift', role: 'notice' },
}

/** What a destination gets that names no events. */
const usual: readonly string[] = [
  ...Object.keys(kinds),
  'gateway.maintenance.failed',
  'gateway.maintenance.retention_held',
  'system.alert',
]
const known: readonly string[] = [...gatewayEventTypes, ...Object.keys(canonicalTypes)]

export const kindOf = (type: string): Kind =>
  (Object.hasOwn(kinds, type) ? kinds[type as GatewayEventType] : undefined) ?? { kind: type, role: 'notice' }

const read = new WeakMap<object, ReadonlySet<string>>()

/** The types to read: those that are wanted, and what ends a wanted problem. */
export function typesFor(webhook: Pick<WebhookConfig, 'events'>): ReadonlySet<string> {
  const types = read.get(webhook) ?? findTypes(webhook)
  read.set(webhook, types)
  return types
}

function findTypes({ events }: Pick<WebhookConfig, 'events'>): ReadonlySet<string> {
  const wanted = new Set(events === null ? usual : events.flatMap(matching))
  for (const type of known) {
    const { kind, role } = kindOf(type)
    if (role === 'recovery' && known.some((other) => wanted.has(other) && kindOf(other).kind === kind)) wanted.add(type)
  }
  return wanted
}

const matching = (pattern: string): string[] =>
  pattern.endsWith('*') ? known.filter((type) => type.startsWith(pattern.slice(0, -1))) : [pattern]

/** What a message is about: one subject has at most one message in a while. */
export function subjectOf({ type, module, source, payload }: StoredEvent): string {
  if (type === 'gateway.limit.storm') return String(payload.rule)
  if (type === 'gateway.drift.found') return String(payload.area)
  // Of a resource of the gateway itself, the module does not tell which.
  if (kindOf(type).kind === 'prediction') return String(payload.service)
  return module ?? source
}
