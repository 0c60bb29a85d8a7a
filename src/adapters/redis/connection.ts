/** A Redis connection that fails fast and reconnects automatically. */
import { Redis } from 'ioredis'

/** Timeout of a command; then the request continues without Redis. */
const commandTimeoutMs = 250
const SLOWEST_RECONNECT_MS = 2_000

/** `onError` gets only the first error of each outage, not one per reconnect. */
export function redisConnection(
  url: string,
  onError: (error: Error) => void,
  timeoutMs: number = commandTimeoutMs,
): Redis {
  const client = new FailFastRedis(url, {
    commandTimeout: timeoutMs,
    connectTimeout: 2_000,
    disconnectTimeout: timeoutMs,
    enableOfflineQueue: false,
    // A lost command may have been executed; sending it again could count a request twice.
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

/** Waits for outstanding commands, at most for the command timeout; never rejects. */
export async function closeRedis(client: Redis): Promise<void> {
  await client.quit().catch(() => {})
  if (client.status !== 'end') client.disconnect()
}

type SendCommand = Redis['sendCommand']

/** Commands that ioredis sends itself when it connects. */
const handshake: ReadonlySet<string> = new Set(['auth', 'hello', 'select', 'client', 'info', 'quit'])

/**
 * A dead peer leaves a connection that looks open for minutes. The first command that times out without any received
 * data closes it, so that the next commands fail at once.
 */
class FailFastRedis extends Redis {
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
      // After a blocked event loop the reply may be unread in the socket until the next poll.
      if (error.message === 'Command timed out') setImmediate(() => this.dropSilent(socket, heard))
    })
    return super.sendCommand(command, stream)
  }

  /** ioredis would use database 0 if the configured one is refused. */
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
