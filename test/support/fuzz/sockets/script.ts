/** Reads the bytes of one side of a WebSocket as RFC 6455 has them read: what the other side is sent, and how it ends. */
import { isUtf8 } from 'node:buffer'
import { opcodes } from '../../conformance/frames.ts'

export type Message = string | Buffer

export interface Script {
  /** Whole messages before the end. */
  messages: Message[]
  pings: string[]
  /** `open`: only whole frames; `unfinished`: a part of a frame or of a message; after `closed` and `fault` nothing counts. */
  end: 'open' | 'unfinished' | 'closed' | 'fault'
  /** What is wrong with the first frame that is. */
  fault: string | null
}

export interface Reading {
  masked: boolean
}

interface Frame {
  fin: boolean
  opcode: number
  payload: Buffer
  fault: string | null
}

/** Of an unreadable length, of a lawful one too much for any message here. */
const maxPayload = 2 ** 24

export function readScript(bytes: Buffer, reading: Reading): Script {
  const script: Script = { messages: [], pings: [], end: 'open', fault: null }
  let fragments: Frame[] = []
  const fail = (fault: string): Script => ({ ...script, end: 'fault', fault })
  for (let at = 0; at < bytes.length; ) {
    const head = headAt(bytes, at, reading)
    if (head === null) return { ...script, end: 'unfinished' }
    // A wrong head is refused before its payload has come.
    if (head.fault !== null) return fail(head.fault)
    if (head.end > bytes.length) return { ...script, end: 'unfinished' }
    const frame = { ...head, payload: unmasked(bytes, head) }
    at = head.end
    if (frame.opcode === opcodes.close) {
      const fault = closeFault(frame.payload)
      return fault === null ? { ...script, end: 'closed' } : fail(fault)
    }
    if (frame.opcode === opcodes.ping) script.pings.push(frame.payload.toString())
    if (frame.opcode >= opcodes.close) continue
    if ((frame.opcode === opcodes.continuation) !== fragments.length > 0) return fail('fragments out of order')
    fragments.push(frame)
    if (!frame.fin) continue
    const body = Buffer.concat(fragments.map(({ payload }) => payload))
    const isText = fragments[0]?.opcode === opcodes.text
    if (isText && !isUtf8(body)) return fail('a text that is not UTF-8')
    script.messages.push(isText ? body.toString() : body)
    fragments = []
  }
  return fragments.length > 0 ? { ...script, end: 'unfinished' } : script
}

function headAt(bytes: Buffer, at: number, reading: Reading) {
  if (bytes.length < at + 2) return null
  const [first = 0, second = 0] = bytes.subarray(at, at + 2)
  const short = second & 127
  const extended = short === 126 ? 2 : short === 127 ? 8 : 0
  const isMasked = second >= 128
  const opcode = first & 15
  const fin = first >= 128
  const early = headFault({ first, opcode, fin, isMasked, short }, reading)
  const masks = isMasked ? 4 : 0
  const start = at + 2 + extended + masks
  if (early !== null) return { fin, opcode, mask: null, start, end: start, fault: early }
  if (bytes.length < start) return null
  const length =
    extended === 0 ? short : extended === 2 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2))
  const fault = length > maxPayload ? 'a length beyond every limit' : null
  return { fin, opcode, mask: isMasked ? bytes.subarray(start - 4, start) : null, start, end: start + length, fault }
}

interface HeadBits {
  first: number
  opcode: number
  fin: boolean
  isMasked: boolean
  short: number
}

function headFault({ first, opcode, fin, isMasked, short }: HeadBits, { masked }: Reading): string | null {
  if ((first & 0x70) !== 0) return 'reserved bits'
  if (![0, 1, 2, 8, 9, 10].includes(opcode)) return `opcode ${opcode}`
  if (isMasked !== masked) return isMasked ? 'a mask' : 'no mask'
  if (opcode >= opcodes.close && !fin) return 'a fragmented control frame'
  if (opcode >= opcodes.close && short > 125) return 'a long control frame'
  return null
}

function unmasked(bytes: Buffer, { mask, start, end }: { mask: Buffer | null; start: number; end: number }): Buffer {
  const payload = Buffer.from(bytes.subarray(start, end))
  if (mask) for (let i = 0; i < payload.length; i++) payload[i] = (payload[i] ?? 0) ^ (mask[i & 3] ?? 0)
  return payload
}

/** RFC 6455 §7.4. */
function closeFault(payload: Buffer): string | null {
  if (payload.length === 0) return null
  if (payload.length === 1) return 'half a close code'
  const code = payload.readUInt16BE(0)
  const isLawful = (code >= 3000 && code < 5000) || (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code))
  if (!isLawful) return `close code ${code}`
  return isUtf8(payload.subarray(2)) ? null : 'a reason that is not UTF-8'
}
