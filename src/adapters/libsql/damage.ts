/** Remembers that a statement met a damaged page, until a check of the whole file finds no damage. */
import { isDamageMessage } from './soundness.ts'
import type { FileThreads } from './threads/file-threads.ts'
import { monotonicMs } from './threads/messages.ts'
import type { SqliteFailure } from './threads/sqlite-failure.ts'

export interface Damage {
  onDamage(failure: SqliteFailure): void
  /** Throws the known failure. Starts a check from time to time, in parallel to other statements. */
  assertNone(): void
}

/** A check of 620 MB takes half a second from memory, longer from disk; checks may use a twentieth of the time. */
const minPauseMs = 3000
const pausePerCheck = 20
const checkTimeoutMs = 3_600_000
const checkStatements = [{ sql: 'SELECT quick_check FROM pragma_quick_check(100)', args: [] }]

export function damageMemory(threads: () => FileThreads): Damage {
  let known: SqliteFailure | undefined
  let checkAt = 0
  let isChecking = false

  async function check(): Promise<void> {
    isChecking = true
    const startedAt = monotonicMs()
    // An open connection would use the damaged page from its cache.
    threads().renew()
    const isDamaged = await threads()
      .run({ statements: checkStatements, isBatch: false, writes: false, timeoutMs: checkTimeoutMs })
      .then(([result]) => result?.rows.map(([line]) => String(line)).some(isDamageMessage) ?? true)
      .catch(() => true)
    if (!isDamaged) known = undefined
    const endedAt = monotonicMs()
    checkAt = endedAt + Math.max(minPauseMs, (endedAt - startedAt) * pausePerCheck)
    isChecking = false
  }

  return {
    onDamage(failure) {
      if (!known) checkAt = monotonicMs() + minPauseMs
      known ??= failure
    },
    assertNone() {
      if (!known) return
      if (!isChecking && monotonicMs() >= checkAt) void check()
      throw known
    },
  }
}
