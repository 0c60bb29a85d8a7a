/** Power windows: one at a time over an allow-list, ended by their deadline or by hand (contract madre/windows). */
import { windowTurned } from '../../../announcements.ts'
import type { Deps, EventLog } from '../../../ports/index.ts'
import type { WindowOrigin } from '../requests/origin.ts'
import { Refusal } from '../requests/refusal.ts'
import { windowAudit } from './window-audit.ts'
import type { ExtendWindow, OpenWindowRequest } from './window-requests.ts'
import {
  type StoredWindow,
  type StoredWindowChange,
  type WindowRecord,
  type WindowStore,
  windowStore,
} from './window-store.ts'

export type MadreWindowDeps = Pick<Deps, 'clock' | 'config' | 'database' | 'log' | 'random'> & {
  events: Pick<EventLog, 'change'>
}

/** Rejects with Refusal: 409 while a window is open, 422 for a foreign service, 503 without database. */
export interface Windows {
  open(request: OpenWindowRequest, origin: WindowOrigin): Promise<StoredWindow>
  /**
   * Moves the deadline to the ttl after the last use, or to `ttl_sec` from now, never back. 404 for another window, 422
   * for one without a deadline, and without `ttl_sec` for one that use does not renew.
   */
  extend(request: ExtendWindow, origin: WindowOrigin): Promise<StoredWindow>
  /** The window that was closed; null when none was open. */
  close(reason: string, origin: WindowOrigin): Promise<StoredWindow | null>
  /** The open window; null once its deadline has passed. */
  read(): Promise<StoredWindow | null>
  /** Records the end of a window whose deadline has passed, without a request. Never rejects. */
  announceExpiry(): Promise<void>
}

const turns: Partial<Record<StoredWindowChange['action'], 'opened' | 'closed' | 'expired'>> = {
  window_opened: 'opened',
  window_closed: 'closed',
  window_expired: 'expired',
}

/** Each lost race is another caller's success. */
const maxTurns = 10

export function powerWindows(deps: MadreWindowDeps, store: WindowStore = windowStore(deps)): Windows {
  const { clock, config, log, random } = deps

  async function replace(
    record: WindowRecord,
    window: StoredWindow | null,
    change: StoredWindowChange,
    origin?: WindowOrigin,
  ) {
    const turn = turns[change.action]
    const event = turn && windowTurned(turn, { ...change.window, reason: change.reason }, origin)
    const audit = await windowAudit(deps, record.window, window, change, origin)
    const replaced = await store.replace(record, window, { ...change, event, audit })
    if (replaced) log.info(change.action, { count: change.window.services.length })
    return replaced
  }

  /** The record without an expired window. Of several callers that see it expire, one records it. */
  async function settled(): Promise<WindowRecord> {
    for (let turn = 0; turn < maxTurns; turn++) {
      const record = await store.read()
      if (!isOver(record.window, clock.now())) return record
      const closed = await replace(record, null, expiryOf(record.window))
      if (closed) return closed
    }
    throw contended()
  }

  /** Compare and swap: decides again after each lost race. */
  async function change<T>(decide: (record: WindowRecord) => Promise<T | null>): Promise<T> {
    for (let turn = 0; turn < maxTurns; turn++) {
      const done = await decide(await settled())
      if (done !== null) return done
    }
    throw contended()
  }

  const expiryNotRecorded = (error: unknown) => {
    log.warn('window_expiry_not_recorded', { reason: error instanceof Error ? error.message : 'unknown' })
    return null
  }

  return {
    async open(request, origin) {
      refuseForeign(request.services, config.windowServices)
      return change(async (record) => {
        if (record.window) throw new Refusal(409, `Window already active: ${record.window.id}. Close it first.`)
        const window = newWindow(request, random.uuid(), clock.now())
        const opened = { action: 'window_opened', window, reason: window.reason, atMs: window.openedAtMs } as const
        return (await replace(record, window, opened, origin)) && window
      })
    },

    async extend({ window_id, idle_ms, ttl_sec }, origin) {
      return change(async (record) => {
        const { window } = record
        if (window?.id !== window_id) throw new Refusal(404, 'No active window')
        if (window.deadlineMs === null) throw new Refusal(422, 'This window has no deadline')
        const now = clock.now()
        const wanted = ttl_sec === undefined ? renewedUntil(window, now - idle_ms) : now + ttl_sec * 1000
        const deadlineMs = Math.max(window.deadlineMs, wanted)
        if (deadlineMs === window.deadlineMs) return window
        const extended = { ...window, deadlineMs }
        const reason = ttl_sec === undefined ? 'it was used' : 'on request'
        const renewal = { action: 'window_extended', window: extended, reason, atMs: now } as const
        return (await replace(record, extended, renewal, origin)) && extended
      })
    },

    async close(reason, origin) {
      const { closed } = await change(async (record) => {
        const { window } = record
        if (!window) return { closed: null }
        const end = { action: 'window_closed', window, reason, atMs: clock.now() } as const
        return (await replace(record, null, end, origin)) && { closed: window }
      })
      return closed
    },

    async read() {
      const { window } = await store.read()
      if (!isOver(window, clock.now())) return window
      // It is over even if that cannot be recorded now; the next reader retries.
      return (await settled().catch(expiryNotRecorded))?.window ?? null
    },

    async announceExpiry() {
      await settled().catch(expiryNotRecorded)
    },
  }
}

function renewedUntil({ extend }: StoredWindow, usedAtMs: number): number {
  if (!extend) throw new Refusal(422, 'This window is not renewed')
  return Math.min(usedAtMs + extend.ttlMs, extend.untilMs)
}

export const secondsLeft = ({ deadlineMs }: StoredWindow, now: number): number | null =>
  deadlineMs === null ? null : Math.max(0, Math.floor((deadlineMs - now) / 1000))

const newWindow = (request: OpenWindowRequest, id: string, now: number): StoredWindow => {
  const { services, mode, ttl_sec, reason, extend, max_ttl_sec } = request
  const ttlMs = mode === 'ttl' && ttl_sec !== null ? ttl_sec * 1000 : null
  return {
    id,
    services,
    mode,
    reason,
    openedAtMs: now,
    deadlineMs: ttlMs === null ? null : now + ttlMs,
    ...(extend && ttlMs !== null && { extend: { ttlMs, untilMs: now + max_ttl_sec * 1000 } }),
  }
}

const isOver = (window: StoredWindow | null, now: number): window is StoredWindow & { deadlineMs: number } =>
  window !== null && window.deadlineMs !== null && window.deadlineMs <= now

const expiryOf = (window: StoredWindow & { deadlineMs: number }): StoredWindowChange => ({
  action: 'window_expired',
  window,
  reason: 'its deadline came',
  atMs: window.deadlineMs,
})

/** The detail is text, where a schema's 422 has a list. */
function refuseForeign(services: readonly string[], allowed: readonly string[]): void {
  const foreign = services.filter((name) => !allowed.includes(name))
  if (foreign.length === 0) return
  const shown = foreign.map((name) => (/^[\w.-]{1,64}$/.test(name) ? `'${name}'` : "'?'"))
  throw new Refusal(422, `Services not in allowlist: {${[...new Set(shown)].join(', ')}}`)
}

const contended = () => new Refusal(503, 'Too many callers change the power window at once; try again.')
