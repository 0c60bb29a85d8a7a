/** What the window routes take and give (contract shared/shapes). */
import * as v from 'valibot'
import { QueryFlag } from '../../lib/query-flag.ts'
import { QueryInteger } from '../../lib/query-integer.ts'
import { Activity } from '../../upstream/layers/activity.ts'

const maxServices = 32
export const maxTtlS = 86_400

const Reason = v.optional(v.pipe(v.string(), v.maxLength(500)), 'operator_manual')
const Seconds = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(maxTtlS))
const defaultTtlS = 600

/** `ttl_sec` is the name that v7's clients send. */
interface EitherTtl {
  ttl_seconds?: number | null | undefined
  ttl_sec?: number | null | undefined
}

const isOneTtl = ({ ttl_seconds, ttl_sec }: EitherTtl) =>
  (ttl_seconds ?? ttl_sec ?? null) === (ttl_sec ?? ttl_seconds ?? null)
const oneTtl = 'ttl_seconds and ttl_sec are the same; send one of them'

const OpenMembers = v.object({
  // Check the length first, so that the items of a very long list are not parsed.
  services: v.pipe(
    v.array(v.unknown()),
    v.minLength(1),
    v.maxLength(maxServices),
    v.array(v.string()),
    v.transform((names) => [...new Set(names)]),
  ),
  ttl_seconds: v.nullish(Seconds),
  ttl_sec: v.nullish(Seconds),
  mode: v.optional(v.picklist(['ttl', 'hold']), 'ttl'),
  reason: Reason,
})

export const OpenWindow = v.pipe(
  OpenMembers,
  v.forward(
    v.check((body) => isOneTtl(body), oneTtl),
    ['ttl_seconds'],
  ),
  v.transform(({ ttl_seconds, ttl_sec, ...rest }) => ({ ...rest, ttlS: ttl_seconds ?? ttl_sec ?? defaultTtlS })),
)
export type OpenWindow = v.InferOutput<typeof OpenWindow>

/**
 * `wait=ready` answers when the services do, or 202 after `budget_seconds`. `extend=true` lets use renew a `ttl` window
 * until `max_ttl_seconds` after its opening.
 */
export const OpenQuery = v.object({
  wait: v.optional(v.literal('ready')),
  budget_seconds: v.optional(QueryInteger(1, 300)),
  /** Earlier name of `budget_seconds`. */
  budget_sec: v.optional(QueryInteger(1, 300), '25'),
  extend: QueryFlag,
  max_ttl_seconds: v.optional(QueryInteger(1, maxTtlS)),
  /** Earlier name of `max_ttl_seconds`. */
  max_ttl_sec: v.optional(QueryInteger(1, maxTtlS), String(maxTtlS)),
})
export type OpenQuery = v.InferOutput<typeof OpenQuery>

/** From now; a deadline never moves back. */
export const ExtendBy = v.pipe(
  v.object({ ttl_seconds: v.optional(Seconds), ttl_sec: v.optional(Seconds) }),
  v.forward(
    v.check((body) => isOneTtl(body), oneTtl),
    ['ttl_seconds'],
  ),
  v.forward(
    v.check(({ ttl_seconds, ttl_sec }) => (ttl_seconds ?? ttl_sec) !== undefined, 'Expected the seconds from now'),
    ['ttl_seconds'],
  ),
  v.transform(({ ttl_seconds, ttl_sec }) => ({ ttlS: (ttl_seconds ?? ttl_sec) as number })),
)
export type ExtendBy = v.InferOutput<typeof ExtendBy>

/** `DORMANT`: not configured. */
const Word = v.picklist(['UP', 'DOWN', 'DORMANT'])

export const WindowStatus = v.object({
  /** `error`: madre does not answer; the other fields are her last answer. */
  status: v.picklist(['none', 'opening', 'open', 'closing', 'error']),
  mode: v.picklist(['solo_madre', 'window_active']),
  policy: v.picklist(['solo_madre', 'windowed', 'full']),
  window_id: v.nullable(v.string()),
  created_at: v.nullable(v.string()),
  /** Null for a window that is held open. */
  deadline: v.nullable(v.string()),
  ttl_remaining_sec: v.nullable(v.number()),
  ttl_seconds: v.nullable(v.number()),
  /** Madre's list. */
  active_services: v.array(v.string()),
  /** Madre's list and the gateway. */
  services: v.array(v.string()),
  /** How use renews the window; null where it does not. */
  renewal: v.nullable(v.object({ ttl_seconds: v.number(), until: v.string() })),
  /** By service of the window, as far as the gateway reaches it. */
  activity: v.record(v.string(), Activity),
  /** What madre works on for this gateway; null when nothing. */
  change: v.nullable(
    v.object({
      state: v.picklist(['opening', 'closing', 'working']),
      services: v.nullable(v.array(v.string())),
      reason: v.nullable(v.string()),
    }),
  ),
  degraded: v.boolean(),
  health: v.picklist(['ok', 'degraded']),
  madre_status: Word,
  redis_status: Word,
  tentaculo_status: v.literal('UP'),
  /** Why it is degraded; null when it is not. */
  reason: v.nullable(v.string()),
  correlation_id: v.string(),
})
export type WindowStatus = v.InferOutput<typeof WindowStatus>

export const WindowList = v.object({
  ...WindowStatus.entries,
  windows: v.array(
    v.object({
      window_id: v.nullable(v.string()),
      state: v.picklist(['opening', 'open', 'closing']),
      services: v.array(v.string()),
      created_at: v.nullable(v.string()),
      deadline: v.nullable(v.string()),
      ttl_seconds: v.nullable(v.number()),
      renewal: WindowStatus.entries.renewal,
    }),
  ),
  total: v.number(),
  /** There is one window at most. */
  next: v.null(),
})
export type WindowList = v.InferOutput<typeof WindowList>

/** Whether each service of the window answers; null for one that this gateway cannot ask. */
export const ServiceReadiness = v.record(v.string(), v.nullable(v.boolean()))
export type ServiceReadiness = v.InferOutput<typeof ServiceReadiness>

export const WindowChange = v.object({
  ...WindowStatus.entries,
  state: v.picklist(['open', 'closed']),
  services_started: v.array(v.string()),
  services_stopped: v.array(v.string()),
  closed_at: v.nullable(v.string()),
  /** With `wait=ready` alone. */
  ready: v.optional(ServiceReadiness),
})
export type WindowChange = v.InferOutput<typeof WindowChange>

/** The budget of `wait=ready` is spent: madre still opens the window, or a service does not answer yet. */
export const WindowPending = v.object({
  status: v.literal('pending'),
  state: v.picklist(['opening', 'open']),
  window_id: v.nullable(v.string()),
  ready: ServiceReadiness,
  status_url: v.string(),
  correlation_id: v.string(),
})
export type WindowPending = v.InferOutput<typeof WindowPending>
