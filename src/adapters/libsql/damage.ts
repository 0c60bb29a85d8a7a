/** Remembers that a damaged page was met, until a check of the whole file says that there is none any more. */
import { tellsDamage } from './soundness.ts'
import type { FileThreads } from './threads/file-threads.ts'
import { monotonicMs } from './threads/messages.ts'
import type { SqliteFailure } from './threads/sqlite-failure.ts'

export interface Damage {
  met(failure: SqliteFailure): void
  /** Throws what was met. Begins a check, now and then, beside whatever else is asked of the file. */
  assertNone(): void
}

/** A check of 620 MB takes half a second in memory, else as long as reading takes: it gets a twentieth of the time. */
const minPauseMs = 3000
const pausePerCheck = 20
const checkTimeoutMs = 3_600_000
const check = [{ sql: 'SELECT quick_check FROM pragma_quick_check(100)', args: [] }]

export function damageMemory(threads: () => FileThreads): Damage {
  let known: SqliteFailure | undefined
  let checkAt = 0
  let isChecking = false

  async function look(): Promise<void> {
    isChecking = true
    const startedAt = monotonicMs()
    // A connection would go on with the damaged page that it remembers.
    threads().renew()
    const isDamaged = await threads()
      .run({ statements: check, isBatch: false, writes: false, timeoutMs: checkTimeoutMs })
      .then(([result]) => result?.rows.map(([line]) => String(line)).some(tellsDamage) ?? true)
      .catch(() => true)
    if (!isDamaged) known = undefined
    const endedAt = monotonicMs()
    checkAt = endedAt + Math.max(minPauseMs, (endedAt - startedAt) * pausePerCheck)
    isChecking = false
  }

  return {
    met(failure) {
      if (!known) checkAt = monotonicMs() + minPauseMs
      known ??= failure
    },
    assertNone() {
      if (!known) return
      if (!isChecking && monotonicMs() >= checkAt) void look()
      throw known
    },
  }
}
