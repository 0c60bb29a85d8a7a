/** One exchange as an undici handler: answers with bytes if the body arrives at once, with a stream otherwise. */
import { TransportError } from '../../../errors/gateway-error.ts'
import { statusContent } from '../../../lib/status-content.ts'
import type { HeaderFields, TransportInit, UpstreamAnswer } from '../../../ports/index.ts'
import type { Controller, Handler } from '../http1/handler.ts'
import { BodyStream, bufferBytes } from './body-stream.ts'
import { Deadline } from './deadline.ts'
import { transportError } from './failure.ts'
import { type RequestBody, undiciRequestBody } from './request-body.ts'

type Settle = { resolve: (answer: UpstreamAnswer) => void; reject: (error: TransportError) => void }

/** waiting: no status line yet; collecting: the body may still arrive whole; draining: the answer has no body. */
type Phase = 'waiting' | 'collecting' | 'streaming' | 'draining' | 'over'

export class Exchange implements Handler {
  readonly body: AsyncIterable<Uint8Array> | Uint8Array | null
  readonly #init: TransportInit
  readonly #settle: Settle
  readonly #carried: (bytes: number) => void
  readonly #requestBody: RequestBody | null
  readonly #startedAt = performance.now()
  readonly #deadline: Deadline
  #phase: Phase = 'waiting'
  #idleMs: number
  #controller: Controller | null = null
  #status = 0
  #headers: HeaderFields = {}
  /** The announced Content-Length; -1 without one. */
  #length = -1
  #received = 0
  /** Preallocated when the announced length is small. */
  #whole: Buffer | null = null
  #chunks: Buffer[] = []
  #stream: BodyStream | null = null
  #endOfTurn: NodeJS.Immediate | null = null
  #shortBodyTimer: NodeJS.Timeout | null = null

  constructor(init: TransportInit, settle: Settle, carried: (bytes: number) => void) {
    this.#carried = carried
    this.#init = init
    this.#idleMs = init.limits.idleMs
    this.#settle = settle
    this.#requestBody = init.body instanceof ReadableStream ? undiciRequestBody(init.body) : null
    this.body = this.#requestBody?.pieces ?? (init.body as Uint8Array | null)
    this.#deadline = new Deadline(Math.min(init.limits.connectMs, init.limits.firstByteMs), () => this.#tooLate())
    init.signal?.addEventListener('abort', this)
  }

  /** Handles the signal's event. Deferred so that a reader that cancels in the same turn goes first. */
  handleEvent(): void {
    queueMicrotask(() => this.giveUp(new TransportError('aborted')))
  }

