/** Reads an answer piece by piece, until its deadline or until the caller leaves. */
import { GatewayError } from '../../../errors/gateway-error.ts'
import { withTimeout } from '../../../lib/with-timeout.ts'
import type { CancelSignal, Clock } from '../../../ports/index.ts'
import { ChatFailure, type Piece } from '../providers/provider.ts'

interface Timing {
  clock: Clock
  /** Milliseconds for the next piece, asked before each. */
  nextWithinMs: () => number
  /** The caller's. */
  signal: CancelSignal
  /** Ends the exchange when the reading ends, completed or not. */
  end: () => void
}

/** Rejects with a ChatFailure of kind timeout, with client_closed_request, or as the pieces do. */
export async function* timedAnswer(pieces: AsyncIterable<Piece>, timing: Timing): AsyncGenerator<Piece> {
  const { clock, nextWithinMs, signal, end } = timing
  const iterator = pieces[Symbol.asyncIterator]()
  const gone = cancellation(signal)
  try {
    for (;;) {
      const next = Promise.race([iterator.next(), gone.promise])
      const { done, value } = await withTimeout(clock, nextWithinMs(), next, () => new ChatFailure('timeout'))
      if (done) return
      yield value
    }
  } finally {
    gone.forget()
    end()
    // Not awaited: a generator whose next piece never comes never ends.
    iterator.return?.().catch(() => {})
  }
}

function cancellation(signal: CancelSignal): { promise: Promise<never>; forget: () => void } {
  const { promise, reject } = Promise.withResolvers<never>()
  promise.catch(() => {})
  const leave = () => reject(new GatewayError('client_closed_request'))
  if (signal.aborted) leave()
  signal.addEventListener('abort', leave, { once: true })
  return { promise, forget: () => signal.removeEventListener('abort', leave) }
}
