/** Ends a process that was started as the leader of a group (`detached`), with all that it started. */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'

/** Asks first; what is left after `timeoutMs` is killed. */
export async function endGroup(leader: ChildProcess, timeoutMs: number): Promise<void> {
  if (leader.exitCode !== null || leader.signalCode !== null) return
  const exit = once(leader, 'exit')
  signalGroup(leader, 'SIGTERM')
  await Promise.race([exit, wait(timeoutMs, undefined, { ref: false })])
  signalGroup(leader, 'SIGKILL')
}

export function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal)
  } catch {
    // It ended by itself.
  }
}