  onRequestStart(controller: Controller): void {
    // Cancelled while it waited for a connection. Throwing keeps the connection usable for others; aborting would not.
    if (this.#phase === 'over') throw new TransportError('aborted')
    this.#controller = controller
    this.#deadline.move(this.#init.limits.firstByteMs - (performance.now() - this.#startedAt))
  }

  /** The first-byte limit restarts with every piece of an upload that was sent. */
  onBodySent(): void {
    if (this.#phase === 'waiting') this.#deadline.move(this.#init.limits.firstByteMs)
  }

  onResponseStart(controller: Controller, status: number, headers: HeaderFields): void {
    if (status < 200) return
    if (status > 599) {
      controller.abort(new TransportError('malformed'))
      return
    }
    this.#status = status
    this.#headers = headers
    if (isEventStream(headers)) this.#idleMs = Math.max(this.#idleMs, this.#init.limits.streamIdleMs ?? 0)
    this.#deadline.move(this.#idleMs)
    if (hasNoBody(this.#init.method, status)) {
      this.#phase = 'draining'
      this.#answer(null)
    } else {
      this.#phase = 'collecting'
      this.#length = announcedLength(headers)
      if (this.#length > bufferBytes) return void this.#startStream()
      if (this.#length > 0) this.#whole = Buffer.allocUnsafe(this.#length)
      this.#endOfTurn = setImmediate(decide, this)
    }
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    this.#deadline.move(this.#idleMs)
    if (this.#phase === 'draining') this.#discard(controller, chunk)
    else if (!this.#stream) this.#collect(chunk)
    else this.#pass(controller, this.#stream, Buffer.from(chunk))
  }

  onResponseEnd(): void {
    const phase = this.#phase
    this.#finish()
    if (phase === 'collecting') this.#answerWhole()
    else this.#stream?.end()
  }

  onResponseError(_controller: Controller | null, error: Error): void {
    if (this.#phase === 'over') return
    const failure = transportError(error, this.#controller !== null)
    this.#finish()
    if (this.#stream) this.#stream.fail(failure)
    else this.#settle.reject(failure)
  }

  giveUp(failure: TransportError): void {
    if (this.#phase === 'over') return
    if (this.#controller) this.#controller.abort(failure)
    else this.onResponseError(null, failure)
  }

  /** The turn ended without a complete body: wait one more millisecond for a short one, else answer with a stream. */
  decide(): void {
    this.#endOfTurn = null
    if (this.#phase !== 'collecting') return
    if (this.#length < 0 || this.#shortBodyTimer) this.#startStream()
    else this.#shortBodyTimer = setTimeout(decide, 1, this)
  }

  #pass(controller: Controller, stream: BodyStream, chunk: Buffer): void {
    if (!stream.push(chunk)) controller.pause()
    this.#carried(chunk.length)
  }

  /** Content where the status allows none is dropped; more than a little of it is no mistake. */
  #discard(controller: Controller, chunk: Buffer): void {
    this.#received += chunk.length
    if (this.#received > bufferBytes) controller.abort(new TransportError('malformed'))
  }

  #collect(chunk: Buffer): void {
    if (this.#whole) chunk.copy(this.#whole, this.#received)
    else this.#chunks.push(Buffer.from(chunk))
    this.#received += chunk.length
    if (this.#received > bufferBytes) this.#startStream()
  }

  #startStream(): void {
    this.#stopWaiting()
    const stream = new BodyStream({
      resume: () => this.#resume(),
      cancel: () => this.giveUp(new TransportError('aborted')),
    })
    this.#stream = stream
    this.#phase = 'streaming'
    let wantsMore = true
    if (this.#whole && this.#received > 0) wantsMore = stream.push(this.#whole.subarray(0, this.#received))
    for (const chunk of this.#chunks) wantsMore = stream.push(chunk)
    this.#chunks = []
    if (!wantsMore) this.#controller?.pause()
    this.#answer(stream.readable)
  }

  #answerWhole(): void {
    const { body } = this.#init
    this.#carried(this.#received + (body instanceof Uint8Array ? body.byteLength : 0))
    this.#answer(this.#whole ?? joined(this.#chunks))
  }

  #resume(): void {
    if (!this.#controller?.paused) return
    this.#deadline.move(this.#idleMs)
    this.#controller.resume()
  }

  #answer(body: UpstreamAnswer['body']): void {
    this.#settle.resolve({ status: this.#status, headers: this.#headers, body })
  }

  /** A paused exchange waits for its reader, not for the upstream. */
  #tooLate(): void {
    if (this.#phase === 'streaming' && this.#controller?.paused) this.#deadline.move(this.#idleMs)
    else this.giveUp(new TransportError('timeout'))
  }

  #stopWaiting(): void {
    if (this.#endOfTurn) clearImmediate(this.#endOfTurn)
    if (this.#shortBodyTimer) clearTimeout(this.#shortBodyTimer)
  }

  #finish(): void {
    this.#phase = 'over'
    this.#stopWaiting()
    this.#deadline.clear()
    this.#init.signal?.removeEventListener('abort', this)
    this.#requestBody?.release()
  }
}

const decide = (exchange: Exchange) => exchange.decide()

const hasNoBody = (method: string, status: number) => method === 'HEAD' || !statusContent(status).allowed

const isEventStream = ({ 'content-type': type }: HeaderFields) =>
  typeof type === 'string' && /^text\/event-stream\s*(?:;|$)/i.test(type)

const announcedLength = (headers: HeaderFields) => {
  const length = headers['content-length']
  return typeof length === 'string' ? Number(length) : -1
}

const joined = (chunks: Buffer[]): Uint8Array => (chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks))
