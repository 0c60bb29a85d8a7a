/**
 * The stream's one writer on Cloudflare, and the hub from which every isolate hears of it. A Worker's requests cannot
 * share a commit, as one must not wait for another; in the object they can, and no isolate overtakes another.
 */
import { DurableObject } from 'cloudflare:workers'
import { type ErrorCode, GatewayError } from '../../errors.ts'
import { readNews, writeNews } from '../../events/news.ts'
import type { AppendEvents, Appended } from '../../events/writer.ts'
import type { AppendOnce, Clock, EventHub, EventNews, NewEvent } from '../../ports.ts'

/** An error's class does not survive the way between objects, its code does. */
type Told = { appended: Appended } | { code: ErrorCode; retryAfterMs: number | undefined }

export abstract class EventsObject extends DurableObject {
  #append: AppendEvents | undefined

  /** The entry knows database, clock and log. */
  protected abstract openWriter(): AppendEvents

  async append(events: readonly NewEvent[], once?: AppendOnce): Promise<Told> {
    this.#append ??= this.openWriter()
    try {
      return { appended: await this.#append(events, once) }
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error
      return { code: error.code, retryAfterMs: error.details.retryAfterMs }
    }
  }

  publish(news: EventNews): void {
    const text = writeNews(news)
    for (const socket of this.ctx.getWebSockets()) {
      try {
        socket.send(text)
      } catch {
        // It is closing; its reader comes back.
      }
    }
  }

  /** A listener's WebSocket; the object may sleep while it is quiet. */
  override async fetch(): Promise<Response> {
    const { 0: client, 1: server } = new WebSocketPair()
    this.ctx.acceptWebSocket(server)
    return new Response(null, { status: 101, webSocket: client })
  }

  override webSocketClose(socket: WebSocket): void {
    socket.close()
  }
}

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

  async function connect(listener: (news: EventNews) => void): Promise<WebSocket> {
    const { webSocket } = await stub().fetch('https://events/', { headers: { upgrade: 'websocket' } })
    if (!webSocket) throw new Error('the events object took no WebSocket')
    webSocket.accept()
    webSocket.addEventListener('message', ({ data }) => {
      const news = typeof data === 'string' ? readNews(data) : undefined
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
  return { append, hub }
}
