/** Sends a request to a libSQL server with a total timeout; retries when the server is overloaded. */

const FIRST_PAUSE_MS = 25
const ATTEMPTS = 7

/** A server at its concurrency limit (128 for sqld) answers 429 before executing anything. */
export async function retryingFetch(request: Request, timeoutMs: number): Promise<Response> {
  const signal = AbortSignal.timeout(timeoutMs)
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(request.clone(), { signal })
    if (response.status !== 429 || attempt === ATTEMPTS) return response
    await response.body?.cancel()
    await pause(FIRST_PAUSE_MS * 2 ** (attempt - 1))
  }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
