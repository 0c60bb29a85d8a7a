/** A semaphore: runs at most `limit` tasks at once; the others wait in FIFO order. */
export function inTurn(limit: number) {
  const waiting: (() => void)[] = []
  let running = 0

  return async function run<T>(work: () => Promise<T>): Promise<T> {
    if (running < limit) running++
    // A finished task passes its slot to the next, so `running` does not change.
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}
