/** Lets at most `limit` pieces of work run at once; the others wait and start in the order in which they came. */
export function inTurn(limit: number) {
  const waiting: (() => void)[] = []
  let running = 0

  return async function run<T>(work: () => Promise<T>): Promise<T> {
    if (running < limit) running++
    // Whoever ends hands its place over, so `running` stays the same.
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
