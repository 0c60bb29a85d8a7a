/**
 * Sends requests to a libSQL server: a limited number at once, the others queued, with retries when the server is
 * overloaded. The queue is limited in number, bytes and time, so that a frozen server costs each caller one timeout.
 */

export interface RequestBounds {
  atOnce: number
  waiting: number
  /** Of the bodies of all that wait. */
  bytes: number
  /** Of one request, its wait included. */
  timeoutMs: number
}

const bounds: RequestBounds = { atOnce: 20, waiting: 2000, bytes: 32 * 2 ** 20, timeoutMs: 10_000 }

/** Keeps a server below its limit of concurrent requests, which is 128 for sqld. */
export function retryingFetch(changes: Partial<RequestBounds> = {}): (request: Request) => Promise<Response> {
  const { atOnce, waiting: maxWaiting, bytes: maxBytes, timeoutMs } = { ...bounds, ...changes }
  const waiting = new Set<() => void>()
  let underWay = 0
  let bytes = 0

  function turn(signal: AbortSignal): Promise<void> {
    if (underWay < atOnce) {
      underWay++
      return Promise.resolve()
    }
    return new Promise((resolve, reject) => {
      const leave = () => {
        waiting.delete(begin)
        signal.removeEventListener('abort', giveUp)
      }
      const begin = () => {
        leave()
        resolve()
      }
      const giveUp = () => {
        leave()
        reject(signal.reason)
      }
      waiting.add(begin)
      signal.addEventListener('abort', giveUp)
    })
  }

  /** Whoever ends hands its place over, so `underWay` stays the same. */
  function next(): void {
    const [first] = waiting
    if (first) first()
    else underWay--
  }

  return async function send(request) {
    const signal = AbortSignal.timeout(timeoutMs)
    const body = await request.arrayBuffer()
    if (waiting.size >= maxWaiting || bytes + body.byteLength > maxBytes) throw new Overloaded()
    bytes += body.byteLength
    try {
      await turn(signal)
    } finally {
      bytes -= body.byteLength
    }
    try {
      const { url, method, headers } = request
      const init = { method, headers, body: body.byteLength > 0 ? body : null }
      return await untilThereIsRoom(() => fetch(new Request(url, init), { signal }))
    } finally {
      next()
    }
  }
}

class Overloaded extends Error {
  override readonly name = 'OVERLOADED'
  override readonly message = 'more requests wait for the database server than may'
}

const FIRST_PAUSE_MS = 25
const ATTEMPTS = 7

/** A server at its limit refuses with 429 before it runs anything. */
async function untilThereIsRoom(send: () => Promise<Response>): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    const response = await send()
    if (response.status !== 429 || attempt === ATTEMPTS) return response
    await response.body?.cancel()
    await pause(FIRST_PAUSE_MS * 2 ** (attempt - 1))
  }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
