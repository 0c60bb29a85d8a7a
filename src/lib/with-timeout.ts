/** Waits with a timeout and clears its timer. */

export interface Sleeper {
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** Settles like `work`, or rejects with `late()` after `ms`. */
export async function withTimeout<T>(clock: Sleeper, ms: number, work: Promise<T>, late: () => Error): Promise<T> {
  const done = new AbortController()
  const tooLate = clock.sleep(ms, done.signal).then(() => {
    throw late()
  })
  try {
    return await Promise.race([work, tooLate])
  } finally {
    tooLate.catch(() => {})
    done.abort()
  }
}
