/** Madre's power windows: one at a time, over an allow-list, ended by a deadline (contract madre/windows). */
import { randomUUID } from 'node:crypto'

export const windowServices = [
  'tentaculo_link',
  'switch',
  'hermes',
  'hormiguero',
  'manifestator',
  'mcp',
  'shubniggurath',
  'spawner',
  'operator-backend',
  'operator-frontend',
]
const soloServices = ['madre', 'redis']

export interface OpenRequest {
  services: readonly string[]
  ttl_sec?: number | null | undefined
  mode?: string | undefined
  reason?: string | undefined
}

interface PowerWindow {
  id: string
  services: readonly string[]
  createdAtMs: number
  deadlineMs: number | null
}

export type WindowFailure =
  | { failure: 'not_allowed'; services: readonly string[] }
  | { failure: 'already_open'; id: string }
  | { failure: 'none_open' }

export interface OpenedWindow {
  window_id: string
  created_at: string
  deadline: string | null
  services_started: readonly string[]
  state: 'open'
  ttl_remaining_sec: number | null
}

export interface ClosedWindow {
  window_id: string
  closed_at: string
  services_stopped: readonly string[]
  state: 'closed'
}

/** Python's `datetime.utcnow().isoformat()` and a Z: six decimals. */
const stamp = (ms: number): string => new Date(ms).toISOString().replace('Z', '000Z')

export function powerWindows(now: () => number) {
  let current: PowerWindow | null = null

  /** The deadline is checked on each read; the real madre checks once a second. */
  function active(): PowerWindow | null {
    if (current?.deadlineMs != null && current.deadlineMs <= now()) current = null
    return current
  }

  const remaining = ({ deadlineMs }: PowerWindow): number | null =>
    deadlineMs === null ? null : Math.max(0, Math.floor((deadlineMs - now()) / 1000))

  return {
    open({ services, ttl_sec, mode = 'ttl' }: OpenRequest): OpenedWindow | WindowFailure {
      const refused = services.filter((name) => !windowServices.includes(name))
      if (refused.length > 0) return { failure: 'not_allowed', services: refused }
      const open = active()
      if (open !== null) return { failure: 'already_open', id: open.id }
      // An unknown mode, and a ttl of 0, give a window without deadline: that is what madre does.
      const deadlineMs = mode === 'ttl' && ttl_sec ? now() + ttl_sec * 1000 : null
      current = { id: randomUUID(), services, createdAtMs: now(), deadlineMs }
      return {
        window_id: current.id,
        created_at: stamp(current.createdAtMs),
        deadline: deadlineMs === null ? null : stamp(deadlineMs),
        services_started: services,
        state: 'open',
        ttl_remaining_sec: remaining(current),
      }
    },

    close(): ClosedWindow | WindowFailure {
      const open = active()
      if (open === null) return { failure: 'none_open' }
      current = null
      return { window_id: open.id, closed_at: stamp(now()), services_stopped: open.services, state: 'closed' }
    },

    state() {
      const open = active()
      return {
        policy: open === null ? 'solo_madre' : 'windowed',
        window_id: open?.id ?? null,
        created_at: open === null ? null : stamp(open.createdAtMs),
        deadline: open?.deadlineMs == null ? null : stamp(open.deadlineMs),
        ttl_remaining_sec: open === null ? null : remaining(open),
        active_services: [...(open?.services ?? []), ...soloServices],
      }
    },
  }
}

export type PowerWindows = ReturnType<typeof powerWindows>
