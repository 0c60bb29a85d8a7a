/** An upstream over bare TCP that answers by plan, and judges each request it sees the moment it sees it. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { RequestReader, type SeenRequest } from '../faults/strict-request.ts'
import { isGatewaysOwn } from '../own-questions.ts'
import type { AnswerPlan } from './answers.ts'

/** A request while it is with the upstream. */
export interface Exchange {
  request: SeenRequest
  /** Nothing more of its answer will be sent. */
  over: boolean
}

export interface UpstreamScript {
  /** Null: no answer, the connection is closed. */
  begins(exchange: Exchange): AnswerPlan | null
  /** The request is complete. */
  completed(exchange: Exchange): void
  /** The connection closed within the request. */
  brokeOff(exchange: Exchange): void
  /** Bytes to send before any request, by the number of the connection; null sends none. */
  greeting(connection: number): Unasked | null
  /** Bytes to send after an answer. */
  unasked(): Unasked
}

export interface Unasked {
  bytes: string
  /** They have left. */
  sent(): void
}

export interface PlannedUpstream {
  url: string
  close(): Promise<void>
}

export async function startPlannedUpstream(script: UpstreamScript): Promise<PlannedUpstream> {
  const sockets = new Set<Socket>()
  let count = 0
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => {})
    const greeting = script.greeting(count++)
    if (greeting) socket.write(greeting.bytes, greeting.sent)
    serve(socket, script, greeting !== null)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** `spoilt`: bytes were sent that belong to no request. What comes on this connection from then on gets no answer. */
function serve(socket: Socket, script: UpstreamScript, greeted: boolean): void {
  let spoilt = greeted
  let current: { exchange: Exchange; plan: AnswerPlan | null; begun: boolean } | null = null
  const answer = (when: AnswerPlan['when']) => {
    if (!current || current.begun || current.plan?.when !== when) return
    current.begun = true
    spoilt = current.plan.after === 'unasked'
    send(socket, current.plan, current.exchange, script)
  }
  const reader = new RequestReader(true, {
    head(request) {
      if (isProbe(request)) return
      const exchange = { request, over: false }
      current = { exchange, plan: script.begins(exchange), begun: false }
      if (current.plan === null || spoilt) {
        // Now, because its close comes after what other connections have sent meanwhile.
        exchange.over = true
        socket.destroy()
      } else answer('head')
    },
    piece: () => answer('first piece'),
    complete(request) {
      if (isProbe(request)) return void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
      if (!current) return
      script.completed(current.exchange)
      answer('first piece')
      answer('complete')
    },
  })
  socket.on('data', (bytes) => {
    try {
      reader.push(bytes)
    } catch {
      socket.destroy()
    }
  })
  socket.on('close', () => {
    if (!current) return
    current.exchange.over = true
    if (!current.exchange.request.complete) script.brokeOff(current.exchange)
  })
}

async function send(
  socket: Socket,
  { pieces, after, pause }: AnswerPlan,
  exchange: Exchange,
  script: UpstreamScript,
): Promise<void> {
  for (const [index, piece] of pieces.entries()) {
    if (index > 0) await turns(1)
    socket.write(piece)
  }
  exchange.over = true
  if (after === 'end') socket.end()
  else if (after === 'reset') socket.resetAndDestroy()
  else if (after === 'unasked') {
    await turns(pause.turns)
    if (pause.ms > 0) await new Promise((resolve) => setTimeout(resolve, pause.ms))
    const { bytes, sent } = script.unasked()
    if (socket.writable) socket.write(bytes, sent)
  }
}

/** No case asks for that. */
const isProbe = ({ method, target }: SeenRequest) => method === 'GET' && isGatewaysOwn(target)

export async function turns(count: number): Promise<void> {
  for (let n = 0; n < count; n++) await new Promise(setImmediate)
}
