/** How long to wait before the next try. */

const firstMs = 500
const longestMs = 30_000

/** Doubles with each failure in a row; half of it is chance, so that clients do not return all at once. */
export class Backoff {
  readonly #retries: number
  #failures = 0

  /** `retries` is how many failures in a row are borne. */
  constructor(retries = Number.POSITIVE_INFINITY) {
    this.#retries = retries
  }

  worked(): void {
    this.#failures = 0
  }

  /** Throws the failure that is one too many. */
  failed(error: unknown): void {
    this.#failures += 1
    if (this.#failures > this.#retries) throw error
  }

  pauseMs(): number {
    return Math.min(longestMs, firstMs * 2 ** this.#failures) * (0.5 + Math.random() / 2)
  }
}

/** Ends early, without a word, when the signal aborts. */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve()
    const end = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal?.addEventListener('abort', end)
  })
}
