/**
 * The stream's one writer on Cloudflare, and the hub from which every isolate hears of it. A Worker's requests cannot
 * share a commit, as one must not wait for another; in the object they can, and no isolate overtakes another.
 */
import { DurableObject } from 'cloudflare:workers'
import { type ErrorCode, GatewayError } from '../../errors/gateway-error.ts'
import type { AppendEvents, Appended } from '../../modules/events/store/writer.ts'
import { readCommitNotice, writeCommitNotice } from '../../modules/events/stream/commit-notice.ts'
import type { AppendOnce, Clock, CommitNotice, EventHub, NewEvent } from '../../ports/index.ts'
import { canAccept } from '../websocket-worker/accept.ts'
import { ObjectSockets, type ObjectSocketsParts, remoteSockets, socketTag } from './sockets.ts'

/** An error's class does not survive the way between objects, its code does. */
type Told = { appended: Appended } | { code: ErrorCode; retryAfterMs: number | undefined }

export abstract class EventsObject extends DurableObject {
  #append: AppendEvents | undefined
  #sockets: ObjectSockets | undefined

  /** The entry knows database, clock and log. */
  protected abstract openWriter(): AppendEvents
  protected abstract socketParts(append: AppendEvents): ObjectSocketsParts

  async append(events: readonly NewEvent[], once?: AppendOnce): Promise<Told> {
    try {
      return { appended: await this.#writer(events, once) }
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error
      return { code: error.code, retryAfterMs: error.details.retryAfterMs }
    }
  }

  publish(news: CommitNotice): void {
    const text = writeCommitNotice(news)
    for (const socket of this.ctx.getWebSockets(listenerTag)) {
      try {
        socket.send(text)
      } catch {
        // It is closing; its reader comes back.
      }
    }
    if (this.ctx.getWebSockets(socketTag).length > 0) this.#hall.hear(news)
  }

  /** A listener's WebSocket, or one of /ws; the object may sleep while they are quiet. */
  override async fetch(request: Request): Promise<Response> {
    if (new URL(request.url).pathname === socketPath) return this.#hall.admit(request)
    const { 0: client, 1: server } = new WebSocketPair()
    this.ctx.acceptWebSocket(server, [listenerTag])
    return new Response(null, { status: 101, webSocket: client })
  }

  override webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): void {
    if (this.#isOfHall(socket)) this.#hall.message(socket, data)
  }

  override webSocketClose(socket: WebSocket, code: number, reason: string): void {
    if (this.#isOfHall(socket)) this.#hall.closed(socket, code, reason)
    else socket.close()
  }

  override webSocketError(socket: WebSocket): void {
    if (this.#isOfHall(socket)) this.#hall.closed(socket, 1006, '')
  }

  override alarm(): Promise<void> {
    return this.#hall.alarm()
  }

  #writer: AppendEvents = (events, once) => {
    this.#append ??= this.openWriter()
    return this.#append(events, once)
  }

  get #hall(): ObjectSockets {
    this.#sockets ??= new ObjectSockets(this.ctx, this.socketParts(this.#writer))
    return this.#sockets
  }

  #isOfHall(socket: WebSocket): boolean {
    return this.ctx.getTags(socket).includes(socketTag)
  }
}

const listenerTag = 'listener'
const socketPath = '/ws'

const reconnectMs = 1000

export function durableObjectEvents(namespace: DurableObjectNamespace<EventsObject>, clock: Clock) {
  const stub = () => namespace.get(namespace.idFromName('events'))

  // What the platform's types make of records in an RPC's arguments and answers is `unknown`.
  const tell = (events: readonly NewEvent[], once?: AppendOnce) =>
    (stub() as unknown as { append: EventsObject['append'] }).append(events, once)

  const append: AppendEvents = async (events, once) => {
    const told = await tell(events, once).catch((cause: unknown) => {
      throw new GatewayError('events_unavailable', { retryAfterMs: 1000 }, { cause })
    })
    if ('appended' in told) return told.appended
    throw new GatewayError(told.code, told.retryAfterMs === undefined ? {} : { retryAfterMs: told.retryAfterMs })
  }

  async function connect(listener: (news: CommitNotice) => void): Promise<WebSocket> {
    const { webSocket } = await stub().fetch('https://events/', { headers: { upgrade: 'websocket' } })
    if (!webSocket) throw new Error('the events object took no WebSocket')
    webSocket.accept()
    webSocket.addEventListener('message', ({ data }) => {
      const news = typeof data === 'string' ? readCommitNotice(data) : undefined
      if (news) listener(news)
    })
    return webSocket
  }

  const hub: EventHub = {
    publish: (news) => void stub().publish(news),
    async subscribe(listener) {
      const left = new AbortController()
      let socket = await connect(listener)
      /** The object moves and restarts; whoever listens stays. What was missed meanwhile, the feed reads. */
      const stay = () => socket.addEventListener('close', () => void reconnect())
      const reconnect = async () => {
        let next: WebSocket | undefined
        while (!next && !left.signal.aborted) {
          await clock.sleep(reconnectMs, left.signal).catch(() => {})
          if (!left.signal.aborted) next = await connect(listener).catch(() => undefined)
        }
        if (!next) return
        socket = next
        if (left.signal.aborted) socket.close()
        else stay()
      }
      stay()
      return () => {
        left.abort()
        socket.close()
      }
    },
  }
  const sockets = remoteSockets((headers) => stub().fetch(`https://events${socketPath}`, { headers }), canAccept)
  return { append, hub, sockets }
}
