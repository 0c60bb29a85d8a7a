/**
 * The sockets of /ws in the events object. The platform holds the connections and the attached session state while the
 * object hibernates. Every event is stored through the object, so no polling is needed.
 */
import type { Context } from 'hono'
import type { Principal } from '../../config/principal.ts'
import { type ErrorCode, GatewayError } from '../../errors/gateway-error.ts'
import { logClosedSocket } from '../../modules/event-sockets/close-log.ts'
import { type SocketRules, socketRules } from '../../modules/event-sockets/rules.ts'
import { SocketSession } from '../../modules/event-sockets/session.ts'
import type { SessionState } from '../../modules/event-sockets/session-state.ts'
import { SocketRegistry } from '../../modules/event-sockets/socket-registry.ts'
import { closeEnded, closeOutdated, closesAt } from '../../modules/event-sockets/watch.ts'
import type { Clock, CommitNotice, EventLog, Log, Random, Sockets, SocketTerms } from '../../ports/index.ts'
import { answerClose, closeSafely } from '../websocket-worker/peer.ts'

export interface ObjectSocketsParts {
  clock: Clock
  log: Log
  random: Random
  events: Pick<EventLog, 'append' | 'readInTurn' | 'newest'>
  rules?: SocketRules
  /** Reads the keys anew, and says then of each holder whether its key is good. Rejects while they cannot be read. */
  readKeys(): Promise<(holder: Principal) => boolean>
}

export const socketTag = 'socket'
/** To read the keys after one was changed: the database was there a moment ago. */
const attempts = 10
const pauseMs = 1000
const termsHeader = 'x-vx11-terms'

export class ObjectSockets {
  readonly #context: DurableObjectState
  readonly #parts: ObjectSocketsParts & { rules: SocketRules }
  readonly #registry: SocketRegistry
  readonly #sessions = new Map<WebSocket, SocketSession>()
  /** Characters sent to each socket since its last message. */
  readonly #unanswered = new WeakMap<WebSocket, { characters: number; since: number }>()
  #newest = 0

  constructor(context: DurableObjectState, parts: ObjectSocketsParts) {
    this.#context = context
    this.#parts = { rules: socketRules, ...parts }
    this.#registry = new SocketRegistry(this.#parts.rules, parts.random)
    // Answered without waking the object.
    context.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'))
    for (const socket of context.getWebSockets(socketTag)) {
      if (socket.readyState === WebSocket.OPEN) this.#hold(socket, socket.deserializeAttachment())
    }
  }

  async admit(request: Request): Promise<Response> {
    try {
      return await this.#open(JSON.parse(decodeURIComponent(request.headers.get(termsHeader) ?? '')))
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error
      return Response.json({ code: error.code, details: error.details }, { status: 503 })
    }
  }

  notify(notice: CommitNotice): void {
    this.#newest = Math.max(this.#newest, notice.newest)
    this.#registry.notify(notice)
    // A hint: who posts events could send it, too, so the keys themselves are asked.
    if (notice.events.some(({ type }) => type.startsWith('gateway.key.'))) void this.#closeRevoked()
  }

  message(socket: WebSocket, data: string | ArrayBuffer): void {
    this.#unanswered.delete(socket)
    this.#sessions.get(socket)?.message(typeof data === 'string' ? data : new Uint8Array(data))
  }

  closed(socket: WebSocket, code: number, reason: string): void {
    answerClose(socket, code, reason)
    const session = this.#sessions.get(socket)
    if (!session) return
    session.closed()
    this.#leave(socket, session, `caller ${code}`)
  }

  /** Closes expired sockets and sets the alarm for the next. */
  async alarm(): Promise<void> {
    const { clock, rules } = this.#parts
    for (const [socket, session] of this.#sessions) {
      session.state.activeAt = Math.max(session.state.activeAt, this.#pingedAt(socket))
      if (closesAt(session.state, rules) <= clock.now()) closeOutdated(session, clock.now())
    }
    await this.#wakeForNext()
  }

  async #closeRevoked(): Promise<void> {
    const { clock, readKeys } = this.#parts
    for (let attempt = 0; attempt < attempts; attempt++) {
      const isGood = await readKeys().catch(() => undefined)
      for (const session of isGood ? this.#registry.sessions : []) {
        const { keyHolder } = session.state
        if (keyHolder && isGood?.(keyHolder) === false) closeEnded(session, 'revoked')
      }
      if (isGood) return
      await clock.sleep(pauseMs)
    }
  }

