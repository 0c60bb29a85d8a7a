/** The database in a file on Node, through worker threads, so that SQLite never blocks the event loop. */
import { resolve } from 'node:path'
import type { Database } from '../../db/database.ts'
import { probeStore } from '../../db/probe.ts'
import type { WatchQueries } from '../../ports/index.ts'
import { type Damage, damageMemory } from './damage.ts'
import { assertRoom } from './disk/room.ts'
import { databaseFailure } from './failure.ts'
import { filePath } from './file-path.ts'
import { newestMigration } from './migration/migrations-folder.ts'
import { threadClient } from './threads/client.ts'
import { drizzleOn } from './threads/drizzle.ts'
import { type FileThreads, type FileThreadsOptions, fileThreads } from './threads/file-threads.ts'
import { SqliteFailure } from './threads/sqlite-failure.ts'
import { watchedClient } from './watched-client.ts'

/** `onLost` is called once, when the file was replaced or cannot be used: it must be reopened. */
export type FileOptions = Pick<FileThreadsOptions, 'onFinding' | 'onLost' | 'timeoutMs'> & {
  watch?: WatchQueries | undefined
}

export interface FileDatabase extends Database {
  /** Reports damage that was seen elsewhere; the database is not ready until a check finds none. */
  suspect(words: string): void
}

/**
 * `url` is `file:` and a path, relative to the working directory unless it starts with a slash. Resolves to null for a
 * file that lacks migrations, without changing it. Rejects for a missing file: migrate.ts creates it.
 */
export async function openMigratedFile(url: string, options: FileOptions = {}): Promise<FileDatabase | null> {
  const path = resolve(filePath(url))
  const damage = damageMemory(() => threads)
  const threads = fileThreads({ path, ...options, onDamage: damage.onDamage })
  try {
    if ((await lastMigration(threads)) < newestMigration()) {
      await threads.close()
      return null
    }
    await ask(threads, 'PRAGMA journal_mode = WAL')
    const database = databaseOf({ url, path, threads, damage, watch: options.watch })
    await database.ping()
    return database
  } catch (error) {
    await threads.close()
    throw databaseFailure(error, { url })
  }
}

/** For tests and commands: opens a file that is already migrated. */
export async function fileDatabase(url: string, options: FileOptions = {}): Promise<FileDatabase> {
  const database = await openMigratedFile(url, options)
  if (!database) throw new Error(`${url} lacks migrations. Run \`npm run db:migrate\`.`)
  return database
}

interface Parts {
  url: string
  path: string
  threads: FileThreads
  damage: Damage
  watch: WatchQueries | undefined
}

function databaseOf({ url, path, threads, damage, watch }: Parts): FileDatabase {
  const db = drizzleOn(watchedClient(threadClient(threads), watch))
  const probe = drizzleOn(threadClient(threads, probeTimeoutMs))
  return {
    open: () => db,
    async ping() {
      try {
        damage.assertNone()
        await probeStore(probe)
        await assertRoom(path)
      } catch (error) {
        throw databaseFailure(error, { url })
      }
    },
    suspect: (words) => damage.onDamage(new SqliteFailure({ code: 'SQLITE_CORRUPT', message: words })),
    close: () => threads.close(),
  }
}

/** Lock timeout of readiness checks, which must answer within two seconds. */
const probeTimeoutMs = 1000
/** Lock timeout when opening; the caller retries. */
const openTimeoutMs = 250

/** Sent as a write, so that the first thread checks the file before any other opens it. 0 without a record. */
async function lastMigration(threads: FileThreads): Promise<number> {
  const named = await ask(threads, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = '__drizzle_migrations'")
  if (named === undefined) return 0
  return Number(await ask(threads, 'SELECT max(created_at) FROM __drizzle_migrations'))
}

async function ask(threads: FileThreads, sql: string): Promise<unknown> {
  const request = {
    statements: [{ sql, args: [] }],
    isBatch: false,
    writes: true,
    timeoutMs: 30_000,
    lockTimeoutMs: openTimeoutMs,
  }
  const [result] = await threads.run(request)
  return result?.rows[0]?.[0]
}
