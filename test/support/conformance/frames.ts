/** WebSocket frames as bytes (RFC 6455 §5.2): writes any, lawful or not, and reads a server's strictly. */

export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

export interface FrameOptions {
  fin?: boolean
  /** The three reserved bits, RSV1 the highest. */
  rsv?: number
  /** False breaks RFC 6455 §5.1. */
  masked?: boolean
  mask?: readonly [number, number, number, number]
  /** Bits of the length field; wider than needed breaks RFC 6455 §5.2. */
  lengthBits?: 7 | 16 | 64
  /** Claims this length, whatever follows. */
  claimed?: bigint
}

/** A frame as a client sends it. Text is encoded as UTF-8. */
export function frame(opcode: number, payload: string | Uint8Array = '', options: FrameOptions = {}): Buffer {
  const { fin = true, rsv = 0, masked = true, mask = [0x37, 0xfa, 0x21, 0x3d], claimed } = options
  const body = Buffer.from(payload)
  const length = claimed ?? BigInt(body.length)
  const bits = options.lengthBits ?? (length < 126n ? 7 : length < 65_536n ? 16 : 64)
  const head = Buffer.alloc(2 + (bits === 7 ? 0 : bits / 8))
  head[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode
  head[1] = (masked ? 0x80 : 0) | (bits === 7 ? Number(length) : bits === 16 ? 126 : 127)
  if (bits === 16) head.writeUInt16BE(Number(length), 2)
  if (bits === 64) head.writeBigUInt64BE(length, 2)
  if (!masked) return Buffer.concat([head, body])
  for (let i = 0; i < body.length; i++) body[i] = (body[i] ?? 0) ^ (mask[i & 3] ?? 0)
  return Buffer.concat([head, Buffer.from(mask), body])
}

export const text = (payload: string | Uint8Array, options?: FrameOptions) => frame(opcodes.text, payload, options)
export const binary = (payload: Uint8Array, options?: FrameOptions) => frame(opcodes.binary, payload, options)
export const ping = (payload: string | Uint8Array = '', options?: FrameOptions) => frame(opcodes.ping, payload, options)
export const pong = (payload: string | Uint8Array = '', options?: FrameOptions) => frame(opcodes.pong, payload, options)
export const more = (payload: string | Uint8Array, options?: FrameOptions) =>
  frame(opcodes.continuation, payload, options)

/** Without a code the frame is empty; the code need not be a lawful one. */
export function close(code?: number, reason: string | Uint8Array = ''): Buffer {
  if (code === undefined) return frame(opcodes.close)
  return frame(opcodes.close, Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(reason)]))
}

export interface ServerFrame {
  fin: boolean
  opcode: number
  payload: Buffer
  /** What a server may send: no mask, no reserved bit or opcode, the shortest length, short control frames. */
  lawful: boolean
}

/** The whole frames at the start of the bytes. */
export function readFrames(bytes: Buffer): { frames: ServerFrame[]; rest: Buffer } {
  const frames: ServerFrame[] = []
  let at = 0
  for (;;) {
    const head = readHead(bytes, at)
    if (!head || bytes.length < head.end) return { frames, rest: bytes.subarray(at) }
    const { start, end, ...rest } = head
    frames.push({ ...rest, payload: bytes.subarray(start, end) })
    at = end
  }
}

function readHead(bytes: Buffer, at: number) {
  if (bytes.length < at + 2) return null
  const [first = 0, second = 0] = bytes.subarray(at, at + 2)
  const short = second & 127
  const extended = short === 126 ? 2 : short === 127 ? 8 : 0
  if (bytes.length < at + 2 + extended) return null
  const length =
    extended === 0 ? short : extended === 2 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2))
  const opcode = first & 15
  const fin = first >= 128
  const lawful =
    (first & 0x70) === 0 &&
    second < 128 &&
    [0, 1, 2, 8, 9, 10].includes(opcode) &&
    (opcode < 8 || (fin && length <= 125)) &&
    (extended !== 2 || length >= 126) &&
    (extended !== 8 || length >= 65_536)
  const start = at + 2 + extended
  return { fin, opcode, lawful, start, end: start + length }
}
