/** Ends maintenance commands with kill -9 at random moments, while rows are written, and looks at what is left. */
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Client } from '@libsql/client'
import { openFileClient } from '../../src/adapters/libsql/file-client.ts'
import { readChecksum, sha256Of } from '../../src/adapters/libsql/maintenance/checksum.ts'
import { faultOf } from '../../src/adapters/libsql/maintenance/sound-file.ts'
import { migrateDatabase } from '../../src/adapters/libsql/migration/migrate.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

export interface Commands {
  folder: string
  path: string
  /** Runs a command to its end; `workMs` from its first step's end on. */
  command(
    ...args: string[]
  ): Promise<{ code: number | null; out: string; problem: string; tookMs: number; workMs: number }>
  /** Starts a command and kills it after so many milliseconds; false when it had ended before. */
  kill(afterMs: number, ...args: string[]): Promise<boolean>
  /** The same, counted from the end of its first step. */
  killAtWork(afterMs: number, ...args: string[]): Promise<boolean>
}

/** `npm run db -- …` on vx11.db in a new folder, of which this process opens nothing. */
export async function commandsInFolder(): Promise<Commands> {
  const folder = await mkdtemp(join(tmpdir(), 'vx11-kills-'))
  const path = join(folder, 'vx11.db')
  const start = (args: string[]) =>
    spawn(join(root, 'node_modules/.bin/node'), [join(root, 'dist/tentaculo.js'), 'db', ...args], {
      cwd: folder,
      env: { VX11_DATABASE_URL: `file:${path}`, VX11_DATA_DIR: join(folder, 'data') },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  return {
    folder,
    path,
    async command(...args) {
      const startedAt = performance.now()
      const child = start(args)
      let workedAt = startedAt
      child.stderr.once('data', () => {
        workedAt = performance.now()
      })
      const [[code], out, problem] = await Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)])
      const endedAt = performance.now()
      return { code, out, problem, tookMs: endedAt - startedAt, workMs: endedAt - workedAt }
    },
    kill: (afterMs, ...args) => killAfter(start(args), wait(afterMs)),
    killAtWork(afterMs, ...args) {
      const child = start(args)
      return killAfter(
        child,
        once(child.stderr, 'data').then(() => wait(afterMs)),
      )
    },
  }
}

async function killAfter(child: ChildProcessByStdio<null, Readable, Readable>, moment: Promise<unknown>) {
  const exit = once(child, 'exit')
  child.stdout.resume()
  child.stderr.resume()
  await Promise.race([moment, exit])
  child.kill('SIGKILL')
  const [, signal] = await exit
  return signal === 'SIGKILL'
}

export interface KillGround extends Commands {
  client: Client
  /** Adds rows that retention may take. */
  addOldRows(count: number): Promise<void>
  close(): Promise<void>
}

/** Rows that nothing may take, from now. */
export const recentRows = 500

export async function killGround(): Promise<KillGround> {
  const commands = await commandsInFolder()
  const { folder, path } = commands
  await migrateDatabase({ url: `file:${path}` })
  const client = await openFileClient(`file:${path}`)
  await client.execute(addIncidents(recentRows, "datetime('now')", 0))
  return {
    ...commands,
    client,
    addOldRows: async (count) => void (await client.execute(addIncidents(count, "'2020-01-01T00:00:00Z'", null))),
    async close() {
      client.close()
      await rm(folder, { recursive: true })
    },
  }
}

const addIncidents = (count: number, at: string, firstId: number | null) => `
  WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${count - 1})
  INSERT INTO incidents (id, ant_id, incident_type, details, detected_at)
  SELECT ${firstId === null ? 'NULL' : `${firstId} + i`}, 'ant', 'port', hex(randomblob(60)), ${at} FROM n`

/** Writes a row each few milliseconds until stopped, and remembers those that were acknowledged. */
export function keepWriting({ client }: KillGround) {
  const acknowledged: string[] = []
  let stopped = false
  const work = (async () => {
    while (!stopped) {
      const key = crypto.randomUUID()
      await client.execute({ sql: 'INSERT INTO operator_settings (key) VALUES (?)', args: [key] })
      acknowledged.push(key)
      await wait(5)
    }
  })()
  return {
    acknowledged,
    async stop() {
      stopped = true
      await work
    },
  }
}

export interface Remains {
  integrity: string
  lostRows: number
  recentRows: number
  /** Backups that have a checksum, and those among them that are not what it says. */
  backups: number
  badBackups: string[]
  leftovers: string[]
  /** Where the run was that has not ended; null when none is recorded. */
  step: string | null
}

export async function lookAt({ client, folder }: KillGround, acknowledged: readonly string[]): Promise<Remains> {
  const first = async (statement: string) => Object.values((await client.execute(statement)).rows[0] ?? {})[0]
  const { rows } = await client.execute('SELECT key FROM operator_settings')
  const present = new Set(rows.map(({ key }) => key))
  const files = await filesUnder(join(folder, 'data/backups'))
  const counted: string[] = []
  for (const file of files) if (file.endsWith('.db') && (await readChecksum(file))) counted.push(file)
  const badBackups: string[] = []
  for (const file of counted) {
    const good = (await sha256Of(file)) === (await readChecksum(file)) && (await faultOf(file)) === null
    if (!good) badBackups.push(file)
  }
  return {
    integrity: String(await first('PRAGMA integrity_check')),
    lostRows: acknowledged.filter((key) => !present.has(key)).length,
    recentRows: Number(await first(`SELECT count(*) FROM incidents WHERE id < ${recentRows}`)),
    backups: counted.length,
    badBackups,
    leftovers: files.filter((file) => /partial/.test(file)),
    step: ((await first(`SELECT json_extract(value, '$.progress.step') FROM system_state
      WHERE key = 'gateway:maintenance:run'`)) ?? null) as string | null,
  }
}

async function filesUnder(folder: string): Promise<string[]> {
  const there = await access(folder).then(
    () => true,
    () => false,
  )
  if (!there) return []
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}
