/** A hub over Redis pub/sub: every instance hears of every commit. Redis keeps nothing of it; the database does. */
import type { Redis } from 'ioredis'
import { readCommitNotice, writeCommitNotice } from '../../modules/events/stream/commit-notice.ts'
import type { CommitNotice, EventHub } from '../../ports/index.ts'

export const eventChannel = 'vx11:events'

interface RedisHubOptions {
  client: Redis
  /** A connection of its own: one that listens can do nothing else. */
  subscriber: Redis
  /** Tells instances apart. */
  name: string
  pingEveryMs?: number
}

export function redisEventHub({ client, subscriber, name, pingEveryMs = 5000 }: RedisHubOptions): EventHub {
  const listeners = new Set<(news: CommitNotice) => void>()
  const tell = (news: CommitNotice) => {
    for (const listener of listeners) listener(news)
  }
  const listen = () => void subscriber.subscribe(eventChannel).catch(() => {})
  subscriber.on('ready', listen)
  if (subscriber.status === 'ready') listen()
  // Who only listens never learns that the other side vanished; a ping without an answer ends such a connection.
  const pings = setInterval(() => void subscriber.ping().catch(() => {}), pingEveryMs)
  pings.unref()
  subscriber.once('end', () => clearInterval(pings))
  subscriber.on('message', (_channel: string, message: string) => {
    if (listeners.size === 0 || message.startsWith(`${name} `)) return
    const news = readCommitNotice(message.slice(message.indexOf(' ') + 1))
    if (news) tell(news)
  })

  return {
    publish(news) {
      tell(news)
      // Who is not told looks into the database a second later.
      client.publish(eventChannel, `${name} ${writeCommitNotice(news)}`).catch(() => {})
    },
    async subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
