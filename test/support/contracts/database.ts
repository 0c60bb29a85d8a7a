/** What every store must do to be the gateway's database: the contract of src/db/database.ts. */
import { and, eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../../../src/db/database.ts'
import {
  cliProviders,
  copilotRepoMap,
  ineeColonies,
  ineePolicies,
  madreActions,
  operatorMessage,
  operatorSession,
  operatorSettings,
  systemState,
  tasks,
} from '../../../src/db/schema/index.ts'

/** `start` hands over a database that has its tables. Rows of earlier runs may be in it. */
export function describeDatabase(store: string, start: () => Promise<Database>): void {
  describe(`database on ${store}`, () => {
    let database: Database
    beforeAll(async () => {
      database = await start()
    })
    afterAll(() => database?.close())

    const newTask = (name: string) => ({ uuid: crypto.randomUUID(), name, module: 'madre', action: 'chat' })
    const taskNames = async (uuid: string) =>
      (await database.open().select({ name: tasks.name }).from(tasks).where(eq(tasks.uuid, uuid))).map(
        (row) => row.name,
      )

    it('answers a ping', async () => {
      await expect(database.ping()).resolves.toBeUndefined()
    })

    it('gives back the values that were written, as their declared types', async () => {
      const key = crypto.randomUUID()
      const row = {
        key,
        value: `'; DROP TABLE tasks; -- "ñ" 🐙`,
        memoryPressure: 0.1,
        pendingTasks: Number.MAX_SAFE_INTEGER,
        operatorActive: true,
        hermesUpdateRequired: false,
        lastOperatorActivity: '2026-01-04T10:00:00Z',
      }
      await database.open().insert(systemState).values(row)
      const [stored] = await database.open().select().from(systemState).where(eq(systemState.key, key))
      expect(stored).toMatchObject(row)
    })

    it('fills in the defaults that VX11’s Python sets', async () => {
      const [row] = await database
        .open()
        .insert(cliProviders)
        .values({ name: crypto.randomUUID(), apiKeyEnv: 'NONE' })
        .returning()
      expect(row).toMatchObject({ taskTypes: 'chat', dailyLimitTokens: 100_000, enabled: true, baseUrl: null })
      expect(row?.createdAt).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}000$/)
    })

    it('fills in the defaults of the DDL', async () => {
      const [row] = await database
        .open()
        .insert(ineePolicies)
        .values({ policyId: crypto.randomUUID(), configJson: '{}' })
        .returning()
      expect(row).toMatchObject({ active: true, policyType: null })
      expect(row?.createdAt).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
    })

    it('refuses a second row with a unique value', async () => {
      const task = newTask('first')
      await database.open().insert(tasks).values(task)
      await expect(
        database
          .open()
          .insert(tasks)
          .values({ ...task, name: 'second' }),
      ).rejects.toThrow()
      expect(await taskNames(task.uuid)).toEqual(['first'])
    })

    it('refuses a row whose parent does not exist', async () => {
      const orphan = { sessionId: crypto.randomUUID(), role: 'user', content: 'hello' }
      await expect(database.open().insert(operatorMessage).values(orphan)).rejects.toThrow()
    })

    it('refuses to delete a parent that has rows', async () => {
      const sessionId = crypto.randomUUID()
      const db = database.open()
      await db.batch([
        db.insert(operatorSession).values({ sessionId }),
        db.insert(operatorMessage).values({ sessionId, role: 'user', content: 'hello' }),
      ])
      await expect(db.delete(operatorSession).where(eq(operatorSession.sessionId, sessionId))).rejects.toThrow()
    })

    it('refuses a value that a check forbids', async () => {
      const colony = { colonyId: crypto.randomUUID(), status: 'asleep' }
      await expect(database.open().insert(ineeColonies).values(colony)).rejects.toThrow()
    })

    it('inserts or updates in one statement', async () => {
      const key = `k_${crypto.randomUUID()}`
      const write = (valueJson: string) =>
        database
          .open()
          .insert(operatorSettings)
          .values({ key, valueJson })
          .onConflictDoUpdate({ target: operatorSettings.key, set: { valueJson } })
      await write('1')
      await write('2')
      const rows = await database.open().select().from(operatorSettings).where(eq(operatorSettings.key, key))
      expect(rows.map((row) => row.valueJson)).toEqual(['2'])
    })

    it('lets one of many concurrent claims win', async () => {
      const task = newTask('claimed')
      await database.open().insert(tasks).values(task)
      const claim = () =>
        database
          .open()
          .update(tasks)
          .set({ status: 'running' })
          .where(and(eq(tasks.uuid, task.uuid), eq(tasks.status, 'pending')))
          .returning({ id: tasks.id })
      const claims = await Promise.all(Array.from({ length: 20 }, claim))
      expect(claims.filter((rows) => rows.length === 1)).toHaveLength(1)
    })

    it('keeps every one of many concurrent inserts', async () => {
      const module = crypto.randomUUID()
      const insert = () => database.open().insert(madreActions).values({ module, action: 'off' })
      await Promise.all(Array.from({ length: 50 }, insert))
      expect(await database.open().$count(madreActions, eq(madreActions.module, module))).toBe(50)
    })

    it('never gives out an AUTOINCREMENT id twice', async () => {
      const db = database.open()
      const insert = async () =>
        (await db.insert(copilotRepoMap).values({ path: crypto.randomUUID() }).returning())[0]?.id ?? 0
      const first = await insert()
      await db.delete(copilotRepoMap).where(eq(copilotRepoMap.id, first))
      expect(await insert()).toBeGreaterThan(first)
    })

    it('gives the result of each statement of a batch', async () => {
      const db = database.open()
      const task = newTask('in a batch')
      const [inserted, found, counted] = await db.batch([
        db.insert(tasks).values(task).returning({ name: tasks.name }),
        db.select({ uuid: tasks.uuid, status: tasks.status }).from(tasks).where(eq(tasks.uuid, task.uuid)),
        db
          .select({ rows: sql<number>`count(*)`.as('rows') })
          .from(tasks)
          .where(eq(tasks.uuid, task.uuid)),
      ])
      expect(inserted).toEqual([{ name: 'in a batch' }])
      expect(found).toEqual([{ uuid: task.uuid, status: 'pending' }])
      expect(counted).toEqual([{ rows: 1 }])
    })

    it('undoes a whole batch when a statement of it fails', async () => {
      const db = database.open()
      const task = newTask('undone')
      const batch = db.batch([
        db.insert(tasks).values(task),
        db.insert(operatorMessage).values({ sessionId: crypto.randomUUID(), role: 'user', content: 'no session' }),
      ])
      await expect(batch).rejects.toThrow()
      expect(await taskNames(task.uuid)).toEqual([])
    })

    it('says that a failed statement failed and goes on answering', async () => {
      await expect(database.open().run(sql`SELECT * FROM no_such_table`)).rejects.toThrow()
      await expect(database.ping()).resolves.toBeUndefined()
    })
  })
}
