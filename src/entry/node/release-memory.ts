/** Triggers garbage collections that V8 would delay: after the start, and while bodies are forwarded. */
import { collect } from '../../adapters/v8/collect.ts'

/** Interval of the checks for processor use. */
const checkEveryMs = 2000
/** Of one processor; a process that uses more is not quiet. */
const quietShare = 0.1
const maxChecks = 30

/**
 * Frees memory that loading and the first requests needed, which V8 keeps for hours. Waits until the process is quiet,
 * for a minute at most, because a slow machine may still be loading seconds after the start.
 */
export function releaseWhenQuiet(checks = maxChecks): void {
  const before = process.cpuUsage()
  const look = () => {
    const { user, system } = process.cpuUsage(before)
    if (user + system < quietShare * checkEveryMs * 1000)
      collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
    else if (checks > 1) releaseWhenQuiet(checks - 1)
  }
  setTimeout(look, checkEveryMs).unref()
}

/**
 * V8 counts only the small handle of a body's buffer, so hundreds of megabytes can wait for a collection.
 * This triggers a minor collection of about a millisecond after every `everyBytes`.
 */
export function bodySweeper(everyBytes: number): (bytes: number) => void {
  let passed = 0
  return (bytes) => {
    passed += bytes
    if (passed < everyBytes) return
    passed = 0
    collect({ type: 'minor', execution: 'sync', flavor: 'regular' })
  }
}
