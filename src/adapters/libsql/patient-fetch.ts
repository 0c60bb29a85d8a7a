/** Sends a request to a libSQL server: again when the server has no room for it, and never for longer than allowed. */

const FIRST_PAUSE_MS = 25
const ATTEMPTS = 7

/** A server at its limit of concurrent requests (128 for sqld) refuses with 429 before it runs anything. */
export async function patientFetch(request: Request, timeoutMs: number): Promise<Response> {
  const signal = AbortSignal.timeout(timeoutMs)
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(request.clone(), { signal })
    if (response.status !== 429 || attempt === ATTEMPTS) return response
    await response.body?.cancel()
    await pause(FIRST_PAUSE_MS * 2 ** (attempt - 1))
  }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
