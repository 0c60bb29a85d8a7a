/** A WebSocket client for tests: messages come by asking for the next one, and a refusal is an answer like any other. */
import { type ClientOptions, WebSocket } from 'ws'
import { token } from './gateways.ts'

export interface Client {
  socket: WebSocket
  /** The next message, text as a string. */
  next(): Promise<string | Buffer>
  closed: Promise<[code: number, reason: string]>
  /** Header fields of the 101 answer. */
  headers: Record<string, string | string[] | undefined>
}

type ConnectOptions = ClientOptions & { protocols?: string[] }

/** Rejects with the refusal when the server does not agree. */
export function connect(url: string, options: ConnectOptions = {}): Promise<Client> {
  return new Promise((resolve, reject) => {
    const { protocols = [], headers, ...rest } = options
    const socket = new WebSocket(url.replace(/^http/, 'ws'), protocols, {
      maxPayload: 2 ** 26,
      perMessageDeflate: true,
      headers: { 'x-vx11-token': token, ...headers },
      ...rest,
    })
    const client: Client = {
      socket,
      headers: {},
      next: messagesOf(socket),
      closed: new Promise((done) => socket.on('close', (code, reason) => done([code, String(reason)]))),
    }
    socket.on('upgrade', (response) => {
      client.headers = response.headers
    })
    socket.on('open', () => resolve(client))
    socket.on('error', reject)
    socket.on('unexpected-response', async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of response) chunks.push(chunk)
      const headers = Object.entries(response.headers).filter(
        (entry): entry is [string, string] => !Array.isArray(entry[1]),
      )
      reject(new Refusal(new Response(Buffer.concat(chunks), { status: response.statusCode ?? 0, headers })))
      request.destroy()
    })
  })
}

class Refusal extends Error {
  readonly response: Response
  constructor(response: Response) {
    super(`refused with ${response.status}`)
    this.response = response
  }
}

/** The answer that refused; fails the test when the server agreed. */
export async function refusalOf(url: string, options?: ConnectOptions): Promise<Response> {
  try {
    const { socket } = await connect(url, options)
    socket.terminate()
  } catch (error) {
    if (error instanceof Refusal) return error.response
    throw error
  }
  throw new Error('the server agreed')
}

function messagesOf(socket: WebSocket): () => Promise<string | Buffer> {
  const arrived: (string | Buffer)[] = []
  const waiting: { resolve: (message: string | Buffer) => void; reject: (error: Error) => void }[] = []
  socket.on('message', (data: Buffer, binary) => {
    const message = binary ? data : data.toString()
    const first = waiting.shift()
    if (first) first.resolve(message)
    else arrived.push(message)
  })
  socket.on('close', (code) => {
    for (const { reject } of waiting.splice(0)) reject(new Error(`closed with ${code}`))
  })
  return () =>
    new Promise((resolve, reject) => {
      const message = arrived.shift()
      if (message !== undefined) resolve(message)
      else if (socket.readyState === socket.CLOSED) reject(new Error('closed'))
      else waiting.push({ resolve, reject })
    })
}
