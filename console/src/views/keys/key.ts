/** Keys as the gateway shows them. */
import type { Key, MadeKey } from '../../../../src/features/keys/schema.ts'

export type { Key, KeyList, MadeKey } from '../../../../src/features/keys/schema.ts'

export const scopes = [
  'operator',
  'shub',
  'ingest',
  'admin',
  'wake',
] as const satisfies readonly Key['scopes'][number][]

/** Just made, so that its text is there. */
export type NewlyMade = MadeKey & { key: string }

export const isNew = (made: MadeKey): made is NewlyMade => made.key !== null
