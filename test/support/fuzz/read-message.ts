/**
 * What bytes say by the letter of RFC 9112, and not a byte more: the first doubt ends the reading. It shares no code
 * with the gateway, whose word is compared with this one.
 */
import { trimmed } from '../http-white-space.ts'
import type { Runtime } from './ledger.ts'

export type Field = readonly [name: string, value: string]

export interface ReadRequest {
  method: string
  target: string
  /** In order, repeats included; names in lower case. */
  fields: Field[]
  /** Of an incomplete one, what there is of it. */
  body: Buffer
  complete: boolean
}

export interface ReadAnswer {
  status: number
  fields: Field[]
  body: Buffer
  complete: boolean
}

export interface Reading<Message> {
  messages: Message[]
  /** Why reading stopped; null at a clean end or in the middle of a message. */
  doubt: string | null
  /** Bytes of a head that is not complete. */
  rest: number
}

const token = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/
/** More than one blank between the parts may be taken (RFC 9112 §3), and llhttp does. */
const requestLine = /^([!#$%&'*+\-.^_`|~\dA-Za-z]+) +([\x21-\x7e\x80-\xff]+) +HTTP\/1\.[01]$/
const statusLine = /^HTTP\/1\.[01] ([1-9]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/
const fieldText = /^[\t\x20-\x7e\x80-\xff]*$/
const chunkLine = /^([\da-f]{1,13})[\t ]*(?:;[\t\x20-\x7e\x80-\xff]*)?$/i
/** workerd drops an extension without a look at what it is made of. */
const laxChunkLine = /^([\da-f]{1,13})[\t ]*(?:;.*)?$/is

class Doubt extends Error {}

export function readRequests(bytes: Buffer, runtime: Runtime): Reading<ReadRequest> {
  const chunks = runtime === 'workerd' ? laxChunkLine : chunkLine
  return readAll(bytes, { skipsLines: true, chunks }, (line, fields) => {
    const [, method, target] = requestLine.exec(line) ?? []
    if (method === undefined || target === undefined || method === 'CONNECT') throw new Doubt('request line')
    return { start: { method, target }, framing: framingOf(fields, 0) }
  })
}

/** `methods` are those of the requests. Interim answers are left out. `ended`: the connection closed in order. */
export function readAnswers(bytes: Buffer, methods: readonly string[], ended: boolean): Reading<ReadAnswer> {
  let index = 0
  const { messages, ...reading } = readAll<{ status: number }>(bytes, answerRules, (line, fields) => {
    const status = Number(statusLine.exec(line)?.[1])
    if (!(status >= 100) || status === 101) throw new Doubt('status line')
    if (status < 200) return { start: { status }, framing: 0 }
    const framing = framingOf(fields, ended ? 'close' : 'cut')
    const endsWithHead = methods[index++] === 'HEAD' || status === 204 || status === 304
    return { start: { status }, framing: endsWithHead ? 0 : framing }
  })
  return { ...reading, messages: messages.filter(({ status }) => status >= 200) }
}

/** `close` and `cut`: all that is left, which is whole only if the connection closed in order. */
type Framing = number | 'chunked' | 'close' | 'cut'
interface Rules {
  /** Empty lines before a message. */
  skipsLines: boolean
  chunks: RegExp
}
const answerRules: Rules = { skipsLines: false, chunks: chunkLine }
type Begin<Start> = (line: string, fields: Field[]) => { start: Start; framing: Framing }
type Message<Start> = Start & { fields: Field[]; body: Buffer; complete: boolean }

function readAll<Start>(bytes: Buffer, rules: Rules, begin: Begin<Start>): Reading<Message<Start>> {
  const messages: Message<Start>[] = []
  let at = 0
  try {
    for (;;) {
      while (rules.skipsLines && (bytes[at] === 13 || bytes[at] === 10)) at++
      const end = bytes.indexOf('\r\n\r\n', at)
      if (end < 0) return { messages, doubt: hasBareEnd(bytes, at) ? 'line end' : null, rest: bytes.length - at }
      const [line = '', ...lines] = bytes.toString('latin1', at, end).split('\r\n')
      const fields = lines.map(readField)
      const { start, framing } = begin(line, fields)
      const message = { ...start, fields, body: Buffer.alloc(0), complete: false }
      messages.push(message)
      at = readBody(bytes, end + 4, framing, rules.chunks, message)
      if (!message.complete) return { messages, doubt: null, rest: 0 }
    }
  } catch (error) {
    if (!(error instanceof Doubt)) throw error
    return { messages, doubt: error.message, rest: bytes.length - at }
  }
}

/** A line feed alone may end a line, and two of them a head (RFC 9112 §2.2). */
const hasBareEnd = (bytes: Buffer, from: number) => /(?<!\r)\n/.test(bytes.toString('latin1', from))

function readField(line: string): Field {
  const colon = line.indexOf(':')
  const name = line.slice(0, colon)
  const value = line.slice(colon + 1)
  if (colon < 0 || !token.test(name) || !fieldText.test(value)) throw new Doubt('field')
  return [name.toLowerCase(), trimmed(value)]
}

function framingOf(fields: readonly Field[], otherwise: Framing): Framing {
  const valuesOf = (name: string) => fields.filter(([each]) => each === name).map(([, value]) => value)
  const lengths = valuesOf('content-length')
  const codings = valuesOf('transfer-encoding')
  if (lengths.length + codings.length > 1) throw new Doubt('two framings')
  const [length] = lengths
  const [coding] = codings
  if (coding !== undefined) {
    if (coding.toLowerCase() !== 'chunked') throw new Doubt('coding')
    return 'chunked'
  }
  if (length === undefined) return otherwise
  if (!/^\d{1,15}$/.test(length)) throw new Doubt('length')
  return Number(length)
}

type Body = Pick<Message<unknown>, 'body' | 'complete'>

function readBody(bytes: Buffer, from: number, framing: Framing, chunks: RegExp, message: Body): number {
  if (framing === 'chunked') return readChunks(bytes, from, chunks, message)
  const isOpen = framing === 'close' || framing === 'cut'
  const end = isOpen ? bytes.length : Math.min(bytes.length, from + framing)
  message.body = bytes.subarray(from, end)
  message.complete = isOpen ? framing === 'close' : message.body.length === framing
  return end
}

function readChunks(bytes: Buffer, from: number, chunks: RegExp, message: Body): number {
  let at = from
  for (;;) {
    const line = lineAt(bytes, at)
    if (line === null) return at
    at += line.length + 2
    const size = Number.parseInt(chunks.exec(line)?.[1] ?? refuse('chunk size'), 16)
    if (size === 0) return readTrailers(bytes, at, message)
    const data = bytes.subarray(at, at + size)
    message.body = Buffer.concat([message.body, data])
    at += data.length
    const behind = bytes.toString('latin1', at, at + 2)
    if (data.length < size || (behind.length < 2 && '\r\n'.startsWith(behind))) return at
    if (behind !== '\r\n') throw new Doubt('chunk end')
    at += 2
  }
}

function readTrailers(bytes: Buffer, from: number, message: Body): number {
  let at = from
  for (;;) {
    const line = lineAt(bytes, at)
    if (line === null) return at
    at += line.length + 2
    if (line !== '') readField(line)
    else {
      message.complete = true
      return at
    }
  }
}

/** Null if the line has no end yet. */
function lineAt(bytes: Buffer, from: number): string | null {
  const end = bytes.indexOf('\n', from)
  if (end < 0) return null
  const line = bytes.toString('latin1', from, end + 1)
  if (!line.endsWith('\r\n') || line.slice(0, -2).includes('\r')) throw new Doubt('line end')
  return line.slice(0, -2)
}

function refuse(why: string): never {
  throw new Doubt(why)
}

export const fieldValue = (fields: readonly Field[], name: string): string | undefined => {
  const values = fields.filter(([each]) => each === name).map(([, value]) => value)
  // Joined, a last value that is empty ends in white space.
  return values.length === 0 ? undefined : trimmed(values.join(', '))
}
