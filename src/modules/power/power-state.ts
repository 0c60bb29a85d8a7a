/** Madre's power state as the gateway keeps it: the open window, when it ends, and what runs. */
import * as v from 'valibot'
import type { UpstreamName } from '../../config/config.ts'
import { parseMoment } from '../../lib/moment.ts'

export interface PowerWindow {
  /** Null where madre holds services open without a window (its VX11_SOLO_MADRE=0). */
  id: string | null
  createdAtMs: number | null
  /** On madre's clock; null for a window that is held open. */
  deadlineMs: number | null
  /** On the gateway's clock. */
  endsAtMs: number | null
  /** Absent where use does not renew it. */
  renewal?: Renewal
}

/** Each use moves the end of a window to `ttlMs` from there, but not beyond `untilMs`. */
export interface Renewal {
  ttlMs: number
  untilMs: number
}

export interface PowerState {
  window: PowerWindow | null
  /** Sorted: madre's order changes from call to call. */
  activeServices: readonly string[]
}

export type PowerMode = 'solo_madre' | 'windowed' | 'full'

/** The state before madre's first answer. */
export const soloMadre: PowerState = { window: null, activeServices: [] }

/** The modules that need a window which lists them; compose names them as the gateway does. */
export const governed = [
  'switch',
  'hermes',
  'hormiguero',
  'spawner',
  'mcp',
  'manifestator',
] as const satisfies readonly UpstreamName[]

/** `full`: nothing is off by policy. */
export function modeOf({ window, activeServices }: PowerState): PowerMode {
  if (!window) return 'solo_madre'
  return governed.every((name) => activeServices.includes(name)) ? 'full' : 'windowed'
}

/** Without a window whose time came since madre was asked; its services go with it. */
export function settled(state: PowerState, windowServices: readonly string[], now: number): PowerState {
  const endsAtMs = state.window?.endsAtMs ?? null
  if (endsAtMs === null || now < endsAtMs) return state
  return withoutWindow(state, windowServices)
}

/** The same state after its window: the window's services go with it. */
export const withoutWindow = ({ activeServices }: PowerState, windowServices: readonly string[]): PowerState => ({
  window: null,
  activeServices: activeServices.filter((name) => !windowServices.includes(name)),
})

export type WindowWord = 'none' | 'opening' | 'open' | 'closing'

export function windowWord({ state, change }: { state: PowerState; change: { state: string } | null }): WindowWord {
  if (change?.state === 'opening' || change?.state === 'closing') return change.state
  return state.window ? 'open' : 'none'
}

/** As consoles colour a window; the mode decides it. */
export const policyWord = (state: PowerState): 'solo_madre' | 'window_active' =>
  modeOf(state) === 'solo_madre' ? 'solo_madre' : 'window_active'

const Moment = v.fallback(v.nullable(v.pipe(v.string(), v.transform(parseMoment))), null)

/** The members that window answers and the power state share; what madre adds is ignored, what it garbles is null. */
export const WindowMoments = v.object({
  window_id: v.fallback(v.nullable(v.string()), null),
  created_at: Moment,
  deadline: Moment,
  ttl_remaining_sec: v.fallback(v.nullable(v.number()), null),
  /** The embedded madre's alone. */
  extend: v.fallback(v.nullish(v.object({ ttl_sec: v.number(), until: Moment })), null),
})
export type WindowMoments = v.InferOutput<typeof WindowMoments>

export const MadrePowerState = v.object({
  ...WindowMoments.entries,
  policy: v.string(),
  active_services: v.fallback(v.array(v.string()), []),
})

export function powerState(reported: v.InferOutput<typeof MadrePowerState>, now: number): PowerState {
  const open = reported.window_id !== null || reported.policy === 'windowed'
  const activeServices = [...new Set(reported.active_services)].toSorted()
  return { window: open ? powerWindow(reported, now) : null, activeServices }
}

export const powerWindow = (reported: WindowMoments, now: number): PowerWindow => ({
  id: reported.window_id,
  createdAtMs: reported.created_at,
  deadlineMs: reported.deadline,
  endsAtMs: endOf(reported, now),
  ...(reported.extend?.until != null && {
    renewal: { ttlMs: reported.extend.ttl_sec * 1000, untilMs: reported.extend.until },
  }),
})

/**
 * The deadline, held to the second that `ttl_remaining_sec` names (it is rounded down): a clock of madre's that is
 * minutes off then neither ends a window here nor keeps it open.
 */
function endOf({ deadline, ttl_remaining_sec: seconds }: WindowMoments, now: number): number | null {
  if (deadline === null) return null
  if (seconds === null) return deadline
  return Math.min(Math.max(deadline, now + seconds * 1000), now + (seconds + 1) * 1000)
}
