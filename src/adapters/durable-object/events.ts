/**
 * The only writer of the stream on Cloudflare, and the hub that notifies every isolate. Requests of a Worker cannot
 * share a commit, because one must not wait for another's I/O; in the object they can, and isolates do not contend.
 */
import { DurableObject } from 'cloudflare:workers'
import { type ErrorCode, GatewayError } from '../../errors/gateway-error.ts'
import { parseExactJson } from '../../lib/exact-json.ts'
import type { AppendEvents, Appended, EventWriter } from '../../modules/events/store/writer.ts'
import { readCommitNotice, writeCommitNotice } from '../../modules/events/stream/commit-notice.ts'
import type {
  AppendOnce,
  Clock,
  CommitNotice,
  EventHub,
  KeyNotice,
  KeyNotices,
  NewEvent,
  StateChange,
} from '../../ports/index.ts'
import { canAccept } from '../websocket-worker/accept.ts'
import { readKeyNotice, storeKeyNotices } from './key-notices.ts'
import { ObjectSockets, type ObjectSocketsParts, remoteSockets, socketTag } from './sockets.ts'

/** RPC keeps an error's message but not its class, so the code is returned as data. */
type AppendResult = { appended: string } | { code: ErrorCode; retryAfterMs: number | undefined }

type ObjectWriter = Pick<EventWriter, 'append' | 'waiting'>

export abstract class EventsObject extends DurableObject {
  #opened: ObjectWriter | undefined
  #sockets: ObjectSockets | undefined

  /** The entry provides database, clock and log. */
  protected abstract openWriter(): ObjectWriter
  protected abstract socketParts(append: AppendEvents): ObjectSocketsParts

  /** Events travel as JSON text: structured cloning loses the digits of raw numbers. */
  async append(events: string, once?: AppendOnce, change?: StateChange): Promise<AppendResult> {
    try {
      const parsed = parseExactJson(events, 'digits') as NewEvent[]
      return { appended: JSON.stringify(await this.#writer(parsed, once, change)) }
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error
      return { code: error.code, retryAfterMs: error.details.retryAfterMs }
    }
  }

  keyNotice(id: string): Promise<KeyNotice | null> {
    return readKeyNotice(this.ctx.storage, id)
  }

  /** Events that wait for their commit. */
  waiting(): number {
    return this.#opened?.waiting() ?? 0
  }

  publish(notice: CommitNotice): void {
    storeKeyNotices(this.ctx.storage, notice)
    const text = writeCommitNotice(notice)
    for (const socket of this.ctx.getWebSockets(listenerTag)) {
      try {
        socket.send(text)
      } catch {
        // The socket is closing; its reader reconnects.
      }
    }
    if (this.ctx.getWebSockets(socketTag).length > 0) this.#objectSockets.notify(notice)
  }

  /** Accepts the WebSocket of a listener, or one of /ws. The object can hibernate while they are quiet. */
  override async fetch(request: Request): Promise<Response> {
    if (new URL(request.url).pathname === socketPath) return this.#objectSockets.admit(request)
    const { 0: client, 1: server } = new WebSocketPair()
    this.ctx.acceptWebSocket(server, [listenerTag])
    return new Response(null, { status: 101, webSocket: client })
  }

  override webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): void {
    if (this.#isEventSocket(socket)) this.#objectSockets.message(socket, data)
  }

  override webSocketClose(socket: WebSocket, code: number, reason: string): void {
    if (this.#isEventSocket(socket)) this.#objectSockets.closed(socket, code, reason)
    else socket.close()
  }

  override webSocketError(socket: WebSocket): void {
    if (this.#isEventSocket(socket)) this.#objectSockets.closed(socket, 1006, '')
  }

  override alarm(): Promise<void> {
    return this.#objectSockets.alarm()
  }

  #writer: AppendEvents = (events, once, change) => {
    this.#opened ??= this.openWriter()
    return this.#opened.append(events, once, change)
  }

  get #objectSockets(): ObjectSockets {
    this.#sockets ??= new ObjectSockets(this.ctx, this.socketParts(this.#writer))
    return this.#sockets
  }

  #isEventSocket(socket: WebSocket): boolean {
    return this.ctx.getTags(socket).includes(socketTag)
  }
}

const listenerTag = 'listener'
const socketPath = '/ws'

const reconnectMs = 1000

/** `location` counts when the object is made, which is once. */
export function durableObjectEvents(
  namespace: DurableObjectNamespace<EventsObject>,
  clock: Clock,
  location: DurableObjectLocationHint | null = null,
) {
  const options = location === null ? {} : { locationHint: location }
  const stub = () => namespace.get(namespace.idFromName('events'), options)

  const append: AppendEvents = async (events, once, change) => {
    const result = await stub()
      .append(JSON.stringify(events), once, change)
      .catch((cause: unknown) => {
        throw new GatewayError('events_unavailable', { retryAfterMs: 1000 }, { cause })
      })
    if ('appended' in result) return parseExactJson(result.appended, 'digits') as Appended
    const { code, retryAfterMs } = result
    throw new GatewayError(code, retryAfterMs === undefined ? {} : { retryAfterMs })
  }

  async function connect(listener: (notice: CommitNotice) => void): Promise<WebSocket> {
    const { webSocket } = await stub().fetch('https://events/', { headers: { upgrade: 'websocket' } })
    if (!webSocket) throw new Error('the events object refused the WebSocket')
    webSocket.accept()
    webSocket.addEventListener('message', ({ data }) => {
      const notice = typeof data === 'string' ? readCommitNotice(data) : undefined
      if (notice) listener(notice)
    })
    return webSocket
  }

  const hub: EventHub = {
    publish: (notice) => void stub().publish(notice),
    async subscribe(listener) {
      const ended = new AbortController()
      let socket = await connect(listener)
      /** The object moves and restarts, so a closed connection is opened again; the feed reads what was missed. */
      const keepOpen = () => socket.addEventListener('close', () => void reconnect())
      const reconnect = async () => {
        let next: WebSocket | undefined
        while (!next && !ended.signal.aborted) {
          await clock.sleep(reconnectMs, ended.signal).catch(() => {})
          if (!ended.signal.aborted) next = await connect(listener).catch(() => undefined)
        }
        if (!next) return
        socket = next
        if (ended.signal.aborted) socket.close()
        else keepOpen()
      }
      keepOpen()
      return () => {
        ended.abort()
        socket.close()
      }
    },
  }
  const sockets = remoteSockets((headers) => stub().fetch(`https://events${socketPath}`, { headers }), canAccept)
  const keyNotices: KeyNotices = { ask: (id) => stub().keyNotice(id) }
  const waiting = async (): Promise<number> => stub().waiting()
  return { append, hub, keyNotices, sockets, waiting }
}
