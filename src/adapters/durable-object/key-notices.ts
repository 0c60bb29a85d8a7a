/**
 * Notices of changed keys in the events object's own storage, for isolates that cannot reach the database. Each change
 * passes through the object, so its word is the newest.
 */
import type { CommitNotice, KeyNotice } from '../../ports/index.ts'

const entryOf = (id: string) => `key:${id}`

/** The platform holds answers back until this is on disk. */
export function storeKeyNotices(storage: DurableObjectStorage, { keys = [] }: CommitNotice): void {
  for (const key of keys) void storage.put(entryOf(key.id), key)
}

export const readKeyNotice = async (storage: DurableObjectStorage, id: string): Promise<KeyNotice | null> =>
  (await storage.get<KeyNotice>(entryOf(id))) ?? null
