/** Starts a real redis-server for a test file: its own port, nothing on disk. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { freePort } from './free-port.ts'

export interface RedisServer {
  readonly url: string
  readonly port: number
  /** Starts it again on the same port, empty; also after `kill`. */
  start(): Promise<void>
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>
  /** Stops it in the middle of whatever it does, connections open; `thaw` lets it go on. */
  freeze(): void
  thaw(): void
  /** Ends it for good. */
  stop(): Promise<void>
}

/**
 * A running server, or null after saying so loudly when the machine has no redis-server. Under CI its absence fails.
 * `extraArguments` go to redis-server as they are.
 */
export async function startRedis(extraArguments: readonly string[] = []): Promise<RedisServer | null> {
  if (spawnSync('redis-server', ['--version']).error) {
    if (process.env.CI) throw new Error('redis-server is missing: apt-get install redis-server')
    process.stderr.write(
      '\n!! SKIPPED: no redis-server here; what Redis holds is untested (apt-get install redis-server)\n\n',
    )
    return null
  }
  const server = redisServer(await freePort(), extraArguments)
  await server.start()
  return server
}

function redisServer(port: number, extraArguments: readonly string[]): RedisServer {
  let child: ChildProcess | null = null
  const endWithUs = (): void => void child?.kill('SIGKILL')

  async function start(): Promise<void> {
    if (child) throw new Error('redis-server runs already')
    child = spawn('redis-server', [...settings(port), ...extraArguments], { stdio: ['ignore', 'pipe', 'inherit'] })
    process.once('exit', endWithUs)
    await becomesReady(child)
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ending = child
    child = null
    process.off('exit', endWithUs)
    if (!ending || ending.exitCode !== null) return
    const exit = once(ending, 'exit')
    ending.kill(signal)
    await exit
  }

  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    start,
    kill: () => end('SIGKILL'),
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    stop: () => end('SIGTERM'),
  }
}

const settings = (port: number): string[] =>
  `--port ${port} --bind 127.0.0.1 --appendonly no --daemonize no --databases 16 --dir ${tmpdir()}`
    .split(' ')
    .concat('--save', '')

async function becomesReady(child: ChildProcess): Promise<void> {
  let said = ''
  for await (const chunk of child.stdout ?? []) {
    said += String(chunk)
    if (said.includes('Ready to accept connections')) return void child.stdout?.resume()
  }
  throw new Error(`redis-server ended at its start:\n${said}`)
}
