/** A Clock that stands still until a test moves it. */
import type { CancelSignal, Clock } from '../../src/ports/index.ts'

export interface FakeClock extends Clock {
  /** Moves time and wakes the sleepers it passes, each at its own moment; await it. Backwards it is a `jump`. */
  advance(ms: number): Promise<void>
  /** Sets the wall clock, as a person or NTP does: sleepers and the monotonic clock notice nothing. */
  jump(ms: number): void
  /** Resolves once at least `count` sleeps are pending. */
  whenSleeping(count?: number): Promise<void>
  pendingSleeps(): number
}

interface Sleeper {
  due: number
  wake: () => void
}

export function fakeClock(startMs = 1_800_000_000_000): FakeClock {
  /** Monotonic time, from 0. */
  let now = 0
  let target = 0
  let wallAtZero = startMs
  const sleepers = new Set<Sleeper>()
  const watchers = new Set<{ count: number; done: () => void }>()

  function sleep(ms: number, signal?: CancelSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason)
    if (!(ms > 0)) return Promise.resolve()
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        sleepers.delete(sleeper)
        signal?.removeEventListener('abort', abort)
      }
      const abort = (): void => {
        leave()
        reject(signal?.reason)
      }
      const sleeper: Sleeper = {
        due: now + ms,
        wake: () => {
          leave()
          resolve()
        },
      }
      sleepers.add(sleeper)
      signal?.addEventListener('abort', abort)
      tellWatchers()
    })
  }

  function tellWatchers(): void {
    for (const watcher of watchers) {
      if (sleepers.size < watcher.count) continue
      watchers.delete(watcher)
      watcher.done()
    }
  }

  /** The sleeper that wakes first, in order of arrival among equals. */
  function firstDue(until: number): Sleeper | undefined {
    let first: Sleeper | undefined
    for (const sleeper of sleepers) if (sleeper.due <= until && !(first && first.due <= sleeper.due)) first = sleeper
    return first
  }

  async function advance(ms: number): Promise<void> {
    if (ms < 0) return jump(ms)
    target += ms
    const until = target
    for (let next = firstDue(until); next; next = firstDue(until)) {
      now = Math.max(now, next.due)
      next.wake()
      await nextTurn()
    }
    now = Math.max(now, until)
  }

  function jump(ms: number): void {
    wallAtZero += ms
  }

  return {
    now: () => wallAtZero + now,
    monotonic: () => now,
    sleep,
    advance,
    jump,
    whenSleeping: (count = 1) =>
      new Promise((done) => {
        watchers.add({ count, done })
        tellWatchers()
      }),
    pendingSleeps: () => sleepers.size,
  }
}

/** What a woken sleeper does next, and sleeps it starts, come before the following one wakes. */
const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))
