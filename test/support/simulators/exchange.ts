/** One request and its answer, as a handler sees them. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type * as v from 'valibot'
import { checkBody, parseBody } from './body.ts'

export interface RecordedRequest {
  method: string
  /** As it came over the wire, with its query. */
  path: string
  /** Names and values as they came, in order, repeats included. */
  headers: readonly (readonly [name: string, value: string])[]
  /** How much body has been read so far. */
  bodyBytes: number
  /** Settles when the exchange is over: answered in full, or broken off by either side. */
  outcome: Promise<'answered' | 'broken'>
}

export interface Exchange {
  request: IncomingMessage
  response: ServerResponse
  recorded: RecordedRequest
  method: string
  /** Percent-decoded, without query, as an ASGI server presents it. */
  path: string
  query: URLSearchParams
  params: Readonly<Record<string, string>>
  header(name: string): string | undefined
  /** Reads the whole body, once; later calls give the same bytes. */
  bytes(): Promise<Buffer>
  /** The body as it comes, at the reader's pace; what was read before comes first. */
  pieces(): AsyncIterable<Buffer>
  /** Reads what is left of the body and forgets it. */
  drain(): Promise<void>
  /** The JSON body in the shape of the schema, else 422. */
  body<Schema extends v.GenericSchema>(schema: Schema): Promise<v.InferOutput<Schema>>
  /** Aborts when the exchange is over or the server closes. */
  signal: AbortSignal
}

/** Reads a request as far as its header section; the body stays on the wire until it is read. */
export function openExchange(request: IncomingMessage, response: ServerResponse, closing: AbortSignal): Exchange {
  const over = new AbortController()
  // A caller that left makes later writes fail; its outcome says so already.
  response.on('error', () => {})
  const outcome = new Promise<'answered' | 'broken'>((resolve) => {
    response.once('close', () => {
      over.abort()
      resolve(response.writableFinished ? 'answered' : 'broken')
    })
  })
  const { method = '', url = '' } = request
  const [rawPath = '', query = ''] = url.split(/\?(.*)/s)
  const recorded: RecordedRequest = { method, path: url, headers: pairs(request.rawHeaders), bodyBytes: 0, outcome }
  let read: Promise<Buffer> | undefined
  const exchange: Exchange = {
    request,
    response,
    recorded,
    method,
    path: decode(rawPath),
    query: new URLSearchParams(query),
    params: {},
    header: (name) => request.headers[name]?.toString(),
    pieces: () => (read === undefined ? countedPieces(request, recorded) : wholeBody(read)),
    bytes: () => {
      read ??= collect(countedPieces(request, recorded))
      return read
    },
    drain: async () => {
      for await (const _piece of exchange.pieces());
    },
    body: async (schema) => checkBody(schema, parseBody(await exchange.bytes(), request.headers['content-type'])),
    signal: AbortSignal.any([over.signal, closing]),
  }
  return exchange
}

async function* countedPieces(request: IncomingMessage, recorded: RecordedRequest): AsyncGenerator<Buffer> {
  for await (const piece of request as AsyncIterable<Buffer>) {
    recorded.bodyBytes += piece.length
    yield piece
  }
}

async function collect(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = []
  for await (const piece of pieces) all.push(piece)
  return Buffer.concat(all)
}

async function* wholeBody(read: Promise<Buffer>): AsyncGenerator<Buffer> {
  yield await read
}

const pairs = (raw: readonly string[]): [string, string][] =>
  raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? ''] as [string, string]] : []))

function decode(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
