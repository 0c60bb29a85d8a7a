/**
 * A load at a constant rate, in a process of its own. Each request has a moment at which it is due, and its latency
 * counts from then: an answer that makes the next request wait shows in both (coordinated omission).
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { percentile } from '../stats.ts'

export interface SteadyLoad {
  url: string
  headers: Readonly<Record<string, string>>
  perSecond: number
  seconds: number
  /** Driven alike before it, and not counted. */
  warmUpSeconds: number
  connections: number
}

export interface SteadyResult {
  p50Ms: number
  p99Ms: number
  perSecond: number
}

/** Between looks at the clock and at the sockets; without the nap this process would keep a core busy. */
const napMs = 0.05
const napCell = new Int32Array(new SharedArrayBuffer(4))

async function drive(load: SteadyLoad): Promise<SteadyResult> {
  const { perSecond, seconds, warmUpSeconds } = load
  const total = Math.floor(perSecond * (warmUpSeconds + seconds))
  const uncounted = Math.floor(perSecond * warmUpSeconds)
  const latencies = new Float64Array(total - uncounted)
  const dueAt = (n: number) => startedAt + (n * 1000) / perSecond
  const idle: Lane[] = []
  let sent = 0
  let answered = 0

  const answeredOn = (lane: Lane) => {
    if (lane.request >= uncounted) latencies[lane.request - uncounted] = performance.now() - dueAt(lane.request)
    answered++
    idle.push(lane)
  }
  const lanes = await Promise.all(Array.from({ length: load.connections }, () => openLane(load, answeredOn)))
  idle.push(...lanes)
  const startedAt = performance.now()

  await new Promise<void>((resolve) => {
    const turn = () => {
      const now = performance.now()
      while (sent < total && idle.length > 0 && dueAt(sent) <= now) idle.shift()?.ask(sent++)
      if (answered === total) return resolve()
      if (sent < total && dueAt(sent) > performance.now()) Atomics.wait(napCell, 0, 0, napMs)
      setImmediate(turn)
    }
    turn()
  })
  const took = (performance.now() - startedAt) / 1000
  for (const lane of lanes) lane.close()
  return { p50Ms: percentile(latencies, 50), p99Ms: percentile(latencies, 99), perSecond: total / took }
}

/** One connection with at most one request on it. */
interface Lane {
  request: number
  ask(request: number): void
  close(): void
}

async function openLane({ url, headers }: SteadyLoad, answered: (lane: Lane) => void): Promise<Lane> {
  const { hostname, port, host, pathname } = new URL(url)
  const lines = Object.entries({ host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
  const bytes = Buffer.from(`GET ${pathname} HTTP/1.1\r\n${lines.join('')}\r\n`)
  const socket: Socket = connect(Number(port), hostname).setNoDelay(true)
  await once(socket, 'connect')
  const lane: Lane = {
    request: 0,
    ask(request) {
      lane.request = request
      socket.write(bytes)
    },
    close: () => socket.destroy(),
  }
  let missing = 0
  socket.on('data', (chunk: Buffer) => {
    missing += missing === 0 ? messageLength(chunk) - chunk.length : -chunk.length
    if (missing === 0) answered(lane)
  })
  socket.on('error', (error) => {
    throw error
  })
  socket.on('close', () => {
    if (missing > 0) throw new Error('the connection broke within an answer')
  })
  return lane
}

/** Head and body together. The head comes in one piece, and the bench's answers tell their length. */
export function messageLength(start: Buffer): number {
  const end = start.indexOf('\r\n\r\n')
  const head = start.toString('latin1', 0, end)
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  if (end < 0 || length === undefined || !head.startsWith('HTTP/1.1 200')) throw new Error(`unexpected answer: ${head}`)
  return end + 4 + Number(length)
}

if (process.argv[1] === import.meta.filename) {
  const result = await drive(JSON.parse(process.argv[2] ?? '') as SteadyLoad)
  process.stdout.write(JSON.stringify(result))
}
