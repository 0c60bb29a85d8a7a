/** The database on Cloudflare D1, through the Worker's binding. */
import { drizzle } from 'drizzle-orm/d1'
import type { Database } from '../../db/database.ts'
import { DatabaseFailure } from '../../db/failure.ts'
import { probeStore } from '../../db/probe.ts'
import { rootReason } from '../../lib/root-reason.ts'
import type { WatchQueries } from '../../ports/index.ts'
import { timeLimited } from './time-limit.ts'

const withoutTables = 'The D1 database has none of VX11’s tables. Apply its migrations.'

export interface D1Options {
  timeoutMs?: number
  watch?: WatchQueries | undefined
}

export function d1Database(binding: D1Database, options: D1Options = {}): Database {
  const db = drizzle(timeLimited(binding, options))
  return {
    open: () => db,
    async ping() {
      await probeStore(db).catch((cause) => {
        throw /no such table/.test(rootReason(cause)) ? new DatabaseFailure('empty', withoutTables, { cause }) : cause
      })
    },
    async close() {},
  }
}
