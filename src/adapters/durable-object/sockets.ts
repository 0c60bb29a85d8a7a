/**
 * The sockets of /ws in the events object. The platform holds the connections and the attached session state while the
 * object hibernates. Every event is stored through the object, so no polling is needed.
 */
import type { Context } from 'hono'
import { type ErrorCode, GatewayError } from '../../errors/gateway-error.ts'
import { logClosedSocket } from '../../modules/event-sockets/close-log.ts'
import { type SocketRules, socketRules } from '../../modules/event-sockets/rules.ts'
import { SocketSession } from '../../modules/event-sockets/session.ts'
import type { SessionState } from '../../modules/event-sockets/session-state.ts'
import { SocketRegistry } from '../../modules/event-sockets/socket-registry.ts'
import { closeEnded, closeOutdated, closesAt } from '../../modules/event-sockets/watch.ts'
import { endUnder } from '../../modules/keys/notice.ts'
import type { Clock, CommitNotice, EventLog, KeyNotice, Log, Random, Sockets, SocketTerms } from '../../ports/index.ts'
import { answerClose, closeSafely } from '../websocket-worker/peer.ts'
import { readKeyNotice } from './key-notices.ts'

export interface ObjectSocketsParts {
  clock: Clock
  log: Log
  random: Random
  events: Pick<EventLog, 'append' | 'readInTurn' | 'newest'>
  rules?: SocketRules
}

export const socketTag = 'socket'
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
    for (const key of notice.keys ?? []) for (const session of this.#registry.sessions) this.#follow(session, key)
    if (notice.keys) void this.#wakeForNext()
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

  /** Closes the socket of a key that gives less than it was opened with; it may also end at another time now. */
  #follow(session: SocketSession, notice: KeyNotice): void {
    const { keyHolder } = session.state
    if (keyHolder?.key?.id !== notice.id) return
    const end = endUnder(notice, keyHolder)
    if (end === undefined) closeEnded(session, 'revoked')
    else session.endAt(end)
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
    // The isolate that let it in may not know yet.
    const notice = terms.keyHolder?.key && (await readKeyNotice(this.#context.storage, terms.keyHolder.key.id))
    if (notice) this.#follow(session, notice)
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
