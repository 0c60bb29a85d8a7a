/** The database on a libSQL server, over HTTP. */
import { type Client, createClient } from '@libsql/client/http'
import { drizzle } from 'drizzle-orm/libsql/http'
import type { Database, Db } from '../../db/database.ts'
import { probeStore } from '../../db/probe.ts'
import type { WatchQueries } from '../../ports/index.ts'
import { databaseFailure } from './failure.ts'
import { retryingFetch } from './retrying-fetch.ts'
import { watchedClient } from './watched-client.ts'

export interface RemoteAddress {
  /** `libsql://`, `https://` or `http://`. */
  url: string
  authToken?: string | undefined
  /** Timeout of one exchange with the server. */
  timeoutMs?: number
  watch?: WatchQueries | undefined
}

/** The client's own queue is unbounded; retryingFetch has one with limits. */
const noQueue = Number.MAX_SAFE_INTEGER

/** A client is an in-memory queue without a connection: cheap to create, no need to close. */
export function remoteClient({ url, authToken, timeoutMs, watch }: RemoteAddress): Client {
  const fetchInTurn = retryingFetch(timeoutMs === undefined ? {} : { timeoutMs })
  const send = (request: Request) => fetchInTurn(asIs(request))
  const client = createClient({ url, fetch: send, concurrency: noQueue, ...(authToken ? { authToken } : {}) })
  return watchedClient(client, watch)
}

/** Without TLS the server is probably local, where compression takes a third of a commit's processor time. */
function asIs(request: Request): Request {
  if (request.url.startsWith('http:')) request.headers.set('accept-encoding', 'identity')
  return request
}

/**
 * For workerd: each `open()` creates a client. The queue of a shared client would resume one request from another
 * above 20 concurrent requests, which workerd forbids.
 */
export function remoteDatabase(address: RemoteAddress): Database {
  return databaseOf(address, () => drizzle({ client: remoteClient(address) }))
}

/** For Node: one client, whose queue limits concurrency to 20, below the server's limit. */
export function sharedRemoteDatabase(address: RemoteAddress): Database {
  const db = drizzle({ client: remoteClient(address) })
  return databaseOf(address, () => db)
}

function databaseOf(address: RemoteAddress, open: () => Db): Database {
  return {
    open,
    async ping() {
      await probeStore(open()).catch((error) => {
        throw databaseFailure(error, address)
      })
    },
    async close() {},
  }
}
