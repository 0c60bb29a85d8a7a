/** What the upstream does with a request: an answer as bytes, when they come, and what becomes of the connection. */
import type { Dice } from './dice.ts'
import { mutate } from './mutations.ts'

export interface AnswerPlan {
  /** What it says of itself. */
  name: string
  pieces: readonly Buffer[]
  /** `head`: before the body of the request, `first piece`: after a part of it. */
  when: 'complete' | 'head' | 'first piece'
  /** `unasked`: keeps it, and sends an answer to nothing later. */
  after: 'keep' | 'end' | 'reset' | 'unasked'
  /** Turns of the event loop, or milliseconds, until the unasked bytes come. */
  pause: { turns: number; ms: number }
  /** Whoever asks as described gets exactly this answer. */
  honest: boolean
  how: readonly string[]
}

/** Says in a field and in its body whom it answers. */
export const answersField = 'x-fuzz-answers'

const statuses = [200, 200, 200, 200, 201, 202, 204, 205, 206, 301, 304, 400, 404, 409, 418, 429, 500]
const oddFields = [
  'constructor: x',
  '__proto__: x',
  'toString: x',
  'X-Fuzz-A: \xe9\xff',
  'X-Fuzz-A:',
  'Set-Cookie: a=1',
  'Set-Cookie: b=2',
  'Vary: Origin',
  'Keep-Alive: timeout=5',
  'X-VX11-Decision: x',
  'RateLimit: x',
  'Content-Type: text/plain',
  'Connection: x-fuzz-b',
  'X-Fuzz-B: hop',
]
const interims = ['HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n', 'HTTP/1.1 102 Processing\r\nX-Fuzz-A: no\r\n\r\n']

/** The client that streams uploads takes an unsolicited 100 as malformed (docs/proxying.md). */
const interimsFor = (method: string) =>
  ['GET', 'HEAD', 'OPTIONS'].includes(method) ? [...interims, 'HTTP/1.1 100 Continue\r\n\r\n'] : interims

/** Unsolicited bytes: a caller that gets them was given a foreign answer. */
export const poison = (number: number): string =>
  `HTTP/1.1 200 OK\r\n${answersField}: nobody\r\nContent-Length: 10\r\n\r\n${String(number).padStart(10)}`

type Framing = 'length' | 'chunked' | 'close'

export function honestAnswer(dice: Dice, nonce: string, method: string): AnswerPlan {
  const status = dice.pick(statuses)
  const empty = method === 'HEAD' || status === 204 || status === 205 || status === 304
  const framing: Framing = empty ? 'length' : dice.weighted({ length: 6, chunked: 3, close: 1 })
  const interim = dice.chance(0.05) ? dice.pick(interimsFor(method)).repeat(1 + dice.int(3)) : ''
  const body = status === 205 || empty ? '' : bodyFor(dice, nonce)
  const fields = Array.from({ length: dice.int(4) }, () => dice.pick(oddFields))
  const length = status === 204 ? [] : [`Content-Length: ${empty && method === 'HEAD' ? 5 : Buffer.byteLength(body)}`]
  const bytes = write(interim, status, [`${answersField}: ${nonce}`, ...fields], framing, body, length, dice)
  return {
    name: nonce,
    pieces: dice.cut(bytes, dice.pick([1, 1, 1, 2, 5])),
    when: 'complete',
    after: framing === 'close' ? 'end' : 'keep',
    pause: { turns: 0, ms: 0 },
    honest: true,
    how: [],
  }
}

function bodyFor(dice: Dice, nonce: string): string {
  const size = dice.weighted({ none: 1, small: 10, page: 3, large: 0.3 })
  const lengths = { none: 0, small: dice.int(300), page: dice.int(20_000), large: 200_000 }
  return size === 'none' ? '' : `${nonce} `.repeat(Math.ceil(lengths[size] / (nonce.length + 1)) + 1)
}

function write(
  interim: string,
  status: number,
  fields: readonly string[],
  framing: Framing,
  body: string,
  length: readonly string[],
  dice: Dice,
): Buffer {
  const framed = { length, chunked: ['Transfer-Encoding: chunked'], close: ['Connection: close'] }[framing]
  const head = [`HTTP/1.1 ${status} Some Words`, ...fields, ...framed, '', ''].join('\r\n')
  return Buffer.from(interim + head + (framing === 'chunked' ? chunked(dice, body) : body), 'latin1')
}

