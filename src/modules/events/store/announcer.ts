/** Stores the gateway's own events in the background, with retries and a bounded number waiting. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { Database } from '../../../db/database.ts'
import { readRecords } from '../../../db/records.ts'
import type { Announce, AppendOnce, Clock, Deps, EventLog, GatewayEvent, Log, NewEvent } from '../../../ports/index.ts'
import { changeState } from './change-state.ts'

interface AnnouncerOptions {
  events: Pick<EventLog, 'append' | 'change'>
  database: Database
  clock: Clock
  log: Log
  background: Deps['background']
}

/** Announcements beyond this are dropped and logged. */
const maxWaiting = 500
const attempts = 3
const pauseMs = 1000

export function announcer({ events, database, clock, log, background }: AnnouncerOptions): Announce {
  let waiting = 0

  /** State and event are stored together or not at all, by the one instance that changes it. */
  async function tellChange(event: GatewayEvent, { of, is, from }: NonNullable<GatewayEvent['state']>): Promise<void> {
    const key = `gateway:told:${of}`
    await changeState({ clock, database, log, events }, async (db) => {
      const last = (await readRecords(db, [key])).get(key) ?? null
      if (last === is || (from !== undefined && last !== from)) return null
      return { change: { records: [{ key, from: last, to: is }] }, events: [ownEvent(event)], result: null }
    })
  }

  async function store(event: GatewayEvent): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        if (event.state) await tellChange(event, event.state)
        else await events.append([ownEvent(event)], event.once === undefined ? undefined : onceOf(event.once))
        return
      } catch (error) {
        if (attempt === attempts) throw error
        await clock.sleep(pauseMs * attempt)
      }
    }
  }

  return (event) => {
    if (waiting >= maxWaiting) return log.warn('announcement_dropped', { reason: event.type })
    waiting++
    const done = store(event)
      .catch(() => log.warn('announcement_not_stored', { reason: event.type }))
      .finally(() => waiting--)
    background(done)
  }
}

/** As it is stored. */
export const ownEvent = ({ type, severity, summary, module, correlationId, payload }: GatewayEvent): NewEvent => ({
  source: 'tentaculo_link',
  type,
  severity,
  summary,
  module: module ?? 'tentaculo_link',
  correlationId: correlationId ?? null,
  payload: payload ?? {},
})

/** The same name on several instances gives the same key, so the event is stored once. */
export const onceOf = (name: string): AppendOnce => {
  const key = bytesToHex(sha256(utf8ToBytes(`gateway\n${name}`)))
  return { key, request: key }
}
