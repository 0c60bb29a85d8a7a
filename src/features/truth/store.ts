/** Keeps the rounds of probes: one instance at a time records one, and everybody reads it. */
import type { Database } from '../../db/database.ts'
import { holdsTurn, parseRecord, readRecords, takeTurn, writeRecords } from '../../db/records.ts'
import { type ServiceRow, writeServices } from '../../db/service-tables.ts'
import { historyKey, roundKey, StoredHistory, TruthRound, turnKey } from '../../db/truth-record.ts'
import { type HealthHistory, noHistory } from '../../lib/health-history.ts'

/** A little less than a minute: a timer that comes early must not lose its turn. */
const turnMs = 50_000

export type Histories = ReadonlyMap<string, HealthHistory>

/** Everything rejects with the store's error. */
export interface TruthStore {
  /** True for one caller in fifty seconds, over all instances. */
  takeTurn(holder: string, at: number): Promise<boolean>
  /** The round is null before the first one; a service without records has an empty history. */
  read(services: readonly string[]): Promise<{ round: TruthRound | null; histories: Histories }>
  /** All in one transaction. False, and round and histories stay, when the turn is no longer the holder's. */
  save(holder: string, round: TruthRound, histories: Histories, rows: readonly ServiceRow[]): Promise<boolean>
}

export const truthStore = (database: Database): TruthStore => ({
  takeTurn: (holder, at) => takeTurn(database.open(), turnKey, holder, at, turnMs),

  async read(services) {
    const texts = await readRecords(database.open(), [roundKey, ...services.map(historyKey)])
    const histories = services.map((service) => {
      const history = parseRecord(StoredHistory, texts.get(historyKey(service)))
      return [service, history ?? noHistory] as const
    })
    return { round: parseRecord(TruthRound, texts.get(roundKey)), histories: new Map(histories) }
  },

  async save(holder, round, histories, rows) {
    const db = database.open()
    const texts = Object.fromEntries(
      [...histories].map(([service, history]) => [historyKey(service), JSON.stringify(history)]),
    )
    const records = { ...texts, [roundKey]: JSON.stringify(round) }
    const own = writeRecords(db, records, round.at, holdsTurn(turnKey, holder))
    const [written] = await db.batch([own, ...(await writeServices(db, rows))])
    return written.length > 0
  },
})
