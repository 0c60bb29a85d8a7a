/** An Upstream that ends its tries as a test says, one after the other, and remembers what it was asked. */
import { TransportError, type TransportFailure } from '../../src/errors/gateway-error.ts'
import type { Upstream, UpstreamAnswer, UpstreamInit } from '../../src/ports/index.ts'
import { gatewayError } from '../../src/upstream/target.ts'

export type Ending =
  | number
  | TransportFailure
  | UpstreamAnswer
  | Error
  | ((init: UpstreamInit) => Promise<UpstreamAnswer>)

export interface ScriptedUpstream {
  upstream: Upstream
  tries: { target: string; init: UpstreamInit }[]
}

/** The last ending stays. */
export function scriptedUpstream(...endings: Ending[]): ScriptedUpstream {
  const tries: ScriptedUpstream['tries'] = []
  const upstream: Upstream = async (target, init) => {
    const ending = endings[Math.min(tries.length, endings.length - 1)] ?? 200
    tries.push({ target, init })
    if (typeof ending === 'number') return answerOf(ending)
    if (typeof ending === 'function') return ending(init)
    if (typeof ending === 'string') throw gatewayError('shub', new TransportError(ending))
    if (ending instanceof Error) throw ending
    return ending
  }
  return { upstream, tries }
}

export const answerOf = (
  status: number,
  body: UpstreamAnswer['body'] = null,
  headers: UpstreamAnswer['headers'] = {},
): UpstreamAnswer => ({ status, headers, body })

export const get: UpstreamInit = { method: 'GET', headers: {}, body: null }
export const post: UpstreamInit = { method: 'POST', headers: {}, body: null }

/** A stream whose end a test decides. */
export function heldStream() {
  let control!: ReadableStreamDefaultController<Uint8Array>
  let cancelled = false
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      control = controller
    },
    cancel() {
      cancelled = true
    },
  })
  return { stream, control, wasCancelled: () => cancelled }
}

/** Lets everything that is due now happen. */
export const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))
