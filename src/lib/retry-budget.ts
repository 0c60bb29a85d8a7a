/** Limits retries to a share of the requests of the last seconds, plus a minimum. */

export interface RetryBudgetRules {
  /** Retries per request. */
  share: number
  /** Retries allowed per window regardless of the number of requests. */
  minimum: number
  windowS: number
}

export interface RetryBudget {
  /** Counts a request once, without its retries. */
  addRequest(now: number): void
  /** Takes one retry; false if none is left. */
  takeRetry(now: number): boolean
  read(now: number): RetryBudgetReading
}

export interface RetryBudgetReading {
  requests: number
  retries: number
  /** Retries allowed now. */
  remaining: number
}

/** Counts per whole second within the window. */
export function retryBudget({ share, minimum, windowS }: RetryBudgetRules): RetryBudget {
  const requestsOf = new Array<number>(windowS).fill(0)
  const retriesOf = new Array<number>(windowS).fill(0)
  let second = 0
  let slot = 0
  let requests = 0
  let retries = 0

  function forget(index: number): void {
    requests -= requestsOf[index] ?? 0
    retries -= retriesOf[index] ?? 0
    requestsOf[index] = 0
    retriesOf[index] = 0
  }

  /** A clock jump in either direction clears the window. */
  function moveTo(now: number): void {
    const next = Math.floor(now / 1000)
    if (next === second) return
    const passed = next < second ? windowS : Math.min(windowS, next - second)
    for (let step = 0; step < passed; step++) {
      slot = (slot + 1) % windowS
      forget(slot)
    }
    second = next
  }

  const remaining = () => Math.max(minimum, Math.floor(requests * share)) - retries

  return {
    addRequest(now) {
      moveTo(now)
      requests++
      requestsOf[slot] = (requestsOf[slot] ?? 0) + 1
    },
    takeRetry(now) {
      moveTo(now)
      if (remaining() <= 0) return false
      retries++
      retriesOf[slot] = (retriesOf[slot] ?? 0) + 1
      return true
    },
    read(now) {
      moveTo(now)
      return { requests, retries, remaining: Math.max(0, remaining()) }
    },
  }
}
