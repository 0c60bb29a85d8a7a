/** The bindings of wrangler.toml, and how they are read. */
import { d1Database } from '../../adapters/d1/d1.ts'
import type { EventsObject } from '../../adapters/durable-object/events.ts'
import type { LimiterObject } from '../../adapters/durable-object/limiter.ts'
import { remoteDatabase } from '../../adapters/libsql/remote.ts'
import type { Config } from '../../config/config.ts'
import type { Database } from '../../db/database.ts'
import { roomInDatabase } from '../../db/size.ts'
import type { ReadStorage, WatchQueries } from '../../ports/index.ts'

export interface WorkerEnv {
  DB: D1Database
  CACHE: KVNamespace
  LIMITER: DurableObjectNamespace<LimiterObject>
  /** The console's files; absent without `[assets]` in wrangler.toml. */
  ASSETS?: Fetcher
  EVENTS: DurableObjectNamespace<EventsObject>
  /** Configuration variables and service bindings, by name. */
  [name: string]: unknown
}

/** workerd's console is its standard output. */
export const writeLine = (line: string): void => console.log(line.trimEnd())

export const textVariables = (env: WorkerEnv): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))

/** What D1 lets a database become: https://developers.cloudflare.com/d1/platform/limits/ */
const maxD1Bytes = 10_000_000_000

/** Undefined for a libSQL server whose largest size is not configured. */
export function openStorage({ database: { url, maxBytes } }: Config, database: Database): ReadStorage | undefined {
  const limit = maxBytes ?? (url.startsWith('file:') ? maxD1Bytes : null)
  return limit === null ? undefined : roomInDatabase(database, limit)
}

/** A configured URL takes precedence over the binding. */
export const openDatabase = ({ database: { url, authToken } }: Config, { DB }: WorkerEnv, watch?: WatchQueries) =>
  url.startsWith('file:')
    ? d1Database(DB, { watch })
    : remoteDatabase({ url, authToken: authToken ?? undefined, watch })
