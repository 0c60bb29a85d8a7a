/** Keeps who opened the window, and the last turn of each schedule, where every instance reads it. */
import type { Database } from '../../../db/database.ts'
import { parseRecord, readRecords, takeTurn, writeRecords } from '../../../db/records.ts'
import { TurnRecord, WokenRecord } from './schema.ts'

const wokenKey = 'gateway:wake'
const turnKey = (name: string) => `gateway:schedule:${name}`
/** A little less than a minute, so that one instance takes each minute's turn. */
const turnMs = 50_000

/** Everything rejects with the store's error. */
export interface WakeStore {
  readWoken(): Promise<WokenRecord | null>
  writeWoken(record: WokenRecord, at: number): Promise<void>
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