  async #open(terms: SocketTerms): Promise<Response> {
    const { clock, events } = this.#parts
    this.#registry.refuseWhenFull(terms.owner)
    const newest = await events.newest()
    this.#registry.refuseWhenFull(terms.owner)
    this.#newest = Math.max(this.#newest, newest)
    const { 0: client, 1: server } = new WebSocketPair()
    this.#context.acceptWebSocket(server, [socketTag])
    const session = this.#hold(server, this.#registry.begin(terms, this.#newest, clock.now()))
    session.greet()
    session.notify({ newest: this.#newest, events: [] })
    await this.#wakeForNext()
    return new Response(null, { status: 101, webSocket: client })
  }

  #hold(socket: WebSocket, state: SessionState): SocketSession {
    const session = new SocketSession(this.#peerOf(socket), state, {
      ...this.#parts,
      keep: (kept) => socket.serializeAttachment(kept),
      // The platform drops a peer that does not answer the close.
      ended: (code) => this.#leave(socket, session, `gateway ${code}`),
    })
    this.#sessions.set(socket, session)
    this.#registry.sessions.add(session)
    return session
  }

  /** The platform answers pings, sends none, and does not say what it buffers. */
  #peerOf(socket: WebSocket) {
    return {
      send: (data: string | Uint8Array) => {
        if (socket.readyState !== WebSocket.OPEN) return
        socket.send(data)
        this.#count(socket, data.length)
      },
      close: (code?: number, reason?: string) => closeSafely(socket, code, reason),
      terminate: () => closeSafely(socket, 1011),
      bufferedAmount: 0,
    }
  }

  /** Everything sent to a silent socket may still be buffered. */
  #count(socket: WebSocket, characters: number): void {
    const { clock, rules } = this.#parts
    const known = this.#unanswered.get(socket)
    const isFresh = !known || this.#pingedAt(socket) > known.since
    const counted = isFresh ? { characters: 0, since: clock.now() } : known
    counted.characters += characters
    this.#unanswered.set(socket, counted)
    const session = this.#sessions.get(socket)
    if (counted.characters > rules.maxUnanswered) session?.close(1013, `silent; last id ${session.state.position}`)
  }

  #pingedAt(socket: WebSocket): number {
    return this.#context.getWebSocketAutoResponseTimestamp(socket)?.getTime() ?? 0
  }

  #leave(socket: WebSocket, session: SocketSession, reason: string): void {
    const { clock, log } = this.#parts
    this.#sessions.delete(socket)
    this.#registry.sessions.delete(session)
    logClosedSocket(log, session.state, clock.now(), reason)
  }

  async #wakeForNext(): Promise<void> {
    const moments = [...this.#registry.sessions].map(({ state }) => closesAt(state, this.#parts.rules))
    if (moments.length === 0) return
    const next = Math.min(...moments)
    const set = await this.#context.storage.getAlarm()
    if (set === null || set > next) await this.#context.storage.setAlarm(next)
  }
}

interface OpenRefusal {
  code: ErrorCode
  details: GatewayError['details']
}

/** `connect` opens a WebSocket to the object, with these headers. */
export const remoteSockets = (
  connect: (headers: Record<string, string>) => Promise<Response>,
  canOpen: (c: Context) => boolean,
): Sockets => ({
  canOpen,
  async open(_c, terms, { protocol, headers }) {
    const sent = { upgrade: 'websocket', [termsHeader]: encodeURIComponent(JSON.stringify(terms)) }
    const answer = await connect(sent).catch((cause: unknown) => {
      throw new GatewayError('events_unavailable', { retryAfterMs: 1000 }, { cause })
    })
    if (!answer.webSocket) {
      const { code, details } = await answer.json<OpenRefusal>()
      throw new GatewayError(code, details)
    }
    if (protocol !== null) headers.set('sec-websocket-protocol', protocol)
    return new Response(null, { status: 101, webSocket: answer.webSocket, headers })
  },
})
