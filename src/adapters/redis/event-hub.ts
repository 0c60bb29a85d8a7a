/** EventHub over Redis pub/sub: every instance receives every commit notice. Redis stores none; the database does. */
import type { Redis } from 'ioredis'
import { readCommitNotice, writeCommitNotice } from '../../modules/events/stream/commit-notice.ts'
import type { CommitNotice, EventHub } from '../../ports/index.ts'

export const eventChannel = 'vx11:events'

interface RedisHubOptions {
  client: Redis
  /** A separate connection: a subscribed one takes no other commands. */
  subscriber: Redis
  /** This instance's name, so that it ignores its own messages. */
  name: string
  pingEveryMs?: number
}

export function redisEventHub({ client, subscriber, name, pingEveryMs = 5000 }: RedisHubOptions): EventHub {
  const listeners = new Set<(notice: CommitNotice) => void>()
  const notify = (notice: CommitNotice) => {
    for (const listener of listeners) listener(notice)
  }
  const subscribe = () => void subscriber.subscribe(eventChannel).catch(() => {})
  subscriber.on('ready', subscribe)
  if (subscriber.status === 'ready') subscribe()
  // A subscriber sends nothing, so it would not notice a dead peer; an unanswered ping drops the connection.
  const pings = setInterval(() => void subscriber.ping().catch(() => {}), pingEveryMs)
  pings.unref()
  subscriber.once('end', () => clearInterval(pings))
  subscriber.on('message', (_channel: string, message: string) => {
    if (listeners.size === 0 || message.startsWith(`${name} `)) return
    const notice = readCommitNotice(message.slice(message.indexOf(' ') + 1))
    if (notice) notify(notice)
  })

  return {
    publish(notice) {
      notify(notice)
      // An instance that misses the message polls the database a second later.
      client.publish(eventChannel, `${name} ${writeCommitNotice(notice)}`).catch(() => {})
    },
    async subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
