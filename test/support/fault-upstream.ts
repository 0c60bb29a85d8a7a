/**
 * An upstream over bare TCP that goes wrong by request path: `/fault/<name>` for every name in faults/, `/ok` for
 * none, `/echo` for the body of the request. It keeps every byte that reached it, so that a test sees what was really forwarded.
 */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { brokenConnections, earlyFaults } from './faults/broken-connections.ts'
import type { Fault, Faults } from './faults/fault.ts'
import { RequestReader, type SeenRequest } from './faults/strict-request.ts'
import { wrongAnswerFaults } from './faults/wrong-answers.ts'
import { isGatewaysOwn } from './own-questions.ts'

export type { SeenRequest } from './faults/strict-request.ts'

export interface SeenConnection {
  /** The first `keptBytes` of what came in, as they came. */
  bytes: Buffer
  byteCount: number
  requests: readonly SeenRequest[]
  /** What its fault wrote so far; not all of it needs to have left. */
  bytesWritten: number
  open: boolean
}

export interface FaultUpstream {
  url: string
  connections: readonly SeenConnection[]
  /** Every request on every connection, in order of arrival, without the gateway's own questions. */
  requests: readonly SeenRequest[]
  openConnections(): number
  /** Refuses connections while `work` runs, and cuts those that are open. */
  whileRefusing<T>(work: () => Promise<T>): Promise<T>
  close(): Promise<void>
}

const keptBytes = 2 * 2 ** 20
const okAnswer = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 2\r\n\r\nok'

export interface FaultUpstreamOptions {
  /** Keeps no record, for runs that would fill the memory with it. */
  forgets?: boolean
}

export async function startFaultUpstream({ forgets = false }: FaultUpstreamOptions = {}): Promise<FaultUpstream> {
  const connections: SeenConnection[] = []
  const requests: SeenRequest[] = []
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => {})
    const connection = serve(socket, forgets ? null : requests)
    if (!forgets) connections.push(connection)
  })
  const listen = (port: number) => once(server.listen(port, '127.0.0.1'), 'listening')
  const stop = async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    for (const socket of sockets) socket.destroy()
    await closed
  }
  await listen(0)
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    connections,
    requests,
    openConnections: () => sockets.size,
    async whileRefusing(work) {
      await stop()
      try {
        return await work()
      } finally {
        await listen(port)
      }
    },
    close: stop,
  }
}

function serve(socket: Socket, requests: SeenRequest[] | null): SeenConnection {
  const reader = new RequestReader(requests === null, {
    head(request) {
      if (!isProbe(request)) requests?.push(request)
      act(request, earlyFaults[faultName(request)])
      if (isEcho(request)) socket.write(echoHead(request))
    },
    piece(request, part) {
      if (!isEcho(request) || socket.write(part)) return
      socket.pause()
      socket.once('drain', () => socket.resume())
    },
    complete(request) {
      if (!isEcho(request)) act(request, faults[faultName(request)])
    },
  })
  const seen: SeenConnection = {
    bytes: Buffer.alloc(0),
    byteCount: 0,
    requests: requests ? reader.requests : [],
    bytesWritten: 0,
    open: true,
  }
  const act = (request: SeenRequest, fault: Fault | undefined) => {
    const wrote = (bytes: number) => {
      seen.bytesWritten += bytes
    }
    Promise.resolve(fault?.({ socket, request, wrote })).catch(() => socket.destroy())
  }
  socket.on('close', () => {
    seen.open = false
  })
  socket.on('data', (bytes) => {
    seen.byteCount += bytes.length
    if (requests && seen.bytes.length < keptBytes)
      seen.bytes = Buffer.concat([seen.bytes, bytes]).subarray(0, keptBytes)
    reader.push(bytes)
  })
  return seen
}

/** No test sends that itself. */
export const isProbe = ({ target }: SeenRequest) => isGatewaysOwn(target)
const isEcho = ({ target }: SeenRequest) => target === '/echo'
const echoHead = ({ headers }: SeenRequest) =>
  `HTTP/1.1 200 OK\r\ncontent-length: ${headers.find(([name]) => name === 'content-length')?.[1] ?? 0}\r\n\r\n`

/** Whatever is no fault is answered. */
const faultName = ({ target }: SeenRequest) => /^\/fault\/([^?]+)/.exec(target)?.[1] ?? 'none'

const answerOk: Fault = ({ socket }) => socket.write(okAnswer)
const faults: Faults = { ...brokenConnections, ...wrongAnswerFaults, none: answerOk, deaf: answerOk }
