/** What the power routes take and give: madre's objects and the gateway's additions (contract O5 to O11). */
import * as v from 'valibot'

export const PowerStateAnswer = v.object({
  /** `service_offline`: madre does not answer; the other fields are her last answer. */
  status: v.picklist(['ok', 'service_offline']),
  policy: v.picklist(['solo_madre', 'windowed', 'full']),
  window_id: v.nullable(v.string()),
  created_at: v.nullable(v.string()),
  deadline: v.nullable(v.string()),
  ttl_remaining_sec: v.nullable(v.number()),
  active_services: v.array(v.string()),
  /** The same for the power card of v7's console. */
  power_window: v.object({
    policy: v.string(),
    window_id: v.nullable(v.string()),
    ttl_remaining: v.nullable(v.number()),
    running_services: v.array(v.string()),
  }),
  degraded: v.boolean(),
  reason: v.nullable(v.string()),
  correlation_id: v.string(),
})
export type PowerStateAnswer = v.InferOutput<typeof PowerStateAnswer>

/** Madre's own words; `service_offline` with `module` and `error` when it does not answer. */
export const MadreReport = v.looseObject({ status: v.string() })

/** `apply` without the confirmation, the key and the token is refused by madre. */
export const ServiceRequest = v.object({
  apply: v.optional(v.boolean(), false),
  confirm: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(128))), null),
})
export type ServiceRequest = v.InferOutput<typeof ServiceRequest>

export const PowerHeaders = v.object({
  'X-VX11-Power-Key': v.optional(v.pipe(v.string(), v.description('Madre’s key, with apply'))),
  'X-VX11-Power-Token': v.optional(v.pipe(v.string(), v.description('A power token of the last minute, with apply'))),
})

/** `plan`: nothing was done, `plan` says what would be. `ok`: it was run, and `executed` says how that went. */
export const ServicePlan = v.looseObject({
  status: v.picklist(['plan', 'ok']),
  apply: v.boolean(),
  plan: v.array(v.unknown()),
  executed: v.array(v.unknown()),
})

export const PolicyAccepted = v.object({
  status: v.literal('accepted'),
  policy: v.literal('solo_madre'),
  message: v.string(),
  status_url: v.string(),
  correlation_id: v.string(),
})
export type PolicyAccepted = v.InferOutput<typeof PolicyAccepted>

export const PowerToken = v.looseObject({ token: v.string() })