function chunked(dice: Dice, body: string): string {
  const sizes: string[] = []
  for (let at = 0; at < body.length; ) {
    const piece = body.slice(at, at + 1 + dice.int(body.length - at))
    at += piece.length
    sizes.push(`${piece.length.toString(16)}${dice.chance(0.1) ? ';a=b' : ''}\r\n${piece}\r\n`)
  }
  return `${sizes.join('')}0\r\n${dice.chance(0.1) ? 'X-Late: 1\r\n' : ''}\r\n`
}

/** Deliberate contradictions; mutations find the others. */
const lies: Readonly<Record<string, (dice: Dice, nonce: string) => string>> = {
  'body on 204': (_, nonce) => `HTTP/1.1 204 No\r\n${answersField}: ${nonce}\r\nContent-Length: 5\r\n\r\nhello`,
  'body on 205': (_, nonce) => `HTTP/1.1 205 Reset\r\n${answersField}: ${nonce}\r\nContent-Length: 5\r\n\r\nhello`,
  'chunks on 205': (_, nonce) =>
    `HTTP/1.1 205 Reset\r\n${answersField}: ${nonce}\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
  'body on 304': (_, nonce) => `HTTP/1.1 304 Same\r\n${answersField}: ${nonce}\r\nContent-Length: 5\r\n\r\nhello`,
  'too short': (_, nonce) => `HTTP/1.1 200 OK\r\n${answersField}: ${nonce}\r\nContent-Length: 5\r\n\r\nhello more`,
  'too long': (_, nonce) => `HTTP/1.1 200 OK\r\n${answersField}: ${nonce}\r\nContent-Length: 50\r\n\r\nhello`,
  switching: (_, nonce) =>
    `HTTP/1.1 101 Go\r\n${answersField}: ${nonce}\r\nUpgrade: foo\r\nConnection: Upgrade\r\n\r\n`,
  'interim flood': (dice, nonce) =>
    `${dice.pick(interims).repeat(200)}HTTP/1.1 200 OK\r\n${answersField}: ${nonce}\r\nContent-Length: 0\r\n\r\n`,
  'two answers': (_, nonce) =>
    `HTTP/1.1 200 OK\r\n${answersField}: ${nonce}\r\nContent-Length: 2\r\n\r\nok${poison(-1)}`,
  'no answer': () => '',
  garbage: (dice) => `${dice.text(dice.int(300))}\r\n\r\n`,
  'odd status': (dice, nonce) =>
    `HTTP/1.1 ${dice.pick(['000', '099', '600', '999', '1000', '20', 'abc', '-200'])} X\r\n${answersField}: ${nonce}\r\nContent-Length: 0\r\n\r\n`,
  'large head': (dice, nonce) =>
    `HTTP/1.1 200 OK\r\n${answersField}: ${nonce}\r\nX-Fuzz-A: ${'a'.repeat(dice.pick([15_000, 60_000, 70_000]))}\r\nContent-Length: 2\r\n\r\nok`,
}

/** Bytes that may be anything. */
export function wildAnswer(dice: Dice, nonce: string, method: string): AnswerPlan {
  const plan = honestAnswer(dice, nonce, method)
  const honest = Buffer.concat(plan.pieces)
  const kind = dice.weighted({ mutated: 50, lie: 20, cut: 12, unasked: 18 })
  const lie = dice.pick(Object.keys(lies))
  const changes = {
    mutated: () => mutate(dice, honest),
    lie: () => ({ bytes: Buffer.from(lies[lie]?.(dice, nonce) ?? '', 'latin1'), how: [lie] }),
    cut: () => ({ bytes: honest.subarray(0, dice.int(honest.length)), how: ['cut'] }),
    unasked: () => ({ bytes: honest, how: ['unasked bytes later'] }),
  }
  const { bytes, how } = changes[kind]()
  const keeps = kind === 'unasked' && plan.after === 'keep'
  return {
    name: nonce,
    pieces: how.includes('two answers') ? [bytes] : dice.cut(bytes, dice.pick([1, 1, 2, 5])),
    when: dice.weighted({ complete: 6, head: 2, 'first piece': 1 }),
    // An answer without an end would be waited for.
    after: keeps ? 'unasked' : dice.pick(['end', 'end', 'reset']),
    pause: { turns: dice.int(6), ms: dice.chance(0.3) ? dice.int(5) : 0 },
    honest: false,
    how,
  }
}

/** An honest answer that does not wait for the body. */
export const earlyAnswer = (dice: Dice, nonce: string, method: string): AnswerPlan => ({
  ...honestAnswer(dice, nonce, method),
  when: dice.pick(['head', 'first piece']),
  how: ['early'],
})
