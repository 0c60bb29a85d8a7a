/** One fetch-shaped call, limited by a timeout until its answer begins and by the caller's signal. */
import { GatewayError, TransportError } from '../../errors/gateway-error.ts'
import type { TransportInit, UpstreamAnswer } from '../../ports/index.ts'
import { upstreamAnswer } from './web-message.ts'

/** `call` is raced with its signal, which an embedded app may ignore. `fail` ends it with the given error. */
export async function attempt(
  init: Pick<TransportInit, 'signal' | 'limits'>,
  call: (signal: AbortSignal, fail: (error: unknown) => void) => Promise<Response>,
): Promise<UpstreamAnswer> {
  const { signal, limits } = init
  if (signal?.aborted) throw new TransportError('aborted')
  const ended = new AbortController()
  const fail = (error: unknown) => ended.abort(error)
  const leave = () => fail(new TransportError('aborted'))
  const timer = setTimeout(() => fail(new TransportError('timeout')), limits.firstByteMs)
  signal?.addEventListener('abort', leave)
  try {
    // The listener stays after the answer: the caller may leave before the body is complete.
    return upstreamAnswer(await unlessAborted(ended.signal, call(ended.signal, fail)))
  } catch (error) {
    signal?.removeEventListener('abort', leave)
    throw named(ended.signal.aborted ? ended.signal.reason : error)
  } finally {
    clearTimeout(timer)
  }
}

function unlessAborted(signal: AbortSignal, answer: Promise<Response>): Promise<Response> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    answer.then((response) => {
      // Cancel the body of a late answer, or its connection would stay open.
      if (signal.aborted) response.body?.cancel().catch(() => {})
      else resolve(response)
    }, reject)
  })
}

/** workerd reports refused, reset and malformed connections as one error; `reset` claims the least of the three. */
function named(error: unknown): TransportError {
  return error instanceof TransportError ? error : new TransportError('reset', { cause: error })
}

/** The TransportError for a caller's body that failed. */
export const bodyFailure = (error: unknown): TransportError => {
  const tooLarge = error instanceof GatewayError && error.code === 'body_too_large'
  return new TransportError(tooLarge ? 'body_too_large' : 'aborted', { cause: error })
}
