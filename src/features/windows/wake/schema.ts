/** What the window status tells of windows that opened by themselves. */
import * as v from 'valibot'

const Moment = v.string()

/** Who opened the window that is open now; null where an operator did, or none is open. */
export const WokenWindow = v.object({
  window_id: v.string(),
  by: v.picklist(['request', 'schedule']),
  /** The principal of the request, or the name of the schedule. */
  name: v.string(),
  services: v.array(v.string()),
  at: Moment,
  /** How long it may stay unused; null for one of a schedule, which ends at its deadline. */
  idle_seconds: v.nullable(v.number()),
})
export type WokenWindow = v.InferOutput<typeof WokenWindow>

const outcomes = ['opened', 'joined', 'failed'] as const

export const ScheduleState = v.object({
  name: v.string(),
  cron: v.string(),
  timezone: v.string(),
  services: v.array(v.string()),
  ttl_seconds: v.number(),
  next_at: v.nullable(Moment),
  /** Its last turn on any instance; null before the first, and while the database does not answer. */
  last: v.nullable(
    v.object({
      due_at: Moment,
      outcome: v.picklist(outcomes),
      window_id: v.nullable(v.string()),
      /** An error code, if it failed. */
      reason: v.nullable(v.string()),
    }),
  ),
})
export type ScheduleState = v.InferOutput<typeof ScheduleState>

export const WakeView = v.object({
  /** Whether requests with `X-VX11-Wake: 1` may open a window. */
  wake_enabled: v.boolean(),
  woken: v.nullable(WokenWindow),
  schedules: v.array(ScheduleState),
})
export type WakeView = v.InferOutput<typeof WakeView>

/** In `system_state`, so that every instance knows whose window is open. */
export const WokenRecord = v.object({
  windowId: v.string(),
  by: v.picklist(['request', 'schedule']),
  name: v.string(),
  services: v.array(v.string()),
  at: v.number(),
  /** Null: it ends at its deadline. */
  idleS: v.nullable(v.number()),
  lastUseAt: v.number(),
})
export type WokenRecord = v.InferOutput<typeof WokenRecord>

/** When requests opened windows in the last hour. */
export const Openings = v.array(v.number())

export const TurnRecord = v.object({
  dueAt: v.number(),
  outcome: v.picklist(outcomes),
  windowId: v.nullable(v.string()),
  reason: v.nullable(v.string()),
})
export type TurnRecord = v.InferOutput<typeof TurnRecord>
