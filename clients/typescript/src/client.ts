/** One gateway and one token: its operations as methods, and its streams. */
import { type AnyInput, call, type Method } from './call.ts'
import { EventStream, type FollowOptions } from './events.ts'
import { type AskChatBody, type Operations, routes } from './operations.ts'
import { baseOf, type ClientOptions, opened, type SendInit, sender } from './send.ts'
import { EventSocket, type SocketOptions } from './socket.ts'
import { type Block, blocksOf } from './sse.ts'

export type Client = { readonly [Name in keyof Operations]: Method<Name> } & Streams

export interface Streams {
  /** Events from now on, or after `since`, until `signal` aborts. */
  events(options?: FollowOptions): EventStream
  /** The same over a WebSocket, which can also send them. It connects at once. */
  socket(options?: SocketOptions): EventSocket
  /** The blocks of one streamed answer: start, reasoning, token, usage, done or error. */
  streamChat(body: AskChatBody, options?: { signal?: AbortSignal }): AsyncIterable<Block>
  /** Any other path, so also what is passed on to shub, madre and switch. Rejects for an error answer. */
  fetch(path: string, init?: Omit<SendInit, 'bare'>): Promise<Response>
}

const defaultTimeoutMs = 30_000

export function createClient(options: ClientOptions): Client {
  const { timeoutMs = defaultTimeoutMs } = options
  const send = sender(options)
  const methods = Object.entries(routes).map(([name, route]) => [
    name,
    (input: AnyInput = {}) => call(send, route, input, timeoutMs),
  ])
  const streams: Streams = {
    events: (follow = {}) => new EventStream(send, follow, timeoutMs),
    socket: (socket = {}) => new EventSocket({ send, url: baseOf(options.url), timeoutMs }, socket),
    async *streamChat(body, { signal } = {}) {
      const headers = { accept: 'text/event-stream', 'content-type': 'application/json' }
      const init = { method: 'POST', headers, body: JSON.stringify({ ...body, stream: true }), signal }
      const response = await opened(send, '/operator/api/chat', init, timeoutMs)
      for await (const block of blocksOf(response, timeoutMs, signal)) if (block.data !== null) yield block
    },
    fetch: (path, init = {}) => opened(send, path, init, timeoutMs),
  }
  return { ...Object.fromEntries(methods), ...streams }
}
