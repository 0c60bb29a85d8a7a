/** The keys, the newest first, and one of them. */
import { onDatabase } from '../../db/database-timeout.ts'
import { GatewayError } from '../../errors/gateway-error.ts'
import { keyCursor } from '../../lib/list-cursor.ts'
import type { KeyRecord } from '../../modules/keys/record.ts'
import { readKeys, readUses } from '../../modules/keys/store.ts'
import type { KeysDeps } from './change.ts'
import type { Key, KeysQuery } from './schema.ts'
import { stateOf, viewOf } from './view.ts'

type ListDeps = Pick<KeysDeps, 'clock' | 'database' | 'log'>

export async function listKeys(deps: ListDeps, { state, limit, cursor }: KeysQuery) {
  const now = deps.clock.now()
  return onDatabase(deps, async (db) => {
    const { rows } = await readKeys(db)
    const keys = rows.map(({ key }) => key).filter((key) => state === undefined || stateOf(key, now) === state)
    const behind = keys.toSorted(newestFirst).filter((key) => !cursor || isBehind(key, cursor))
    const page = behind.slice(0, limit)
    const last = behind.length > limit ? page.at(-1) : undefined
    const uses = await readUses(
      db,
      page.map(({ id }) => id),
    )
    return {
      keys: page.map((key) => viewOf(key, uses.get(key.id), now)),
      total: keys.length,
      next: last ? keyCursor(...placeOf(last)) : null,
    }
  })
}

export const readKey = (deps: ListDeps, id: string): Promise<Key> =>
  onDatabase(deps, async (db) => {
    const { rows } = await readKeys(db)
    const row = rows.find(({ key }) => key.id === id)
    if (!row) throw new GatewayError('key_not_found')
    return viewOf(row.key, (await readUses(db, [id])).get(id), deps.clock.now())
  })

const placeOf = ({ createdAtMs, id }: KeyRecord) => [String(createdAtMs), id] as const

const newestFirst = (a: KeyRecord, b: KeyRecord) => b.createdAtMs - a.createdAtMs || (a.id < b.id ? -1 : 1)

const isBehind = ({ createdAtMs, id }: KeyRecord, [at, last]: readonly [string, string]) =>
  createdAtMs < Number(at) || (createdAtMs === Number(at) && id > last)
