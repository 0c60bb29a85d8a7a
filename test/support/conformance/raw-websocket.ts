/** A WebSocket client that sends bytes just as they are, and reports how the server reacts. */
import { isUtf8 } from 'node:buffer'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { token } from '../gateways.ts'
import { openSocket } from '../raw-http.ts'
import { stuckMs } from '../stuck.ts'
import { opcodes, readFrames, type ServerFrame } from './frames.ts'

export interface Heard {
  /** Whole messages and pongs, in their order. */
  got: (string | Buffer | { pong: string })[]
  /** The server's close frame; its code is null when the frame was empty. */
  close: { code: number | null; reason: string } | null
  /** What a server must not do, and did. */
  faults: string[]
  /** How the connection ended; `open`: it did not, within the time. */
  end: 'closed' | 'reset' | 'open'
}

export interface RawWebSocket {
  /** As one write for each piece. */
  send(...pieces: Uint8Array[]): void
  /** In pieces of that many bytes. */
  drip(bytes: Uint8Array, size: number): Promise<void>
  /** Resolves when the server has said that much, or closed, or the time is up. */
  heard(enough: (heard: Heard) => boolean, timeoutMs?: number): Promise<Heard>
  destroy(): void
}

/** Offers no extension. Rejects when the server does not agree. */
export async function openRaw(url: string, path: string): Promise<RawWebSocket> {
  const socket = openSocket(url)
  const key = randomBytes(16).toString('base64')
  socket.write(
    [
      `GET ${path} HTTP/1.1`,
      'Host: gateway',
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${key}`,
      `X-VX11-Token: ${token}`,
      '',
      '',
    ].join('\r\n'),
  )
  const rest = await agreement(socket, key)
  return new Conversation(socket, rest)
}

async function agreement(socket: Socket, key: string): Promise<Buffer> {
  let bytes = Buffer.alloc(0)
  for (;;) {
    const [chunk] = await Promise.race([once(socket, 'data'), once(socket, 'close').then(() => [null])])
    if (chunk === null) throw new Error('the server hung up during the handshake')
    bytes = Buffer.concat([bytes, chunk])
    const end = bytes.indexOf('\r\n\r\n')
    if (end < 0) continue
    socket.pause()
    const head = bytes.toString('latin1', 0, end)
    const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
    const agreed = head.startsWith('HTTP/1.1 101') && head.includes(accept)
    if (!agreed) throw new Error(`the server refused: ${head.split('\r\n')[0]}`)
    return bytes.subarray(end + 4)
  }
}

class Conversation implements RawWebSocket {
  readonly #socket: Socket
  readonly #heard: Heard = { got: [], close: null, faults: [], end: 'open' }
  #rest: Buffer
  #fragments: ServerFrame[] = []
  #changed = () => {}

  constructor(socket: Socket, rest: Buffer) {
    this.#socket = socket
    this.#rest = Buffer.alloc(0)
    socket.on('data', (chunk) => this.#take(chunk))
    socket.on('error', ({ code }: NodeJS.ErrnoException) => {
      if (code === 'ECONNRESET' || code === 'EPIPE') this.#heard.end = 'reset'
    })
    socket.on('close', () => {
      if (this.#heard.end === 'open') this.#heard.end = 'closed'
      this.#changed()
    })
    this.#take(rest)
    socket.resume()
  }

  send(...pieces: Uint8Array[]): void {
    for (const piece of pieces) this.#socket.write(piece)
  }

  async drip(bytes: Uint8Array, size: number): Promise<void> {
    for (let at = 0; at < bytes.length; at += size) {
      this.#socket.write(bytes.subarray(at, at + size))
      await new Promise(setImmediate)
    }
  }

  heard(enough: (heard: Heard) => boolean, timeoutMs = stuckMs): Promise<Heard> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(this.#heard), timeoutMs)
      this.#changed = () => {
        if (this.#heard.end === 'open' && !enough(this.#heard)) return
        clearTimeout(timer)
        resolve(this.#heard)
      }
      this.#changed()
    })
  }

  destroy(): void {
    this.#socket.destroy()
  }

  #take(chunk: Buffer): void {
    const { frames, rest } = readFrames(Buffer.concat([this.#rest, chunk]))
    this.#rest = rest
    for (const each of frames) this.#hear(each)
    this.#changed()
  }

  #hear(frame: ServerFrame): void {
    const { opcode, payload, lawful } = frame
    const { got, close, faults } = this.#heard
    if (!lawful) faults.push(`an unlawful frame with opcode ${opcode}`)
    if (close) faults.push('a frame behind the close frame')
    if (opcode === opcodes.pong) got.push({ pong: payload.toString() })
    else if (opcode === opcodes.close) this.#heard.close = readClose(payload)
    else if (opcode < opcodes.close) this.#gather(frame)
  }

  #gather(frame: ServerFrame): void {
    if ((frame.opcode === opcodes.continuation) !== this.#fragments.length > 0)
      this.#heard.faults.push('mixed fragments')
    this.#fragments.push(frame)
    if (!frame.fin) return
    const isText = this.#fragments[0]?.opcode === opcodes.text
    const message = Buffer.concat(this.#fragments.map((each) => each.payload))
    this.#fragments = []
    if (isText && !isUtf8(message)) this.#heard.faults.push('a text that is not UTF-8')
    this.#heard.got.push(isText ? message.toString() : message)
  }
}

const readClose = (payload: Buffer) => ({
  code: payload.length < 2 ? null : payload.readUInt16BE(0),
  reason: payload.toString('utf8', 2),
})
