/** One side's frames: honest ones in random fragments and pieces, then changes to frames or bytes. */
import { frame, opcodes } from '../../conformance/frames.ts'
import { type Dice, diceFor } from '../dice.ts'
import { readScript, type Script } from './script.ts'

/** Whose frames are written as a case says. */
export type Side = 'caller' | 'upstream'

export interface SocketCase {
  number: number
  side: Side
  /** The changes; none of an honest case. */
  how: string[]
  /** As they are written, one after the other. */
  pieces: Buffer[]
  script: Script
}

interface Draft {
  opcode: number
  payload: Buffer
  fin: boolean
  rsv: number
  masked: boolean
  lengthBits: 7 | 16 | 64 | null
  claimed: bigint | null
}

/** Every other case is an upstream's. */
export function makeSocketCase(seed: number, number: number): SocketCase {
  const dice = diceFor(seed, number)
  const side = number % 2 === 0 ? 'caller' : 'upstream'
  const masked = side === 'caller'
  const drafts = Array.from({ length: 1 + dice.int(5) }, (_, index) =>
    message(dice, `${number}:${index}:`, masked),
  ).flat()
  const how: string[] = []
  let bytes: Buffer = Buffer.alloc(0)
  const change = dice.weighted({ none: 4, frames: 3, bytes: 3 })
  if (change === 'frames') {
    const name = dice.pick(Object.keys(frameChanges) as (keyof typeof frameChanges)[])
    frameChanges[name](dice, drafts)
    how.push(name)
  }
  bytes = Buffer.concat(drafts.map((draft) => written(dice, draft)))
  if (change === 'bytes') {
    const name = dice.pick(Object.keys(byteChanges) as (keyof typeof byteChanges)[])
    bytes = byteChanges[name](dice, bytes)
    how.push(name)
  }
  return { number, side, how, pieces: dice.cut(bytes, 1 + dice.int(8)), script: readScript(bytes, { masked }) }
}

/** A message that names its case, in fragments with pings between them. */
function message(dice: Dice, name: string, masked: boolean): Draft[] {
  const isText = dice.chance(0.6)
  const size = dice.weighted({ small: 6, medium: 3, large: 1 })
  const length = { small: dice.int(126), medium: dice.int(2000), large: 60_000 + dice.int(10_000) }[size]
  const body = Buffer.from(`${name}${dice.text(length, isText ? 'añ✓😀x{}" ' : undefined)}`)
  const parts = isText || dice.chance(0.5) ? dice.cut(body, 1 + dice.int(4)) : [body]
  const draft = (opcode: number, payload: Buffer, fin = true): Draft => ({
    ...{ opcode, payload, fin, masked },
    ...{ rsv: 0, lengthBits: null, claimed: null },
  })
  return parts.flatMap((part, index) => [
    ...(dice.chance(0.15) ? [draft(opcodes.ping, Buffer.from(dice.text(dice.int(126))))] : []),
    ...(dice.chance(0.05) ? [draft(opcodes.pong, Buffer.from(dice.text(dice.int(20))))] : []),
    draft(index > 0 ? opcodes.continuation : isText ? opcodes.text : opcodes.binary, part, index === parts.length - 1),
  ])
}

function written(dice: Dice, { opcode, payload, lengthBits, claimed, ...rest }: Draft): Buffer {
  const mask = [dice.int(256), dice.int(256), dice.int(256), dice.int(256)] as const
  return frame(opcode, payload, {
    ...rest,
    mask,
    ...(lengthBits && { lengthBits }),
    ...(claimed !== null && { claimed }),
  })
}

const controls = [opcodes.close, opcodes.ping, opcodes.pong]

const frameChanges = {
  'reserved bits': (dice, drafts) => Object.assign(dice.pick(drafts), { rsv: 1 + dice.int(7) }),
  'another opcode': (dice, drafts) => Object.assign(dice.pick(drafts), { opcode: dice.int(16) }),
  'the other mask': (dice, drafts) => {
    const chosen = dice.pick(drafts)
    chosen.masked = !chosen.masked
  },
  'a wider length': (dice, drafts) => Object.assign(dice.pick(drafts), { lengthBits: 64 }),
  'a huge length': (dice, drafts) =>
    Object.assign(dice.pick(drafts), {
      lengthBits: 64,
      claimed: dice.pick([2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n]),
    }),
  'a length that is not the payload’s': (dice, drafts) =>
    Object.assign(dice.pick(drafts), { lengthBits: 16, claimed: BigInt(dice.int(70_000) % 65_536) }),
  'the other end of a message': (dice, drafts) => {
    const chosen = dice.pick(drafts)
    chosen.fin = !chosen.fin
  },
  'a frame twice': (dice, drafts) => {
    const at = dice.int(drafts.length)
    drafts.splice(at, 0, { ...(drafts[at] as Draft) })
  },
  'a frame less': (dice, drafts) => drafts.splice(dice.int(drafts.length), 1),
  'frames in another order': (dice, drafts) => drafts.push(...drafts.splice(dice.int(drafts.length), 1)),
  'a control frame too long': (dice, drafts) =>
    insert(dice, drafts, dice.pick(controls), Buffer.alloc(126 + dice.int(200))),
  'a close in between': (dice, drafts) => {
    const code = dice.pick([1000, 1001, 1005, 1006, 1015, 1016, 2999, 3000, 4999, 5000, 0, 65_535])
    insert(
      dice,
      drafts,
      opcodes.close,
      Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(dice.text(dice.int(124)))]),
    )
  },
} satisfies Record<string, (dice: Dice, drafts: Draft[]) => unknown>

function insert(dice: Dice, drafts: Draft[], opcode: number, payload: Buffer): void {
  const [like] = drafts
  const draft = { opcode, payload, fin: true, rsv: 0, masked: like?.masked ?? true, lengthBits: null, claimed: null }
  drafts.splice(dice.int(drafts.length + 1), 0, draft)
}

const byteChanges = {
  'a byte changed': (dice, bytes) => {
    const copy = Buffer.from(bytes)
    copy[dice.int(copy.length)] = dice.int(256)
    return copy
  },
  'a bit of a head changed': (dice, bytes) => {
    const copy = Buffer.from(bytes)
    const at = dice.int(Math.min(14, copy.length))
    copy[at] = (copy[at] ?? 0) ^ (1 << dice.int(8))
    return copy
  },
  'broken off': (dice, bytes) => bytes.subarray(0, dice.int(bytes.length)),
  'bytes cut out': (dice, bytes) => {
    const at = dice.int(bytes.length)
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + dice.int(20))])
  },
  'bytes put in': (dice, bytes) => {
    const at = dice.int(bytes.length)
    const foreign = Buffer.from(Array.from({ length: 1 + dice.int(20) }, () => dice.int(256)))
    return Buffer.concat([bytes.subarray(0, at), foreign, bytes.subarray(at)])
  },
  'bytes twice': (dice, bytes) => {
    const at = dice.int(bytes.length)
    const part = bytes.subarray(at, at + 1 + dice.int(200))
    return Buffer.concat([bytes.subarray(0, at), part, bytes.subarray(at)])
  },
} satisfies Record<string, (dice: Dice, bytes: Buffer) => Buffer>
