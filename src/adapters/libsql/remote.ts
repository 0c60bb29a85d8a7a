/** The database on a libSQL server, over HTTP. */
import { type Client, createClient } from '@libsql/client/http'
import { drizzle } from 'drizzle-orm/libsql/http'
import type { Database, Db } from '../../db/database.ts'
import { probeStore } from '../../db/probe.ts'
import { databaseFailure } from './failure.ts'
import { patientFetch } from './patient-fetch.ts'

export interface RemoteAddress {
  /** `libsql://`, `https://` or `http://`. */
  url: string
  authToken?: string | undefined
  /** How long one exchange with the server may take. */
  timeoutMs?: number
}

/** The client's own queue has no bounds: patientFetch stands in its place. */
const noQueue = Number.MAX_SAFE_INTEGER

/** A client is a queue in memory and no connection: it costs nothing to make and needs no closing. */
export function remoteClient({ url, authToken, timeoutMs }: RemoteAddress): Client {
  const fetchInTurn = patientFetch(timeoutMs === undefined ? {} : { timeoutMs })
  const send = (request: Request) => fetchInTurn(asIs(request))
  return createClient({ url, fetch: send, concurrency: noQueue, ...(authToken ? { authToken } : {}) })
}

/** Without TLS the server is near: there a packed answer costs a third of the processor time of a commit. */
function asIs(request: Request): Request {
  if (request.url.startsWith('http:')) request.headers.set('accept-encoding', 'identity')
  return request
}

/**
 * For workerd: each `open()` makes a client of its own. There one request must not wake another,
 * which is what the queue of a shared client does above 20 concurrent requests.
 */
export function remoteDatabase(address: RemoteAddress): Database {
  return databaseOf(address, () => drizzle({ client: remoteClient(address) }))
}

/** For Node: one client, whose queue keeps at most 20 requests under way and so the server below its limit. */
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
