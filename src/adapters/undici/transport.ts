/** The transport on Node: connections of our own where they can serve, undici's for TLS and for bodies that stream. */
// Not all of undici, of which this is a fifth: 5 MiB less at rest.
import Agent from 'undici/lib/dispatcher/agent.js'
import { TransportError } from '../../errors.ts'
import type { HeaderFields, Transport, TransportInit, UpstreamAnswer } from '../../ports.ts'
import { plainDispatcher } from '../http1/dispatcher.ts'
import { strictConnector } from './connector.ts'
import { Exchange } from './exchange.ts'

export interface UndiciOptions {
  /** Connections per origin; more exchanges than that wait, within their connect limit. */
  connections?: number
  /** Hears how many bytes of a streamed answer came. */
  streamed?: (bytes: number) => void
}

/** `close` ends what is still in flight, with `aborted`. */
export function undiciTransport({ connections = 256, streamed = () => {} }: UndiciOptions = {}): {
  transport: Transport
  close: () => Promise<void>
} {
  // Time limits belong to the exchange, so undici's own are off. One request at a time on a connection.
  const agent = new Agent({
    connections,
    pipelining: 1,
    allowH2: false,
    connect: strictConnector(),
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  const plain = plainDispatcher(connections)
  const transport: Transport = (url, init) =>
    new Promise<UpstreamAnswer>((resolve, reject) => {
      if (init.signal?.aborted) return reject(new TransportError('aborted'))
      const exchange = new Exchange(init, { resolve, reject }, streamed)
      const [origin, path] = splitUrl(url)
      const { method, headers } = init
      if (origin.startsWith(plainScheme) && !(init.body instanceof ReadableStream)) {
        const request = { method, target: path, headers, body: init.body }
        return plain.dispatch(origin.slice(plainScheme.length), request, exchange)
      }
      // undici takes async iterables too; its types do not say so.
      const body = exchange.body as Uint8Array | null
      agent.dispatch({ origin, path, method, headers: sentHeaders(init), body }, exchange)
    })
  const close = () => {
    plain.close()
    return agent.destroy()
  }
  return { transport, close }
}

const plainScheme = 'http://'

/** By hand: a URL parser would rewrite the raw path. */
function splitUrl(url: string): [origin: string, path: string] {
  const slash = url.indexOf('/', url.indexOf('://') + 3)
  return slash < 0 ? [url, '/'] : [url.slice(0, slash), url.slice(slash)]
}

/** The length is the body's: counted for bytes, the caller's word for a stream, none without a body. */
function sentHeaders({ headers, body }: TransportInit): HeaderFields {
  if (body instanceof ReadableStream || !('content-length' in headers)) return headers
  const { 'content-length': length, ...rest } = headers
  return body === null && length === '0' ? headers : rest
}
