/** What 200 connections without a token cost in memory, and the others in patience. */
import { connect, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { drive, type LoadResult } from '../load/http.ts'
import { residentMiBOf, watchMemory } from '../method/proc.ts'
import { figure, type Measured, single } from '../report/results.ts'
import type { Bench } from '../run-case.ts'
import { startGateway } from '../targets/targets.ts'

const count = 200
const megabyte = 2 ** 20
const post = (path: string, length: number) =>
  `POST ${path} HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`

/** What each writes at once, and what it adds ten times a second. */
const kinds: readonly { name: string; first: string; drip: string }[] = [
  { name: 'slow heads', first: 'GET /livez HTTP/1.1\r\nHost: gateway\r\nX-Slow: ', drip: 'a' },
  { name: 'slow bodies', first: post('/auth/login', megabyte), drip: '[' },
  { name: 'big bodies', first: post('/auth/login', megabyte) + '['.repeat(megabyte - 1), drip: '' },
  { name: 'silent sockets', first: '', drip: '' },
]

export async function measureHostile({ bundle, upstream, options }: Bench): Promise<Measured> {
  const gateway = await startGateway('gateway', bundle, upstream)
  const seconds = options.quick ? 1 : 10
  await livez(gateway.url, options.warmUpSeconds || 1)
  const calm = await livez(gateway.url, seconds)
  await wait(options.idleSeconds * 1000)
  const before = residentMiBOf(gateway.pid)
  const peak = watchMemory(gateway.pid)
  const sockets = Array.from({ length: count }, (_, n) => openHostile(gateway.url, n))
  const beset = await livez(gateway.url, seconds)
  const rise = peak() - before
  for (const close of sockets) close()
  await gateway.stop()
  const rows = [
    ['calm', ...cells(calm), '-'],
    [`${count} hostile`, ...cells(beset), figure(rise)],
  ]
  return {
    method: `${count / kinds.length} each of ${kinds.map(({ name }) => name).join(', ')}, for ${seconds} s`,
    tables: [{ head: ['/livez beside', 'p50 ms', 'p99 ms', 'most ms', 'memory, MiB more'], rows }],
    readings: { 'memory rise': single(rise), p99: single(beset.p99Ms) },
  }
}

const livez = (url: string, seconds: number): Promise<LoadResult> =>
  drive({
    url: `${url}/livez`,
    ...{ method: 'GET', headers: {}, bodyBytes: 0, newAddresses: false, connections: 8, seconds, perSecond: 100 },
  })

/** Comes back as often as it is sent away. */
function openHostile(url: string, n: number): () => void {
  const { hostname, port } = new URL(url)
  const { first, drip } = kinds[n % kinds.length] ?? { first: '', drip: '' }
  let socket: Socket
  let over = false
  const open = () => {
    if (over) return
    socket = connect(Number(port), hostname)
    socket.on('error', () => {}).on('close', () => setTimeout(open, 100))
    socket.resume()
    if (first) socket.write(first)
  }
  open()
  const timer = drip ? setInterval(() => socket.writable && socket.write(drip), 100) : undefined
  return () => {
    over = true
    clearInterval(timer)
    socket.destroy()
  }
}

const cells = ({ p50Ms, p99Ms, maxMs }: LoadResult) => [figure(p50Ms, 2), figure(p99Ms, 2), figure(maxMs, 1)]
