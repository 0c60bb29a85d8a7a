/** The transport on Node: the own HTTP/1.1 client for plain requests, undici for TLS and streamed bodies. */
import { TransportError } from '../../../errors/gateway-error.ts'
import type { HeaderFields, Transport, TransportInit, UpstreamAnswer } from '../../../ports/index.ts'
import { plainDispatcher } from '../http1/dispatcher.ts'
import { atEndOfTurn } from '../http1/end-of-turn.ts'
import { Exchange } from './exchange.ts'

export interface UndiciOptions {
  /** Connections per origin, as it is now; further exchanges wait, within their connect limit. */
  connections?: () => number
  /** Receives the number of body bytes that passed through memory. */
  carried?: (bytes: number) => void
}

/** `close` fails exchanges in flight with `aborted`. */
export function undiciTransport({ connections = () => 256, carried = () => {} }: UndiciOptions = {}): {
  transport: Transport
  close: () => Promise<void>
} {
  /** One for each number of connections that was in force: one without exchanges holds nothing. */
  const agents = new Map<number, ReturnType<typeof loadAgent>>()
  const currentAgent = () => {
    const most = connections()
    const agent = agents.get(most) ?? loadAgent(most)
    agents.set(most, agent)
    return agent
  }
  let closed = false
  const plain = plainDispatcher(connections)
  const transport: Transport = (url, init) =>
    new Promise<UpstreamAnswer>((resolve, reject) => {
      if (init.signal?.aborted) return reject(new TransportError('aborted'))
      const exchange = new Exchange(init, { resolve, reject }, carried)
      const [origin, path] = splitUrl(url)
      const { method, headers } = init
      if (origin.startsWith(plainScheme) && !(init.body instanceof ReadableStream)) {
        const request = { method, target: path, headers, body: init.body }
        return plain.dispatch(origin.slice(plainScheme.length), request, exchange)
      }
      if (closed) return exchange.giveUp(new TransportError('aborted'))
      // undici takes async iterables too; its types do not say so.
      const options = { origin, path, method, headers: sentHeaders(init), body: exchange.body as Uint8Array | null }
      currentAgent().then(
        // By then it is known which idle connections the upstream has spoken on or closed.
        (loaded) => atEndOfTurn(() => loaded.dispatch(options, exchange)),
        (error) => exchange.onResponseError(null, error),
      )
    })
  const close = async () => {
    closed = true
    plain.close()
    await Promise.all([...agents.values()].map(async (agent) => (await agent).destroy()))
  }
  return { transport, close }
}

const loadAgent = async (connections: number) => (await import('./general-agent.ts')).undiciAgent(connections)

const plainScheme = 'http://'

/** Split by hand: a URL parser would rewrite the raw path. */
function splitUrl(url: string): [origin: string, path: string] {
  const slash = url.indexOf('/', url.indexOf('://') + 3)
  return slash < 0 ? [url, '/'] : [url.slice(0, slash), url.slice(slash)]
}

/** Content-Length: computed for bytes, the caller's for a stream, absent without a body. */
function sentHeaders({ headers, body }: TransportInit): HeaderFields {
  if (body instanceof ReadableStream || !('content-length' in headers)) return headers
  const { 'content-length': length, ...rest } = headers
  return body === null && length === '0' ? headers : rest
}
