/** Tells whether another process serves the same database file. The lock is the operating system's, and ends with its process. */
import Database from 'libsql'

/** Held for as long as the thread lives. */
let held: Database.Database | undefined

/** False when another process holds it. */
export function holdInstance(path: string): boolean {
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
