/** Detects another process on the same database file, with an operating system lock that ends with its process. */
import Database from 'libsql'

/** Held until the thread ends. */
let held: Database.Database | undefined

/** False if another process holds it. */
export function takeInstanceLock(path: string): boolean {
  if (held) return true
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
