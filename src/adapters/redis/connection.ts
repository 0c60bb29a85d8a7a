/** One connection to Redis that answers at once or fails at once, and comes back by itself. */
import { Redis } from 'ioredis'

/** How long a request may wait for Redis before it goes on without. */
const commandTimeoutMs = 250
const SLOWEST_RECONNECT_MS = 2_000

/** `onError` hears the first error of each outage: a reconnect every two seconds would say the same again and again. */
export function redisConnection(
  url: string,
  onError: (error: Error) => void,
  timeoutMs: number = commandTimeoutMs,
): Redis {
  const client = new ImpatientRedis(url, {
    commandTimeout: timeoutMs,
    connectTimeout: 2_000,
    disconnectTimeout: timeoutMs,
    enableOfflineQueue: false,
    // A command that was lost on the way may have been done: sending it again would count a request twice.
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(50 * 2 ** (attempt - 1), SLOWEST_RECONNECT_MS),
  })
  let reported = false
  client.on('ready', () => {
    reported = false
  })
  client.on('error', (error) => {
    if (!reported) onError(error)
    reported = true
  })
  return client
}

/** Waits for answers under way, at most as long as a command may take; never rejects. */
export async function closeRedis(client: Redis): Promise<void> {
  await client.quit().catch(() => {})
  if (client.status !== 'end') client.disconnect()
}

type SendCommand = Redis['sendCommand']

/** What ioredis sends by itself when it connects. */
const handshake: ReadonlySet<string> = new Set(['auth', 'hello', 'select', 'client', 'info', 'quit'])

/**
 * A peer that vanished without a word leaves a connection that looks open for minutes. The first command that times out
 * while nothing at all came back drops it, so that the next ones fail at once and not after a timeout each.
 */
class ImpatientRedis extends Redis {
  private selectFailure: Error | null = null

  override sendCommand(...[command, stream]: Parameters<SendCommand>): ReturnType<SendCommand> {
    if (this.selectFailure && !handshake.has(command.name)) {
      command.reject(this.selectFailure)
      return command.promise
    }
    if (command.name === 'select') this.watchSelect(command.promise)
    const socket = this.stream
    const heard = socket?.bytesRead
    command.promise.catch((error: Error) => {
      // After a stall of our own event loop the answer may wait in the socket, unread until the next poll.
      if (error.message === 'Command timed out') setImmediate(() => this.dropSilent(socket, heard))
    })
    return super.sendCommand(command, stream)
  }

  /** ioredis goes on in database 0 when the configured one is refused. */
  private watchSelect(selected: Promise<unknown>): void {
    selected.then(
      () => {
        this.selectFailure = null
      },
      (error: Error) => {
        this.selectFailure = error
      },
    )
  }

  private dropSilent(socket: Redis['stream'], heard: number | undefined): void {
    if (socket === this.stream && !socket.writableEnded && socket.bytesRead === heard) this.disconnect(true)
  }
}
