/** Ways in which bytes of a message go wrong: one at a time, at a place that the dice choose. */
import type { Dice } from './dice.ts'

type Mutation = (dice: Dice, bytes: Buffer) => Buffer

const doubtful = [
  '\0',
  '\r',
  '\n',
  '\t',
  ' ',
  ':',
  ';',
  ',',
  '\x0b',
  '\x7f',
  '\x80',
  '\xff',
  '\r\n',
  '\r\n\r\n',
  '0\r\n\r\n',
]

/** Lines that contradict others, or that readers take in different ways. */
const lines = [
  'Content-Length: 0',
  'Content-Length: 5',
  'Content-Length: +5',
  'Content-Length: 5, 5',
  'Content-Length: 0x5',
  'Content-Length: 99999999999999999999',
  'Content-Length: -1',
  'Content_Length: 5',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: CHUNKED',
  'Transfer-Encoding: gzip, chunked',
  'Transfer-Encoding: xchunked',
  'Transfer-Encoding: chunked, identity',
  'Transfer-Encoding:\x0bchunked',
  'Transfer-Encoding : chunked',
  'Transfer_Encoding: chunked',
  'Connection: close',
  'Connection: Content-Length, Transfer-Encoding, Host',
  'Upgrade: h2c',
  'Connection: Upgrade',
  'Host: other',
  'Host: ',
  ' folded',
  '\tfolded',
  'Expect: 100-continue',
  'Expect: else',
  'no colon',
  ': no name',
  'Trailer: Content-Length',
  '__proto__: x',
  'constructor: x',
]

const targets = [
  '*',
  '/',
  '//shub/x',
  '/shub/../x',
  '/shub/%2e%2e/x',
  'http://else/shub/x',
  '/shub\\x',
  '/shub/x#y',
  '/shub/%zz',
]

const splice = (bytes: Buffer, from: number, to: number, put: string | Buffer): Buffer =>
  Buffer.concat([
    bytes.subarray(0, from),
    typeof put === 'string' ? Buffer.from(put, 'latin1') : put,
    bytes.subarray(to),
  ])

/** Half of all places are in the head, however long the body. */
const place = (dice: Dice, bytes: Buffer): number => {
  const head = bytes.indexOf('\r\n\r\n')
  return dice.int((head > 0 && dice.chance(0.5) ? head + 4 : bytes.length) + 1)
}

/** The beginning of a line of the head, but the first. */
function lineStart(dice: Dice, bytes: Buffer): number {
  const from = place(dice, bytes)
  const found = bytes.lastIndexOf('\r\n', from)
  return found < 0 ? Math.max(0, bytes.indexOf('\r\n')) + 2 : found + 2
}

const lineEnd = (bytes: Buffer, start: number): number => {
  const end = bytes.indexOf('\r\n', start)
  return end < 0 ? bytes.length : end + 2
}

export const mutations: Readonly<Record<string, Mutation>> = {
  flip(dice, bytes) {
    const changed = Buffer.from(bytes)
    const at = Math.min(place(dice, bytes), bytes.length - 1)
    if (at >= 0) changed[at] = (changed[at] ?? 0) ^ (1 << dice.int(8))
    return changed
  },
  remove(dice, bytes) {
    const at = place(dice, bytes)
    return splice(bytes, at, Math.min(bytes.length, at + 1 + dice.int(4)), '')
  },
  insert(dice, bytes) {
    const at = place(dice, bytes)
    return splice(bytes, at, at, dice.pick(doubtful))
  },
  replace(dice, bytes) {
    const at = place(dice, bytes)
    return splice(bytes, at, Math.min(bytes.length, at + 1), dice.pick(doubtful))
  },
  'double a line'(dice, bytes) {
    const start = lineStart(dice, bytes)
    return splice(bytes, start, start, bytes.subarray(start, lineEnd(bytes, start)))
  },
  'drop a line'(dice, bytes) {
    const start = lineStart(dice, bytes)
    return splice(bytes, start, lineEnd(bytes, start), '')
  },
  'add a line'(dice, bytes) {
    const start = Math.min(lineStart(dice, bytes), bytes.indexOf('\r\n\r\n') + 2)
    return splice(bytes, start, start, `${dice.pick(lines)}\r\n`)
  },
  'bare line end'(dice, bytes) {
    const end = lineEnd(bytes, lineStart(dice, bytes))
    return end < 2 ? bytes : splice(bytes, end - 2, end, dice.pick(['\n', '\r', '\n\r', '\r\r\n']))
  },
  'blank before a colon'(dice, bytes) {
    const colon = bytes.indexOf(':', lineStart(dice, bytes))
    return colon < 0 ? bytes : splice(bytes, colon, colon, dice.pick([' ', '\t']))
  },
  'another target': (dice, bytes) => {
    const from = bytes.indexOf(' ') + 1
    const to = bytes.indexOf(' ', from)
    return to < 0 ? bytes : splice(bytes, from, to, dice.pick(targets))
  },
  'another version': (dice, bytes) => {
    const at = bytes.indexOf('HTTP/1.')
    return at < 0
      ? bytes
      : splice(bytes, at, at + 8, dice.pick(['HTTP/1.0', 'HTTP/2.0', 'HTTP/1.2', 'HTTP/0.9', 'http/1.1', 'HTTP/1.1 ']))
  },
  'a long extension'(dice, bytes) {
    const end = lineEnd(bytes, bytes.indexOf('\r\n\r\n') + 4) - 2
    return end < 2 ? bytes : splice(bytes, end, end, `;${'e'.repeat(dice.pick([100, 5000, 20_000]))}`)
  },
  'a long field'(dice, bytes) {
    const start = lineStart(dice, bytes)
    return splice(bytes, start, start, `X-Fuzz-Long: ${'l'.repeat(dice.pick([4000, 17_000, 70_000]))}\r\n`)
  },
  truncate: (dice, bytes) => bytes.subarray(0, place(dice, bytes)),
  'bytes behind': (dice, bytes) =>
    splice(bytes, bytes.length, bytes.length, dice.pick([...doubtful, 'garbage', 'GET / HTTP'])),
  'copy a part'(dice, bytes) {
    const from = place(dice, bytes)
    const at = place(dice, bytes)
    return splice(bytes, at, at, bytes.subarray(from, from + dice.int(100)))
  },
}

const names = Object.keys(mutations)

/** One to three of them, with their names. */
export function mutate(dice: Dice, bytes: Buffer): { bytes: Buffer; how: string[] } {
  const how = Array.from({ length: dice.pick([1, 1, 1, 2, 3]) }, () => dice.pick(names))
  return { bytes: how.reduce((before, name) => mutations[name]?.(dice, before) ?? before, bytes), how }
}
