/** The families of the Autobahn test suite as a table: what is sent, and what RFC 6455 has a server make of it. */
import { binary, close, frame, more, opcodes, ping, pong, text } from './frames.ts'
import { lawfulUtf8, unlawfulUtf8 } from './utf8.ts'

/** Where messages come back as they were sent. */
export interface Endpoint {
  /** Around a text, so that the endpoint takes it. */
  before: string
  after: string
  /** False where the endpoint takes text alone. */
  takesBinary: boolean
  maxMessageBytes: number
  /** A message is answered before what follows it on the connection is looked at. */
  answersInOrder: boolean
}

export interface Case {
  name: string
  send: Uint8Array[]
  /** Sent in pieces of so many bytes. */
  drip?: number
  /** Messages and pongs that come back. */
  got: (string | Buffer | { pong: string })[]
  /** The server closes with that; else it goes on and agrees to a close. Null is a close frame without a code. */
  closes?: number | null
  /** What comes back from a server that overlooks what is wrong, or repairs it. */
  overlooked?: (string | { pong: string })[]
}

export const casesFor = (endpoint: Endpoint): Record<string, Case[]> => ({
  framing: framing(endpoint),
  'pings and pongs': pings(endpoint),
  'reserved bits': reservedBits(endpoint),
  'reserved opcodes': reservedOpcodes(endpoint),
  fragmentation: fragmentation(endpoint),
  UTF8: utf8(endpoint),
  closing: closing(endpoint),
  'masks and lengths': masksAndLengths(endpoint),
  limits: limits(endpoint),
})

const wrap = ({ before, after }: Endpoint, content: string | Uint8Array) =>
  Buffer.concat([Buffer.from(before), Buffer.from(content), Buffer.from(after)])

/** A text of so many bytes in all. */
const ofSize = (endpoint: Endpoint, size: number) =>
  wrap(endpoint, '*'.repeat(size - endpoint.before.length - endpoint.after.length))

const echoed = (message: Buffer) => message.toString()

const ordered = ({ answersInOrder }: Endpoint, each: Case): Case[] => (answersInOrder ? [each] : [])

/** A message that shows that the connection still works. */
const probe = (endpoint: Endpoint) => wrap(endpoint, 'probe')

function framing(endpoint: Endpoint): Case[] {
  const sizes = [16, 125, 126, 127, 128, 65_535, 65_536]
  const texts = sizes.flatMap((size) => {
    const message = ofSize(endpoint, size)
    return [undefined, 997].map((drip) => ({
      name: `a text of ${size} bytes${drip ? ` in pieces of ${drip}` : ''}`,
      send: [text(message)],
      ...(drip && { drip }),
      got: [echoed(message)],
    }))
  })
  const binaries = [0, ...sizes].map((size) => {
    const message = Buffer.alloc(size, 0xfe)
    return { name: `a binary message of ${size} bytes`, send: [binary(message)], got: [message] }
  })
  const message = ofSize(endpoint, 130)
  return [
    ...texts,
    ...(endpoint.takesBinary
      ? binaries
      : [{ name: 'a binary message', send: [binary(Buffer.alloc(3))], got: [], closes: 1003 }]),
    ...(endpoint.before ? [] : [{ name: 'an empty text', send: [text('')], got: [''] }]),
    { name: 'a text byte by byte', send: [text(message)], drip: 1, got: [echoed(message)] },
    {
      name: 'several texts in one piece',
      send: [Buffer.concat([text(message), text(message), text(message)])],
      got: [echoed(message), echoed(message), echoed(message)],
    },
  ]
}

function pings(endpoint: Endpoint): Case[] {
  const longest = '*'.repeat(125)
  const numbered = Array.from({ length: 10 }, (_, i) => `payload-${i}`)
  const message = probe(endpoint)
  return [
    { name: 'an empty ping', send: [ping()], got: [{ pong: '' }] },
    { name: 'a ping with text', send: [ping('Hello, world!')], got: [{ pong: 'Hello, world!' }] },
    { name: 'a ping of 125 bytes', send: [ping(longest)], got: [{ pong: longest }] },
    { name: 'a ping of 125 bytes, byte by byte', send: [ping(longest)], drip: 1, got: [{ pong: longest }] },
    {
      name: 'a ping of 126 bytes',
      send: [ping(`${longest}*`)],
      got: [],
      closes: 1002,
      overlooked: [{ pong: `${longest}*` }],
    },
    { name: 'ten pings', send: numbered.map((each) => ping(each)), got: numbered.map((each) => ({ pong: each })) },
    {
      name: 'ten pings byte by byte',
      send: numbered.map((each) => ping(each)),
      drip: 1,
      got: numbered.map((each) => ({ pong: each })),
    },
    { name: 'a pong that nobody asked for', send: [pong()], got: [] },
    { name: 'a pong with text, then a ping', send: [pong('unasked'), ping('asked')], got: [{ pong: 'asked' }] },
    { name: 'a fragmented ping', send: [ping('half', { fin: false })], got: [], closes: 1002 },
    { name: 'a fragmented pong', send: [pong('half', { fin: false })], got: [], closes: 1002 },
    ...ordered(endpoint, {
      name: 'a ping behind a text',
      send: [text(message), ping('after')],
      got: [echoed(message), { pong: 'after' }],
    }),
  ]
}

