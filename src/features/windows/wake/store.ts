/** Keeps who opened the window, and the last turn of each schedule, where every instance reads it. */
import { sql } from 'drizzle-orm'
import type { Database } from '../../../db/database.ts'
import { parseRecord, readRecords, takeTurn, writeRecords } from '../../../db/records.ts'
import { storedMoment } from '../../../lib/moment-forms.ts'
import type { NoteUse } from '../../../modules/power/told-use.ts'
import { Openings, TurnRecord, WokenRecord } from './schema.ts'

const wokenKey = 'gateway:wake'
/** A JSON list of the moments of one hour. */
const openingsKey = 'gateway:wake:openings'
const hourMs = 3_600_000
const turnKey = (name: string) => `gateway:schedule:${name}`
/** A little less than a minute, so that one instance takes each minute's turn. */
const turnMs = 50_000

/** Everything rejects with the store's error. */
export interface WakeStore {
  readWoken(): Promise<WokenRecord | null>
  writeWoken(record: WokenRecord, at: number): Promise<void>
  /** For the window that was woken, and not back to an earlier use. */
  noteUse: NoteUse
  /**
   * Takes one of the openings that any hour may have, over all instances. Refused, it says when the next one is free.
   */
  takeOpening(perHour: number, at: number): Promise<{ allowed: true } | { allowed: false; retryAfterMs: number }>
  /** For one that another instance was faster with. */
  returnOpening(at: number): Promise<void>
  readTurns(names: readonly string[]): Promise<Map<string, TurnRecord>>
  /** True for one instance in a minute. */
  takeTurn(name: string, holder: string, at: number): Promise<boolean>
  writeTurn(name: string, record: TurnRecord, at: number): Promise<void>
}

export function wakeStore(database: Database): WakeStore {
  const write = async (key: string, record: object, at: number) => {
    await writeRecords(database.open(), { [key]: JSON.stringify(record) }, at)
  }
  return {
    async readWoken() {
      return parseRecord(WokenRecord, (await readRecords(database.open(), [wokenKey])).get(wokenKey))
    },
    writeWoken: (record, at) => write(wokenKey, record, at),
    async noteUse(windowId, usedAt) {
      await database.open().run(sql`
        update system_state set value = json_set(value, '$.lastUseAt', ${usedAt}), updated_at = ${storedMoment(usedAt)}
        where key = ${wokenKey} and json_valid(value)
          and value ->> '$.windowId' = ${windowId} and value ->> '$.lastUseAt' < ${usedAt}`)
    },
    async takeOpening(perHour, at) {
      // Moments ahead are of a clock that was set back since.
      const kept = sql`(select value from json_each(case when json_valid(system_state.value) then system_state.value else '[]' end)
        where value > ${at - hourMs} and value <= ${at + hourMs})`
      const taken = await database.open().all(sql`
        insert into system_state (key, value, updated_at) values (${openingsKey}, json_array(${at}), ${storedMoment(at)})
        on conflict (key) do update set updated_at = excluded.updated_at,
          value = (select json_group_array(value) from (select value from ${kept} union all select ${at}))
        where (select count(*) from ${kept}) < ${perHour} returning key`)
      return taken.length > 0
        ? { allowed: true }
        : { allowed: false, retryAfterMs: await untilFree(database, perHour, at) }
    },
    async returnOpening(at) {
      await database.open().run(sql`
        update system_state set value = (select json_group_array(value) from json_each(system_state.value)
          where key <> (select max(key) from json_each(system_state.value) where value = ${at}))
        where key = ${openingsKey} and json_valid(value)`)
    },
    async readTurns(names) {
      const texts = await readRecords(database.open(), names.map(turnKey))
      return new Map(
        names.flatMap((name) => {
          const record = parseRecord(TurnRecord, texts.get(turnKey(name)))
          return record ? [[name, record] as const] : []
        }),
      )
    },
    takeTurn: async (name, holder, at) => takeTurn(database.open(), `${turnKey(name)}:turn`, holder, at, turnMs),
    writeTurn: (name, record, at) => write(turnKey(name), record, at),
  }
}

/** The oldest of those that fill the hour leaves it. */
async function untilFree(database: Database, perHour: number, at: number): Promise<number> {
  const texts = await readRecords(database.open(), [openingsKey])
  const moments = (parseRecord(Openings, texts.get(openingsKey)) ?? []).filter((each) => each > at - hourMs)
  const leaves = moments.toSorted((one, other) => other - one)[perHour - 1] ?? at - hourMs
  return Math.max(1000, leaves + hourMs - at)
}
