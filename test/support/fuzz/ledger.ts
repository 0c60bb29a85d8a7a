/** What the upstream may see, and whether that is what it saw: each described request exactly, at most as often as said. */
import type { SeenRequest } from '../faults/strict-request.ts'
import { type AnswerPlan, poison } from './answers.ts'
import type { FuzzCase } from './cases.ts'
import { diceFor } from './dice.ts'
import { type Field, fieldValue, type ReadRequest, readAnswers } from './read-message.ts'
import type { Exchange, Unasked, UpstreamScript } from './upstream.ts'

export type Runtime = 'Node' | 'workerd'
export type Fail = (each: FuzzCase | null, what: string) => void

interface Described {
  each: FuzzCase
  index: number
  request: ReadRequest
  seen: Exchange[]
}

/** Requests of finished cases are remembered for that many further ones: nothing of them may come later. */
const remembered = 20_000

/** Set, replaced or removed by the gateway. */
const gatewaysOwn =
  /^(?:host|via|connection|content-length|transfer-encoding|traceparent|x-forwarded-[a-z]+|x-correlation-id|x-vx11-[a-z-]+)$/
/** What a caller's header must arrive as. */
const mustArrive = /^(?:x-fuzz[^_]*|constructor|tostring|hasownproperty)$/
const retried = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])

export class Ledger implements UpstreamScript {
  readonly #runtime: Runtime
  readonly #fail: Fail
  readonly #greets: boolean
  readonly #described = new Map<string, Described>()
  /** By the number of the case; workerd reads doubtful bytes in its own way. */
  readonly #doubtful = new Map<string, FuzzCase>()
  readonly #of = new Map<Exchange, Described>()
  readonly #unaskedAt: number[] = []
  /** Requests that reached the upstream. */
  seen = 0
  /** Uploads that workerd ended before their end, after a whole answer (docs/platforms.md). */
  endedEarly = 0

  constructor(runtime: Runtime, greets: boolean, fail: Fail) {
    this.#runtime = runtime
    this.#greets = greets
    this.#fail = fail
  }

