/** `npm run db -- adopt` as a process of its own, to be killed while it changes a database. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Any command of `npm run db --`; the database is the file at `path`. */
export function dbProcess(args: string[], path?: string): ChildProcess {
  const env = { PATH: process.env.PATH ?? '', ...(path && { VX11_DATABASE_URL: `file:${path}` }) }
  const program = join(root, 'dist/tentaculo.js')
  return spawn(join(root, 'node_modules/.bin/node'), [program, 'db', ...args], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

/**
 * Adopts a file in WAL mode that no process has open, and sends SIGKILL `killMs` after the first change; null lets it end.
 * Resolves to the milliseconds from the first change to the end.
 */
export async function adoptAndKill(path: string, killMs: number | null): Promise<number> {
  const child = dbProcess(['adopt'], path)
  const closed = once(child, 'close')
  const walBytes = async () => (await stat(`${path}-wal`).catch(() => ({ size: 0 }))).size
  while (child.exitCode === null && (await walBytes()) === 0) await wait(1)
  const changedAt = performance.now()
  if (killMs !== null) {
    await Promise.race([wait(killMs), closed])
    child.kill('SIGKILL')
  }
  await closed
  return performance.now() - changedAt
}
