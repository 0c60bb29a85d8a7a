/**
 * Keeps the power window in `system_state` under one key, and every change to it in `power_events`, in one transaction
 * with its event and the audit of the act.
 */
import { and, eq, isNull, type SQL, sql } from 'drizzle-orm'
import * as v from 'valibot'
import { insertWhen } from '../../../db/insert-when.ts'
import { parseRecord } from '../../../db/records.ts'
import { powerEvents, systemState } from '../../../db/schema/madre.ts'
import { storedMoment } from '../../../lib/moment-forms.ts'
import type { Deps, EventLog, GatewayEvent, NewEvent, StateChange } from '../../../ports/index.ts'
import { onceOf, ownEvent } from '../../events/store/announcer.ts'
import { onMadreDatabase } from '../requests/refusal.ts'

const StoredWindow = v.object({
  id: v.string(),
  services: v.array(v.string()),
  mode: v.picklist(['ttl', 'hold']),
  reason: v.string(),
  openedAtMs: v.number(),
  /** Null for a window that is held open. */
  deadlineMs: v.nullable(v.number()),
  /** Set for a window that use renews: the ttl of each renewal, and the cap. */
  extend: v.optional(v.object({ ttlMs: v.number(), untilMs: v.number() })),
})
export type StoredWindow = v.InferOutput<typeof StoredWindow>

/** The stored window at the time of the read. */
export interface WindowRecord {
  window: StoredWindow | null
  /** The stored text; null before the first window. */
  text: string | null
}

export interface StoredWindowChange {
  action: 'window_opened' | 'window_extended' | 'window_closed' | 'window_expired'
  /** The window that opened or ended. */
  window: StoredWindow
  reason: string
  atMs: number
}

/** Rejects with a Refusal when the database does not answer. */
export interface WindowStore {
  read(): Promise<WindowRecord>
  /** Null, and nothing is written, when the record changed since it was read. */
  replace(record: WindowRecord, window: StoredWindow | null, change: ToldChange): Promise<WindowRecord | null>
}

/** With what is stored beside it. */
export interface ToldChange extends StoredWindowChange {
  event?: GatewayEvent | undefined
  audit?: { attempt: number; line: AuditLine; event: NewEvent } | undefined
}
type AuditLine = NonNullable<StateChange['lines']>[number]

type WindowStoreDeps = Pick<Deps, 'database'> & { events: Pick<EventLog, 'change'> }

export const windowKey = 'madre:power_window'

export const windowStore = ({ database, events }: WindowStoreDeps): WindowStore => ({
  read: () =>
    onMadreDatabase(async () => {
      const rows = await database
        .open()
        .select({ text: systemState.value })
        .from(systemState)
        .where(eq(systemState.key, windowKey))
      const text = rows[0]?.text ?? null
      return { window: parseWindow(text), text }
    }),

  replace: (record, window, change) =>
    onMadreDatabase(async () => {
      const text = JSON.stringify({ window })
      const told = toldWith(record, text, change)
      if (told.events.length > 0) {
        const changed = await events.change(told.change, told.events, told.once)
        if (!changed) return null
        // Another instance has told of this end, which it saw by the deadline; the window itself is still to be changed.
        if (!changed.repeated) return { window, text }
      }
      const db = database.open()
      const row = { value: text, updatedAt: storedMoment(change.atMs) }
      // Both compare the same text in one transaction, so the event is written exactly when the window is.
      const event = insertWhen(db, powerEvents, eventOf(change), storedTextIs(record.text))
      const where = and(eq(systemState.key, windowKey), eq(systemState.value, record.text ?? ''))
      const update = db.update(systemState).set(row).where(where).returning({ id: systemState.id })
      const first = db
        .insert(systemState)
        .values({ ...unmeasured, ...row, key: windowKey })
        .onConflictDoUpdate({ target: systemState.key, set: row, setWhere: isNull(systemState.value) })
        .returning({ id: systemState.id })
      const [, changed] = await db.batch([event, record.text === null ? first : update])
      return changed.length === 1 ? { window, text } : null
    }),
})

/** The statements of the events' transaction. */
function toldWith(record: WindowRecord, text: string, change: ToldChange) {
  const { event, audit } = change
  return {
    change: {
      records: [{ key: windowKey, from: record.text, to: text }],
      powerEvents: [eventOf(change)],
      ...(audit && { lines: [audit.line], attempts: [audit.attempt] }),
    },
    events: [...(event ? [ownEvent(event)] : []), ...(audit ? [audit.event] : [])],
    once: event?.once === undefined ? undefined : onceOf(event.once),
  }
}

const storedTextIs = (text: string | null): SQL =>
  sql`(select ${systemState.value} from ${systemState} where ${systemState.key} = ${windowKey}) is ${text}`

/** Text that is no record of ours holds no window; the next one replaces it. */
const parseWindow = (text: string | null): StoredWindow | null =>
  parseRecord(v.object({ window: v.nullable(StoredWindow) }), text ?? undefined)?.window ?? null

const maxReasonLength = 255

function eventOf({ action, window, reason, atMs }: StoredWindowChange) {
  const story = `${window.id} ${window.services.join(',')}: ${reason}`.toWellFormed().replace(/\p{Cc}/gu, ' ')
  const cut = [...story].slice(0, maxReasonLength).join('')
  return { module: 'madre', action, reason: cut, timestamp: storedMoment(atMs) }
}

/** The other columns of `system_state` belong to its other keys. */
const unmeasured = {
  memoryPressure: null,
  cpuPressure: null,
  switchQueueLevel: null,
  hermesUpdateRequired: null,
  shubPipelineState: null,
  operatorActive: null,
  systemLoadScore: null,
  modelRotationState: null,
  audioPipelineState: null,
  pendingTasks: null,
  activeChildren: null,
  powerMode: null,
}
