/** Ticket keys in `system_state`: made by the first instance that needs one, replaced daily, the last two accepted. */
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { sql } from 'drizzle-orm'
import * as v from 'valibot'
import type { Db } from '../../db/database.ts'
import { type DatabaseTimeoutDeps, onDatabase } from '../../db/database-timeout.ts'
import { parseRecord, readRecords, writeRecords } from '../../db/records.ts'
import { systemState } from '../../db/schema/madre.ts'
import type { TicketKey } from '../../lib/ticket.ts'
import type { Random, TicketKeys } from '../../ports/index.ts'

type TicketKeysDeps = DatabaseTimeoutDeps & { random: Random }

export const ticketKeysRecord = 'gateway:ticket_keys'
export const rotateAfterMs = 24 * 3_600_000
/** Clocks of instances differ; a key made later than this from now is taken for one made by a wrong clock. */
const clockToleranceMs = 300_000
/** Unknown key ids are the caller's word, so they make the instance look into the database this often at most. */
const lookEveryMs = 250

const StoredKeys = v.pipe(
  v.array(v.object({ id: v.string(), hex: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)), madeAt: v.number() })),
  v.minLength(1),
)
type StoredKey = v.InferOutput<typeof StoredKeys>[number]

export function storedTicketKeys(deps: TicketKeysDeps): TicketKeys {
  const { clock } = deps
  /** Newest first. */
  let known: readonly StoredKey[] = []
  let lookedAt = Number.NEGATIVE_INFINITY

  const isDue = () => {
    const age = clock.now() - (known[0]?.madeAt ?? Number.NEGATIVE_INFINITY)
    return !(age > -clockToleranceMs && age < rotateAfterMs)
  }
  const look = async (db: Db): Promise<string | undefined> => {
    const text = (await readRecords(db, [ticketKeysRecord])).get(ticketKeysRecord)
    known = parseRecord(StoredKeys, text) ?? []
    return text
  }
  /** Of several instances that rotate at once one writes, and all take what is then stored. */
  const rotate = (): Promise<void> =>
    onDatabase(deps, async (db) => {
      const text = await look(db)
      if (!isDue()) return
      await replace(db, text, [newKey(deps), ...known.slice(0, 1)], clock.now())
      await look(db)
    })

  return {
    async current() {
      // While the database is unavailable the key before stays good.
      if (isDue()) await rotate().catch((error) => (known.length === 0 ? Promise.reject(error) : undefined))
      return keyOf(known[0])
    },
    async find(id) {
      const find = () => known.find((key) => key.id === id)
      if (!find() && clock.monotonic() - lookedAt >= lookEveryMs) {
        lookedAt = clock.monotonic()
        await onDatabase(deps, look)
      }
      const found = find()
      return found && keyOf(found)
    },
  }
}

function newKey({ clock, random }: TicketKeysDeps): StoredKey {
  return { id: bytesToHex(random.bytes(4)), hex: bytesToHex(random.bytes(32)), madeAt: clock.now() }
}

/** Does nothing when the stored text is no longer `text`. */
async function replace(db: Db, text: string | undefined, keys: readonly StoredKey[], now: number): Promise<void> {
  const { key, value } = systemState
  const isUnchanged = sql`(select ${value} from ${systemState} where ${key} = ${ticketKeysRecord}) is ${text ?? null}`
  await writeRecords(db, { [ticketKeysRecord]: JSON.stringify(keys) }, now, isUnchanged)
}

function keyOf(stored: StoredKey | undefined): TicketKey {
  if (!stored) throw new Error('no ticket key is stored')
  return { id: stored.id, bytes: hexToBytes(stored.hex) }
}
