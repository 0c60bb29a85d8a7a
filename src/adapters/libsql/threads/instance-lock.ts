/** Detects another process on the same database file, with an operating system lock that ends with its process. */
import { closeSync, existsSync, openSync } from 'node:fs'
import Database from 'libsql'

/** Held until the thread ends. */
let held: Database.Database | undefined

/** False if another process holds it. */
export function takeInstanceLock(path: string): boolean {
  if (held) return true
  makeFile(`${path}.instance`)
  const lock = new Database(`${path}.instance`, { timeout: 0 })
  try {
    lock.prepare('BEGIN EXCLUSIVE').run()
  } catch (error) {
    lock.close()
    if (/SQLITE_(BUSY|LOCKED)/.test(String((error as { code?: unknown }).code))) return false
    throw error
  }
  held = lock
  return true
}

/** For its owner alone; SQLite copies the mode to the journal. Where it cannot be made, SQLite reports a better error. */
function makeFile(path: string): void {
  if (existsSync(path)) return
  try {
    closeSync(openSync(path, 'a', 0o600))
  } catch {}
}
