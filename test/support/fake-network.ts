/** A Transport that answers from a table and remembers what was asked. */
import { TransportError } from '../../src/errors/gateway-error.ts'
import type { Transport, TransportInit, UpstreamAnswer } from '../../src/ports/index.ts'

export interface Exchange {
  url: string
  init: TransportInit
}
type Answer = UpstreamAnswer | TransportError | ((exchange: Exchange) => UpstreamAnswer | Promise<UpstreamAnswer>)

export interface FakeNetwork {
  transport: Transport
  exchanges: Exchange[]
  /** From now on the URL is answered like this; a URL without an answer is unreachable. */
  answer(url: string, answer: Answer): void
}

export function fakeNetwork(): FakeNetwork {
  const answers = new Map<string, Answer>()
  const exchanges: Exchange[] = []
  return {
    exchanges,
    answer: (url, answer) => void answers.set(url, answer),
    transport: async (url, init) => {
      const exchange = { url, init }
      exchanges.push(exchange)
      const answer = answers.get(url) ?? new TransportError('unreachable')
      if (answer instanceof TransportError) throw answer
      return typeof answer === 'function' ? answer(exchange) : { ...answer, headers: { ...answer.headers } }
    },
  }
}

export const jsonAnswer = (json: unknown, status = 200): UpstreamAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: new TextEncoder().encode(JSON.stringify(json)),
})
