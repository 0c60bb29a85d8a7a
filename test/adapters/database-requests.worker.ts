/** A Worker that asks a libSQL server, with one database for the isolate as the real entry has it. */
import { remoteDatabase } from '../../src/adapters/libsql/remote.ts'
import type { Database } from '../../src/db/database.ts'
import { tasks } from '../../src/db/schema/index.ts'

let database: Database | undefined

export default {
  async fetch(_request: Request, env: { SQLD_URL: string }): Promise<Response> {
    database ??= remoteDatabase({ url: env.SQLD_URL })
    const db = database.open()
    const found = await db.select({ id: tasks.id }).from(tasks).limit(1)
    const [again] = await db.batch([db.select({ id: tasks.id }).from(tasks).limit(1)])
    return Response.json([found, again])
  },
}
