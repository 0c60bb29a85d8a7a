/** Keeps the rounds of probes: one instance at a time records one, and everybody reads it. */
import type * as v from 'valibot'
import type { Database } from '../../db/database.ts'
import { holdsTurn, parseRecord, readRecords, takeTurn, writeRecords } from '../../db/records.ts'
import { type ServiceRow, writeServices } from '../../db/service-tables.ts'
import { type HealthHistory, noHistory } from '../../modules/health-history/health-history.ts'
import {
  daysKey,
  historyKey,
  hoursKey,
  roundKey,
  StoredDays,
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
  const hours = pastRecords(StoredHours)
  const days = pastRecords(StoredDays)
  /** What the round of that text came with. */
  let last: { text: string; reading: StoredReading } | undefined

  return {
    takeTurn: (holder, at) => takeTurn(database.open(), turnKey, holder, at, turnMs),

    async read(services) {
      const db = database.open()
      const text = (await readRecords(db, [roundKey])).get(roundKey)
      if (last && last.text === text) return last.reading
      const keys = services.flatMap((service) => [historyKey(service), hoursKey(service), daysKey(service)])
      const texts = await readRecords(db, [roundKey, ...keys])
      const histories = services.map((service) => {
        const stored = parseRecord(StoredHistory, texts.get(historyKey(service)))
        if (!stored) return [service, noHistory] as const
        const { hour, day, ...history } = stored
        const past = hours.parse(service, texts.get(hoursKey(service)))
        const pastDays = days.parse(service, texts.get(daysKey(service)))
        return [
          service,
          { ...history, hours: hour ? [...past, hour] : past, days: day ? [...pastDays, day] : pastDays },
        ] as const
      })
      const roundText = texts.get(roundKey)
      const reading = { round: parseRecord(TruthRound, roundText), histories: new Map(histories) }
      last = roundText === undefined ? undefined : { text: roundText, reading }
      return reading
    },

    async save(holder, round, histories, rows) {
      const db = database.open()
      const texts: Record<string, string> = { [roundKey]: JSON.stringify(round) }
      for (const [service, { hours: allHours, days: allDays, ...history }] of histories) {
        const running = { hour: allHours.at(-1) ?? null, day: allDays.at(-1) ?? null }
        texts[historyKey(service)] = JSON.stringify({ ...history, ...running })
        const pastHours = JSON.stringify(allHours.slice(0, -1))
        if (pastHours !== hours.text(service)) texts[hoursKey(service)] = pastHours
        const pastDays = JSON.stringify(allDays.slice(0, -1))
        if (pastDays !== days.text(service)) texts[daysKey(service)] = pastDays
      }
      const own = writeRecords(db, texts, round.at, holdsTurn(turnKey, holder))
      const [written] = await db.batch([own, ...(await writeServices(db, rows))])
      return written.length > 0
    },
  }
}

/** What is over, as it was last read: neither parsed nor written again while it stays the same. */
function pastRecords<Schema extends v.GenericSchema<unknown, readonly unknown[]>>(schema: Schema) {
  type Past = v.InferOutput<Schema> | readonly never[]
  const known = new Map<string, { text: string; past: Past }>()
  return {
    text: (service: string): string | undefined => known.get(service)?.text,
    parse(service: string, text: string | undefined): Past {
      const before = known.get(service)
      if (before && before.text === text) return before.past
      const past = parseRecord(schema, text) ?? []
      if (text === undefined) known.delete(service)
      else known.set(service, { text, past })
      return past
    },
  }
}
