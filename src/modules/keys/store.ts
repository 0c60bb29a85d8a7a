/** Reads keys and their last uses from `system_state`. */
import { and, gte, inArray, lt } from 'drizzle-orm'
import type { Db } from '../../db/database.ts'
import { readRecords } from '../../db/records.ts'
import { systemState } from '../../db/schema/madre.ts'
import { type KeyRecord, keyRecord, parseKey, useRecord, versionRecord } from './record.ts'

export interface KeyRow {
  key: KeyRecord
  /** As it is stored. */
  text: string
}

export interface StoredKeys {
  /** Null before the first key. */
  version: string | null
  rows: KeyRow[]
}

export async function readVersion(db: Db): Promise<string | null> {
  return (await readRecords(db, [versionRecord])).get(versionRecord) ?? null
}

const first = keyRecord('')
/** The first text after all that begin with `gateway:key:`. */
const behind = `${first.slice(0, -1)};`

/** All of them at one moment. A text that is no key is none. */
export async function readKeys(db: Db): Promise<StoredKeys> {
  const { key, value } = systemState
  const columns = { key, value }
  const [versions, rows] = await db.batch([
    db
      .select(columns)
      .from(systemState)
      .where(inArray(key, [versionRecord])),
    db
      .select(columns)
      .from(systemState)
      .where(and(gte(key, first), lt(key, behind))),
  ])
  return {
    version: versions[0]?.value ?? null,
    rows: rows.flatMap(({ key: record, value: text }) => {
      const parsed = parseKey(text ?? undefined)
      return parsed && text !== null && keyRecord(parsed.id) === record ? [{ key: parsed, text }] : []
    }),
  }
}

/** By key id; absent for a key that was never used. */
export async function readUses(db: Db, ids: readonly string[]): Promise<Map<string, string | null>> {
  const { key, updatedAt } = systemState
  const records = new Map(ids.map((id) => [useRecord(id), id]))
  const found = await db
    .select({ key, updatedAt })
    .from(systemState)
    .where(inArray(key, [...records.keys()]))
  return new Map(found.map((row) => [records.get(row.key) ?? '', row.updatedAt]))
}