function reservedBits(endpoint: Endpoint): Case[] {
  const content = probe(endpoint)
  const kinds: [string, number, Uint8Array][] = [
    ['text', opcodes.text, content],
    ['a ping', opcodes.ping, Buffer.from('x')],
    ['a pong', opcodes.pong, Buffer.from('x')],
    ['a close', opcodes.close, Buffer.alloc(0)],
  ]
  const alone = kinds.flatMap(([what, opcode, payload]) =>
    [1, 2, 3, 4, 5, 6, 7].map((rsv) => ({
      name: `bits ${rsv.toString(2).padStart(3, '0')} on ${what}`,
      send: [frame(opcode, payload, { rsv })],
      got: [],
      closes: 1002,
    })),
  )
  return [
    ...alone,
    ...ordered(endpoint, {
      name: 'a bit on the second of two texts',
      send: [text(content), text(content, { rsv: 2 }), ping('never answered')],
      got: [echoed(content)],
      closes: 1002,
    }),
    {
      name: 'a bit on a continuation',
      send: [text(content.subarray(0, 2), { fin: false }), more(content.subarray(2), { rsv: 1 })],
      got: [],
      closes: 1002,
    },
  ]
}

const reservedOpcodes = (endpoint: Endpoint): Case[] => [
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].flatMap((opcode) => [
    { name: `opcode ${opcode}, empty`, send: [frame(opcode)], got: [], closes: 1002 },
    { name: `opcode ${opcode} with content`, send: [frame(opcode, 'reserved')], got: [], closes: 1002 },
  ]),
  ...ordered(endpoint, {
    name: 'a reserved opcode behind a text',
    send: [text(probe(endpoint)), frame(5, 'x'), ping('never answered')],
    got: [echoed(probe(endpoint))],
    closes: 1002,
  }),
]

function fragmentation(endpoint: Endpoint): Case[] {
  const message = ofSize(endpoint, 60)
  const [first, second, third] = [message.subarray(0, 20), message.subarray(20, 40), message.subarray(40)]
  const open = { fin: false }
  return [
    { name: 'two fragments', send: [text(first, open), more(message.subarray(20))], got: [echoed(message)] },
    { name: 'three fragments', send: [text(first, open), more(second, open), more(third)], got: [echoed(message)] },
    {
      name: 'empty fragments around the content',
      send: [text('', open), more(message, open), more('')],
      got: [echoed(message)],
    },
    {
      name: 'three fragments byte by byte',
      send: [text(first, open), more(second, open), more(third)],
      drip: 1,
      got: [echoed(message)],
    },
    {
      name: 'every byte a fragment',
      send: [text('', open), ...[...message].map((byte) => more(Buffer.from([byte]), open)), more('')],
      got: [echoed(message)],
    },
    {
      name: 'pings between fragments, answered at once',
      send: [text(first, open), ping('one'), more(second, open), ping('two'), more(third)],
      got: [{ pong: 'one' }, { pong: 'two' }, echoed(message)],
    },
    {
      name: 'a close between fragments',
      send: [text(first, open), close(1000), more(second)],
      got: [],
      closes: 1000,
    },
    { name: 'a continuation of nothing', send: [more(message)], got: [], closes: 1002 },
    { name: 'an unfinished continuation of nothing', send: [more(message, open)], got: [], closes: 1002 },
    ...ordered(endpoint, {
      name: 'a continuation of what was finished',
      send: [text(first, open), more(message.subarray(20)), more(third)],
      got: [echoed(message)],
      closes: 1002,
    }),
    { name: 'a text within a text', send: [text(first, open), text(message)], got: [], closes: 1002 },
    { name: 'a binary within a text', send: [text(first, open), binary(message)], got: [], closes: 1002 },
    {
      name: 'two fragmented texts, one behind the other',
      send: [text(first, open), more(message.subarray(20)), text(first, open), more(message.subarray(20))],
      got: [echoed(message), echoed(message)],
    },
  ]
}

