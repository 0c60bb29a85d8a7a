/** Requests as data, honest ones, and their bytes. Bodies may hold what looks like another request. */
import type { Dice } from './dice.ts'

export interface DescribedRequest {
  method: string
  target: string
  fields: readonly (readonly [name: string, value: string])[]
  /** Null: no body and no framing. */
  body: { bytes: Buffer; chunks: readonly number[] | null; extension: string; trailer: string } | null
}

const methods = { GET: 40, POST: 30, PUT: 10, PATCH: 5, DELETE: 5, HEAD: 5, OPTIONS: 5 }
const withBody = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

/** Letters of a target that no reader takes for anything else. */
const queryLetters = "abcXYZ019-._~!$&'()*+,;=:@/?"
const valueLetters = 'abcXYZ019 \t"\'()<>@,;:\\/[]?={}~\x80\xe9\xff'
const oddNames = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'X-FUZZ-CASE', 'x-fuzz!odd', "x-fuzz'~"]
const upgrades = ['h2c', 'websocket', 'foo/2', 'TLS/1.0', 'websocket, h2c']

export function makeRequest(dice: Dice, nonce: string, token: string): DescribedRequest {
  const method = dice.weighted(methods)
  const body = withBody.has(method) && dice.chance(0.75) ? makeBody(dice, nonce, token) : null
  const fields = [
    ['Host', dice.pick(['gateway', 'gateway.test:8080', '[::1]:80'])],
    ['X-VX11-Token', token],
    ...Array.from({ length: dice.int(5) }, () => oddField(dice)),
    ...connectionFields(dice, method),
    ...framingFields(body),
  ] as [string, string][]
  return { method, target: targetFor(dice, nonce), fields: dice.chance(0.5) ? fields : shuffled(dice, fields), body }
}

/** Every target holds its nonce, and leads to the upstream. */
function targetFor(dice: Dice, nonce: string): string {
  const path = `/shub/fuzz/${nonce}`
  return dice.weighted({ plain: 6, query: 2, escape: 1, utf8: 0.5, deep: 0.5 } as const) === 'plain'
    ? path
    : path +
        dice.pick([
          `?${dice.text(dice.int(60), queryLetters)}`,
          '/%20%7e',
          '?%00%ff',
          '/\xc3\xa9',
          `/${'d/'.repeat(20)}e`,
        ])
}

function oddField(dice: Dice): [string, string] {
  const name = dice.chance(0.1) ? dice.pick(oddNames) : `${dice.pick(['x-fuzz-', 'X-Fuzz-', 'X-FUZZ-'])}${dice.int(4)}`
  const length = dice.chance(0.02) ? 4000 : dice.int(30)
  return [name, dice.text(length, valueLetters)]
}

function connectionFields(dice: Dice, method: string): [string, string][] {
  const kind = dice.weighted({
    none: 60,
    close: 5,
    named: 5,
    upgrade: 6,
    handshake: 2,
    te: 4,
    expect: method === 'POST' ? 4 : 0,
  })
  if (kind === 'close') return [['Connection', 'close']]
  if (kind === 'named') return [['Connection', `keep-alive, x-fuzz-${dice.int(4)}`]]
  if (kind === 'upgrade') return [['Connection', 'Upgrade'], ['Upgrade', dice.pick(upgrades)], ...maybeSettings(dice)]
  if (kind === 'handshake') return handshake(dice)
  if (kind === 'te')
    return [
      ['TE', 'trailers'],
      ['Connection', 'TE'],
    ]
  return kind === 'expect' ? [['Expect', '100-continue']] : []
}

const maybeSettings = (dice: Dice): [string, string][] =>
  dice.chance(0.5) ? [['HTTP2-Settings', 'AAMAAABkAAQAAP__']] : []

/** Of an unknown version, or without its key: it stays an ordinary request. */
const handshake = (dice: Dice): [string, string][] => [
  ['Connection', 'Upgrade'],
  ['Upgrade', 'websocket'],
  ['Sec-WebSocket-Version', dice.pick(['12', '8', '13, 12'])],
  ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
]

function makeBody(dice: Dice, nonce: string, token: string): DescribedRequest['body'] {
  const size = dice.weighted({ empty: 1, small: 10, page: 4, border: 1, large: 0.3 })
  const lengths = {
    empty: 0,
    small: dice.int(200),
    page: dice.int(9000),
    border: 65_500 + dice.int(80),
    large: 150_000,
  }
  const filler = dice
    .text(16)
    .repeat(Math.ceil(lengths[size] / 16))
    .slice(0, lengths[size])
  const hidden = dice.chance(0.25) ? hiddenRequest(nonce, token) : ''
  const bytes = Buffer.from(size === 'empty' ? '' : hidden + nonce + filler, 'latin1')
  const chunks = dice.chance(0.45) ? chunkSizes(dice, bytes.length) : null
  const extension = dice.chance(0.15) ? dice.pick([';a', ';a=b', ';a="x y"']) : ''
  return { bytes, chunks, extension, trailer: dice.chance(0.1) ? 'X-Fuzz-Trailer: late\r\n' : '' }
}

/** Must never be seen as a request of its own, unless a mutation made it one. */
const hiddenRequest = (nonce: string, token: string) =>
  `\r\n\r\nGET /shub/fuzz/hidden-${nonce} HTTP/1.1\r\nHost: g\r\nX-VX11-Token: ${token}\r\n\r\n`

function chunkSizes(dice: Dice, length: number): number[] {
  const sizes: number[] = []
  for (let left = length; left > 0; left -= sizes.at(-1) ?? 0) sizes.push(1 + dice.int(left))
  return sizes
}

const framingFields = (body: DescribedRequest['body']): [string, string][] => {
  if (body === null) return []
  return body.chunks === null ? [['Content-Length', String(body.bytes.length)]] : [['Transfer-Encoding', 'chunked']]
}

const shuffled = <T>(dice: Dice, list: T[]): T[] =>
  list
    .map((each): [number, T] => [dice.int(1e6), each])
    .toSorted(([a], [b]) => a - b)
    .map(([, each]) => each)

export function writeRequest({ method, target, fields, body }: DescribedRequest): Buffer {
  const head = [`${method} ${target} HTTP/1.1`, ...fields.map(([name, value]) => `${name}: ${value}`), '', ''].join(
    '\r\n',
  )
  return Buffer.concat([Buffer.from(head, 'latin1'), ...(body === null ? [] : writeBody(body))])
}

export function writeBody({ bytes, chunks, extension, trailer }: NonNullable<DescribedRequest['body']>): Buffer[] {
  if (chunks === null) return [bytes]
  let at = 0
  const parts = chunks.flatMap((size) => {
    const line = Buffer.from(`${size.toString(16)}${extension}\r\n`, 'latin1')
    const data = bytes.subarray(at, at + size)
    at += size
    return [line, data, Buffer.from('\r\n')]
  })
  return [...parts, Buffer.from(`0\r\n${trailer}\r\n`, 'latin1')]
}
