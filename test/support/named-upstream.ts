/** An upstream as a process of its own, which tells its name: for tests that kill it under load. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from './free-port.ts'

export interface NamedUpstream {
  name: string
  url: string
  /** Ends it as a crash does. */
  kill(): Promise<void>
  /** On the same port. */
  start(): Promise<void>
}

const program = fileURLToPath(import.meta.url)

export async function namedUpstream(name: string): Promise<NamedUpstream> {
  const port = await freePort()
  let child: ChildProcess | undefined
  const kill = async () => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const exit = once(child, 'exit')
    child.kill('SIGKILL')
    await exit
  }
  const start = async () => {
    const started = spawn(process.execPath, [program, name, String(port)], { stdio: ['ignore', 'pipe', 'inherit'] })
    child = started
    await once(started.stdout, 'data')
  }
  process.once('exit', () => child?.kill('SIGKILL'))
  await start()
  return { name, url: `http://127.0.0.1:${port}`, kill, start }
}

/** Each answer takes a moment, so that some are under way at any time. */
function serve(name: string, port: number): void {
  const server = createServer(async ({ url }, response) => {
    if (url === '/health') return response.end('{"status":"ok"}')
    await wait(5)
    response.setHeader('content-type', 'text/plain').end(name)
  })
  server.keepAliveTimeout = 60_000
  server.listen(port, '127.0.0.1', () => process.stdout.write('listening\n'))
}

if (process.argv[1] === program) serve(process.argv[2] ?? '', Number(process.argv[3]))
