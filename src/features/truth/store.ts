/** Keeps the rounds of probes: one instance at a time records one, and everybody reads it. */
import type { Database } from '../../db/database.ts'
import { holdsTurn, parseRecord, readRecords, takeTurn, writeRecords } from '../../db/records.ts'
import { type ServiceRow, writeServices } from '../../db/service-tables.ts'
import { type HealthHistory, type HourOfLooks, noHistory } from '../../modules/health-history/health-history.ts'
import {
  historyKey,
  hoursKey,
  roundKey,
  StoredHistory,
  StoredHours,
  TruthRound,
  turnKey,
} from '../../modules/health-history/truth-record.ts'

/** A little less than a minute: a timer that comes early must not lose its turn. */
const turnMs = 50_000

export type Histories = ReadonlyMap<string, HealthHistory>

export interface StoredReading {
  round: TruthRound | null
  histories: Histories
}

/** Everything rejects with the store's error. */
export interface TruthStore {
  /** True for one caller in fifty seconds, over all instances. */
  takeTurn(holder: string, at: number): Promise<boolean>
  /**
   * The round is null before the first one; a service without records has an empty history. Histories change with
   * the round alone, so that one row is read until there is a new one.
   */
  read(services: readonly string[]): Promise<StoredReading>
  /** All in one transaction. False, and round and histories stay, when the turn is no longer the holder's. */
  save(holder: string, round: TruthRound, histories: Histories, rows: readonly ServiceRow[]): Promise<boolean>
}

export function truthStore(database: Database): TruthStore {
  const hours = knownHours()
  /** What the round of that text came with. */
  let last: { text: string; reading: StoredReading } | undefined

  return {
    takeTurn: (holder, at) => takeTurn(database.open(), turnKey, holder, at, turnMs),

    async read(services) {
      const db = database.open()
      const text = (await readRecords(db, [roundKey])).get(roundKey)
      if (last && last.text === text) return last.reading
      const keys = services.flatMap((service) => [historyKey(service), hoursKey(service)])
      const texts = await readRecords(db, [roundKey, ...keys])
      const histories = services.map((service) => {
        const stored = parseRecord(StoredHistory, texts.get(historyKey(service)))
        if (!stored) return [service, noHistory] as const
        const { hour, ...history } = stored
        const past = hours.parse(service, texts.get(hoursKey(service)))
        return [service, { ...history, hours: hour ? [...past, hour] : past }] as const
      })
      const roundText = texts.get(roundKey)
      const reading = { round: parseRecord(TruthRound, roundText), histories: new Map(histories) }
      last = roundText === undefined ? undefined : { text: roundText, reading }
      return reading
    },

    async save(holder, round, histories, rows) {
      const db = database.open()
      const texts: Record<string, string> = { [roundKey]: JSON.stringify(round) }
      for (const [service, { hours: all, ...history }] of histories) {
        texts[historyKey(service)] = JSON.stringify({ ...history, hour: all.at(-1) ?? null })
        const past = JSON.stringify(all.slice(0, -1))
        if (past !== hours.text(service)) texts[hoursKey(service)] = past
      }
      const own = writeRecords(db, texts, round.at, holdsTurn(turnKey, holder))
      const [written] = await db.batch([own, ...(await writeServices(db, rows))])
      return written.length > 0
    },
  }
}

/** The hours that are over, as they were last read: neither parsed nor written again while they stay the same. */
function knownHours() {
  const known = new Map<string, { text: string; hours: readonly HourOfLooks[] }>()
  return {
    text: (service: string): string | undefined => known.get(service)?.text,
    parse(service: string, text: string | undefined): readonly HourOfLooks[] {
      const before = known.get(service)
      if (before && before.text === text) return before.hours
      const hours = parseRecord(StoredHours, text) ?? []
      if (text === undefined) known.delete(service)
      else known.set(service, { text, hours })
      return hours
    },
  }
}