  open(each: FuzzCase): void {
    const { reading, number } = each
    for (const [index, request] of reading.messages.entries()) {
      const target = arrivingTarget(request.target)
      if (!this.#described.has(target)) this.#described.set(target, { each, index, request, seen: [] })
    }
    if (reading.doubt !== null) this.#doubtful.set(String(number), each)
    while (this.#described.size > remembered) this.#described.delete(this.#described.keys().next().value ?? '')
    while (this.#doubtful.size > remembered) this.#doubtful.delete(this.#doubtful.keys().next().value ?? '')
  }

  /** The plan that answers the request with that index. */
  planOf(each: FuzzCase, index: number): AnswerPlan | undefined {
    const request = each.reading.messages[index]
    const described = request && this.#described.get(arrivingTarget(request.target))
    return described?.each === each ? each.plans[described.index] : undefined
  }

  begins(exchange: Exchange): AnswerPlan | null {
    this.seen++
    const { request } = exchange
    const described = this.#described.get(request.target.replaceAll("'", '%27'))
    if (!described) return this.#undescribed(request)
    this.#of.set(exchange, described)
    described.seen.push(exchange)
    this.#check(described, request)
    return described.each.plans[described.index] ?? null
  }

  completed(exchange: Exchange): void {
    const described = this.#of.get(exchange)
    this.#of.delete(exchange)
    if (!described) return
    const { each, request } = described
    const { body, doubts } = exchange.request
    if (this.#runtime === 'workerd' && isEndedEarly(described, exchange)) {
      this.endedEarly++
      return
    }
    if (doubts.length > 0) this.#fail(each, `the upstream was sent something doubtful: ${doubts.join('; ')}`)
    if (!request.complete && !this.#isRewritten(request))
      this.#fail(each, `a request that broke off was completed: ${request.target}`)
    if (!body.equals(request.body) && !this.#isRewritten(request))
      this.#fail(each, `another body arrived: ${shown(body)} for ${shown(request.body)}`)
  }

  brokeOff(exchange: Exchange): void {
    const described = this.#of.get(exchange)
    this.#of.delete(exchange)
    if (!described) return
    const { body } = exchange.request
    if (!described.request.body.subarray(0, body.length).equals(body))
      this.#fail(described.each, `the part of a body that arrived is another: ${shown(body)}`)
  }

  greeting(connection: number): Unasked | null {
    const dice = diceFor(connection, 1)
    if (!this.#greets || !dice.chance(0.05)) return null
    const { bytes, sent } = this.unasked()
    return { bytes: bytes.slice(0, dice.chance(0.5) ? bytes.length : dice.int(bytes.length)), sent }
  }

  unasked(): Unasked {
    const number = this.#unaskedAt.push(Number.POSITIVE_INFINITY) - 1
    const sent = () => {
      this.#unaskedAt[number] = performance.now()
    }
    return { bytes: poison(number), sent }
  }

  /** When the unasked bytes with that number had left, on the monotonic clock. Without a number they came with an answer. */
  unaskedAt(number: number): number {
    return this.#unaskedAt[number] ?? Number.NEGATIVE_INFINITY
  }

  #undescribed(request: SeenRequest): AnswerPlan | null {
    const each = this.#doubtful.get(/(\d+)-\d+-/.exec(request.target)?.[1] ?? '')
    // workerd's parser takes more than the letter allows, so only the connection is known.
    if (this.#runtime === 'workerd' && (each || request.target === '/x')) {
      if (request.doubts.length > 0) this.#fail(each ?? null, `something doubtful: ${request.doubts.join('; ')}`)
      return null
    }
    this.#fail(each ?? null, `nobody described this request: ${request.method} ${request.target}`)
    return null
  }

  #check({ each, index, request, seen }: Described, { method, headers }: SeenRequest): void {
    if (this.#isRewritten(request)) return
    if (method !== request.method) this.#fail(each, `${request.method} became ${method}`)
    if (seen.length > (this.#runtime === 'workerd' ? 8 : retried.has(method) ? 4 : 1))
      this.#fail(each, `${method} ${request.target} came ${seen.length} times`)
    for (const what of differences(this.#runtime, request.fields, headers)) this.#fail(each, what)
    if (this.#runtime === 'Node' && this.#isUnderWay(each, index)) this.#fail(each, `request ${index} overtook another`)
  }

  /** wrangler's proxy makes a handshake of whatever asks for a WebSocket, a GET without a body. */
  #isRewritten({ fields }: ReadRequest): boolean {
    return this.#runtime === 'workerd' && fieldValue(fields, 'upgrade') !== undefined
  }

  /** A request that was pipelined before it is still with the upstream, which has more to say. */
  #isUnderWay(each: FuzzCase, index: number): boolean {
    return each.reading.messages.slice(0, index).some(({ target }) => {
      const before = this.#described.get(arrivingTarget(target))
      const isHonest = before?.each === each && each.plans[before.index]?.honest === true
      return isHonest && before.index < index && before.seen.some(({ over }) => !over)
    })
  }
}

/**
 * The whole answer had left before a chunked body was ended, or one that is none, and nothing but the rest of that body
 * is missing (docs/platforms.md).
 */
function isEndedEarly({ each, index, request }: Described, { request: arrived, over }: Exchange): boolean {
  const plan = each.plans[index]
  if (!plan || !over || arrived.doubts.length > 0) return false
  const [answer] = readAnswers(Buffer.concat(plan.pieces), [request.method], plan.after === 'end').messages
  const isChunked = arrived.headers.some(([name]) => name === 'transfer-encoding')
  const isPart = request.body.subarray(0, arrived.body.length).equals(arrived.body)
  const lacks = !request.complete || arrived.body.length < request.body.length
  const isSaid = !plan.honest || answer?.complete === true
  return isSaid && isChunked && isPart && lacks
}

/** What `/shub/{path}` is to shub. URL parsers escape raw UTF-8, and apostrophes. */
const arrivingTarget = (target: string): string => {
  const rest = target
    .replace(/^\/shub/, '')
    .replaceAll("'", '%27')
    .replace(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`)
  return rest.startsWith('/') ? rest : `/${rest}`
}

function differences(runtime: Runtime, sent: readonly Field[], arrived: readonly Field[]): string[] {
  const hop = new Set((fieldValue(sent, 'connection') ?? '').toLowerCase().split(/[ \t]*,[ \t]*/))
  const found: string[] = []
  for (const name of new Set(sent.map(([each]) => each))) {
    if (!mustArrive.test(name) || hop.has(name)) continue
    if (!isSame(runtime, sent, arrived, name)) found.push(differs(name, sent, arrived))
  }
  for (const name of new Set(arrived.map(([each]) => each))) {
    if (gatewaysOwn.test(name) || mustArrive.test(name)) continue
    if (runtime === 'Node' && !isSame(runtime, sent, arrived, name)) found.push(differs(name, sent, arrived))
  }
  // workerd keeps Connection to itself, and with it what it names.
  for (const name of runtime === 'Node' ? hop : [])
    if (mustArrive.test(name) && fieldValue(arrived, name) !== undefined) found.push(`${name} travelled`)
  return found
}

const differs = (name: string, sent: readonly Field[], arrived: readonly Field[]) =>
  `${name}: ${JSON.stringify(fieldValue(arrived, name))} arrived for ${JSON.stringify(fieldValue(sent, name))}`

/** Of a field that must not be repeated Node keeps the first. */
function isSame(runtime: Runtime, sent: readonly Field[], arrived: readonly Field[], name: string): boolean {
  const [before, after] = [fieldValue(sent, name), fieldValue(arrived, name)]
  if (before === after) return true
  if (runtime === 'workerd') return after !== undefined && /[^\x20-\x7e]/.test(before ?? '')
  return after !== undefined && sent.some(([each, value]) => each === name && value === after)
}

export const shown = (bytes: Buffer, from = 0): string =>
  `${bytes.length} bytes ${JSON.stringify(bytes.toString('latin1', from, from + 80))}`
