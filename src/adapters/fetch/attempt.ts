/** One fetch-shaped call, bounded until its answer begins by a time limit and by the caller's signal. */
import { GatewayError, TransportError } from '../../errors/gateway-error.ts'
import type { TransportInit, UpstreamAnswer } from '../../ports/index.ts'
import { upstreamAnswer } from './web-message.ts'

/** `call` is raced, not trusted to mind its signal: an embedded app need not. `fail` ends it with a reason of its own. */
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
    // The listener stays when an answer came: until its body is through, the caller may still leave.
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
      // An answer that comes too late is let go of, or its connection would stay open.
      if (signal.aborted) response.body?.cancel().catch(() => {})
      else resolve(response)
    }, reject)
  })
}

/** A refused, a reset and a garbled connection are one error on workerd ("Network connection lost."): the careful word. */
function named(error: unknown): TransportError {
  return error instanceof TransportError ? error : new TransportError('reset', { cause: error })
}

/** Why the caller's body broke. */
export const bodyFailure = (error: unknown): TransportError => {
  const tooLarge = error instanceof GatewayError && error.code === 'body_too_large'
  return new TransportError(tooLarge ? 'body_too_large' : 'aborted', { cause: error })
}
