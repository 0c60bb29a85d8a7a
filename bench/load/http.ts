/**
 * One request, repeated over some connections: as fast as the answers come, or at a constant rate. At a rate each
 * request has a moment at which it is due, and its latency counts from then: an answer that makes the next request
 * wait shows in both (coordinated omission).
 */
import { connect, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { percentile } from '../method/stats.ts'

export interface Load {
  url: string
  method: 'GET' | 'POST'
  headers: Readonly<Record<string, string>>
  bodyBytes: number
  /** Come from a new address with every request, as the gateway sees it. */
  newAddresses: boolean
  connections: number
  seconds: number
  /** Null: as fast as the answers come. */
  perSecond: number | null
}

export interface LoadResult {
  requests: number
  seconds: number
  p50Ms: number
  p99Ms: number
  maxMs: number
  /** Answers of 400 and above. */
  refused: number
  /** Connections that broke within an answer, and answers that did not come. */
  broken: number
}

export const connections = 32

/** How long the last answers may take. */
const timeoutMs = 10_000
/** Between looks at the clock and at the sockets; without the nap this process would keep a core busy. */
const napMs = 0.05
const napCell = new Int32Array(new SharedArrayBuffer(4))

export async function drive(load: Load): Promise<LoadResult> {
  const tally: Tally = { latencies: [], refused: 0, broken: 0 }
  const lanes = Array.from({ length: load.connections }, () => new Lane(load, tally))
  try {
    await Promise.all(lanes.map((lane) => lane.open()))
    const startedAt = performance.now()
    await (load.perSecond === null ? ofFull(lanes, startedAt, load) : atRate(lanes, startedAt, load, load.perSecond))
    await waitUntilIdle(lanes)
    return sumUp(tally, (performance.now() - startedAt) / 1000)
  } finally {
    for (const lane of lanes) lane.close()
  }
}

interface Tally {
  latencies: number[]
  refused: number
  broken: number
}

const sumUp = ({ latencies, refused, broken }: Tally, seconds: number): LoadResult => {
  const sorted = Float64Array.from(latencies).sort()
  const [p50Ms, p99Ms, maxMs] = [50, 99, 100].map((p) => percentile(sorted, p)) as [number, number, number]
  return { requests: latencies.length, seconds, p50Ms, p99Ms, maxMs, refused, broken }
}

function ofFull(lanes: readonly Lane[], startedAt: number, { seconds }: Load): Promise<void> {
  const endsAt = startedAt + seconds * 1000
  for (const lane of lanes) {
    lane.onIdle = () => {
      const now = performance.now()
      if (now < endsAt) lane.ask(now)
    }
    lane.onIdle(lane)
  }
  return wait(seconds * 1000)
}

/** Ends when all are sent, or when the patience is at its end: the target cannot hold the rate. */
function atRate(lanes: readonly Lane[], startedAt: number, { seconds }: Load, perSecond: number): Promise<void> {
  const total = Math.floor(perSecond * seconds)
  const dueAt = (n: number) => startedAt + (n * 1000) / perSecond
  const idle = [...lanes]
  for (const lane of lanes) lane.onIdle = (one) => idle.push(one)
  let sent = 0
  return new Promise((resolve) => {
    const turn = () => {
      const now = performance.now()
      while (sent < total && idle.length > 0 && dueAt(sent) <= now) idle.shift()?.ask(dueAt(sent++))
      if (sent === total || now > startedAt + 1000 * seconds + timeoutMs) return resolve()
      if (dueAt(sent) > performance.now()) Atomics.wait(napCell, 0, 0, napMs)
      setImmediate(turn)
    }
    turn()
  })
}

/** Answers that are still missing when it is at its end count as broken. */
async function waitUntilIdle(lanes: readonly Lane[]): Promise<void> {
  const startedAt = performance.now()
  for (const lane of lanes) lane.onIdle = () => {}
  while (lanes.some(({ busy }) => busy) && performance.now() - startedAt < timeoutMs) await wait(1)
  for (const lane of lanes) if (lane.busy) lane.lose()
}

let addresses = 0

/** One connection with at most one request on it. */
class Lane {
  busy = false
  onIdle: (lane: Lane) => void = () => {}
  readonly #load: Load
  readonly #tally: Tally
  readonly #bytes: Buffer
  readonly #target: { host: string; port: number }
  #socket: Socket | null = null
  #since = 0
  #answer = newAnswer()

  constructor(load: Load, tally: Tally) {
    const { hostname, port } = new URL(load.url)
    this.#load = load
    this.#tally = tally
    this.#target = { host: hostname, port: Number(port) }
    this.#bytes = requestBytes(load)
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const buffer = Buffer.allocUnsafe(65_536)
      const socket = connect({
        ...this.#target,
        noDelay: true,
        onread: { buffer, callback: (bytes) => this.#read(buffer.subarray(0, bytes)) },
      })
      this.#socket = socket
      socket.once('connect', resolve).once('error', reject)
      socket.on('close', () => this.#closed(socket))
    })
  }

  ask(since: number): void {
    this.busy = true
    this.#since = since
    this.#answer = newAnswer()
    this.#socket?.write(this.#load.newAddresses ? requestBytes(this.#load, addresses++) : this.#bytes)
  }

  /** Gives up what is under way. */
  lose(): void {
    this.busy = false
    this.#tally.broken++
    this.close()
  }

  close(): void {
    const socket = this.#socket
    this.#socket = null
    socket?.destroy()
  }

  #read(bytes: Buffer): boolean {
    if (!this.busy || !takeBytes(this.#answer, bytes)) return true
    this.#tally.latencies.push(performance.now() - this.#since)
    if (this.#answer.status >= 400) this.#tally.refused++
    this.busy = false
    if (this.#answer.closes) this.#reopen(true)
    else this.onIdle(this)
    return true
  }

  /** A server may close between answers; within one it has broken it. */
  #closed(socket: Socket): void {
    if (socket !== this.#socket) return
    if (this.busy) this.#tally.broken++
    const wasBusy = this.busy
    this.busy = false
    this.#reopen(wasBusy)
  }

  #reopen(thenIdle: boolean): void {
    this.close()
    this.open().then(
      () => thenIdle && this.onIdle(this),
      () => {},
    )
  }
}

function requestBytes({ url, method, headers, bodyBytes }: Load, address?: number): Buffer {
  const { host, pathname, search } = new URL(url)
  const fields = {
    host,
    ...headers,
    ...(bodyBytes > 0 && { 'content-type': 'application/octet-stream', 'content-length': bodyBytes }),
    ...(address !== undefined && { 'x-forwarded-for': addressOf(address) }),
  }
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.from(`${method} ${pathname}${search} HTTP/1.1\r\n${lines.join('')}\r\n${'a'.repeat(bodyBytes)}`)
}

export const addressOf = (n: number): string => `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`

export interface Answer {
  status: number
  /** The server closes the connection behind it. */
  closes: boolean
  head: string
  /** Bytes of the body that are still to come; null while the head is, or when it comes in chunks. */
  missing: number | null
  tail: string
}

export const newAnswer = (): Answer => ({ status: 0, closes: false, head: '', missing: null, tail: '' })

const lastChunk = '\r\n0\r\n\r\n'

/** True when the answer is whole. */
export function takeBytes(answer: Answer, bytes: Buffer): boolean {
  let body = bytes
  if (answer.status === 0) {
    const text = answer.head + bytes.toString('latin1', 0, 16_384)
    const end = text.indexOf('\r\n\r\n')
    if (end < 0) {
      answer.head = text
      return false
    }
    body = bytes.subarray(end + 4 - answer.head.length)
    readHead(answer, text.slice(0, end))
  }
  if (answer.missing !== null) {
    answer.missing -= body.length
    return answer.missing <= 0
  }
  answer.tail = (answer.tail + body.subarray(-lastChunk.length).toString('latin1')).slice(-lastChunk.length)
  return answer.tail === lastChunk || answer.tail === lastChunk.slice(2)
}

function readHead(answer: Answer, head: string): void {
  answer.status = Number(head.slice(9, 12))
  answer.closes = /\r\nconnection: *close/i.test(head)
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  if (length !== undefined) answer.missing = Number(length)
  else if (!/\r\ntransfer-encoding: *chunked/i.test(head)) throw new Error(`an answer without a length: ${head}`)
}