function utf8(endpoint: Endpoint): Case[] {
  const open = { fin: false }
  const lawful = lawfulUtf8.flatMap(([what, bytes]) => {
    const message = wrap(endpoint, bytes)
    const split = [...message].map((byte, i) => {
      const options = { fin: i === message.length - 1 }
      return i === 0 ? text(Buffer.from([byte]), options) : more(Buffer.from([byte]), options)
    })
    return [
      { name: `${what}`, send: [text(message)], got: [echoed(message)] },
      { name: `${what}, every byte a fragment`, send: split, got: [echoed(message)] },
    ]
  })
  const unlawful = unlawfulUtf8.flatMap(([what, bytes]) => {
    const message = wrap(endpoint, bytes)
    const middle = Buffer.byteLength(endpoint.before) + Math.ceil(bytes.length / 2)
    return [
      { name: `not UTF-8: ${what}`, send: [text(message)], got: [], closes: 1007, overlooked: [echoed(message)] },
      {
        name: `not UTF-8: ${what}, in two fragments`,
        send: [text(message.subarray(0, middle), open), more(message.subarray(middle))],
        got: [],
        closes: 1007,
        overlooked: [echoed(message)],
      },
    ]
  })
  return [...lawful, ...unlawful]
}

function closing(endpoint: Endpoint): Case[] {
  const lawful = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999]
  const unlawful = [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535]
  const reason = '*'.repeat(123)
  return [
    { name: 'no code', send: [close()], got: [], closes: null },
    ...lawful.map((code) => ({ name: `${code}`, send: [close(code, 'bye')], got: [], closes: code })),
    { name: 'the longest reason', send: [close(1000, reason)], got: [], closes: 1000 },
    { name: 'a reason beyond ASCII', send: [close(1000, 'adiós ✓')], got: [], closes: 1000 },
    { name: 'a reason a byte too long', send: [close(1000, `${reason}*`)], got: [], closes: 1002 },
    { name: 'half a code', send: [frame(opcodes.close, Buffer.from([3]))], got: [], closes: 1002 },
    {
      name: 'a reason that is not UTF-8',
      send: [close(1000, Buffer.from([0xce, 0xba, 0xed, 0xa0, 0x80]))],
      got: [],
      closes: 1007,
    },
    ...unlawful.map((code) => ({ name: `the unlawful code ${code}`, send: [close(code)], got: [], closes: 1002 })),
    { name: 'a second close', send: [close(1000), close(1001)], got: [], closes: 1000 },
    { name: 'a ping behind the close', send: [close(1000), ping('late')], got: [], closes: 1000 },
    { name: 'a text behind the close', send: [close(1000), text(probe(endpoint))], got: [], closes: 1000 },
    ...ordered(endpoint, {
      name: 'a text, then the close',
      send: [text(probe(endpoint)), close(1000)],
      got: [echoed(probe(endpoint))],
      closes: 1000,
    }),
  ]
}

function masksAndLengths(endpoint: Endpoint): Case[] {
  const message = probe(endpoint)
  const overlooked = [echoed(message)]
  return [
    { name: 'a mask of zeros', send: [text(message, { mask: [0, 0, 0, 0] })], got: [echoed(message)] },
    ...[
      { what: 'a text without a mask', sent: text(message, { masked: false }), overlooked },
      { what: 'a text with a length in 16 bits that 7 can hold', sent: text(message, { lengthBits: 16 }), overlooked },
      { what: 'a text with a length in 64 bits that 7 can hold', sent: text(message, { lengthBits: 64 }), overlooked },
      { what: 'a ping without a mask', sent: ping('x', { masked: false }), overlooked: [{ pong: 'x' }] },
      { what: 'a ping with a length in 16 bits', sent: ping('x', { lengthBits: 16 }), overlooked: [{ pong: 'x' }] },
    ].map(({ what, sent, overlooked }) => ({ name: what, send: [sent], got: [], closes: 1002, overlooked })),
    { name: 'a length of 2^63', send: [text('', { claimed: 2n ** 63n })], got: [], closes: 1009 },
    { name: 'a length of 2^53', send: [text('', { claimed: 2n ** 53n })], got: [], closes: 1009 },
  ]
}

function limits(endpoint: Endpoint): Case[] {
  const longest = endpoint.maxMessageBytes
  const big = ofSize(endpoint, longest)
  const pieces = (message: Buffer, size: number) => {
    const count = Math.ceil(message.length / size)
    return Array.from({ length: count }, (_, i) => {
      const part = message.subarray(i * size, (i + 1) * size)
      const options = { fin: i === count - 1 }
      return i === 0 ? text(part, options) : more(part, options)
    })
  }
  const tooBig = ofSize(endpoint, longest + 1)
  return [
    { name: 'a text of the limit', send: [text(big)], got: [echoed(big)] },
    { name: 'a text of the limit in pieces of 64 KiB', send: pieces(big, 65_536), got: [echoed(big)] },
    { name: 'a text of the limit in pieces of 256 bytes', send: pieces(big, 256), got: [echoed(big)] },
    { name: 'a text a byte too long', send: [text(tooBig)], got: [], closes: 1009 },
    { name: 'a text a byte too long in pieces', send: pieces(tooBig, 65_536), got: [], closes: 1009 },
  ]
}
