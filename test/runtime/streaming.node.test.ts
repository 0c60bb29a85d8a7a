/** Bodies on their way through the real entries: nothing waits, nothing piles up, and who leaves is let go of. */
import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FaultUpstream, type SeenConnection, startFaultUpstream } from '../support/fault-upstream.ts'
import { roomOrEnd } from '../support/faults/broken-connections.ts'
import { echoThrough } from '../support/faults/echo-load.ts'
import { watchMemory } from '../support/faults/vitals.ts'
import { type Gateway, runtimes, token } from '../support/gateways.ts'
import { openSocket } from '../support/raw-http.ts'
import { stuckMs } from '../support/stuck.ts'

const mebibyte = 2 ** 20

/** Linux keeps that much of a connection that nobody reads from, in the buffers of both its ends. */
const keptBySystem = ['rmem', 'wmem'].reduce(
  (total, name) => total + Number(readFileSync(`/proc/sys/net/ipv4/tcp_${name}`, 'utf8').split(/\s+/)[2]),
  0,
)
/** From the upstream to the caller; wrangler's own proxy stands on the way, too. */
const connectionsOnTheWay = { Node: 2, workerd: 4 }

const say = (text: string) => process.stdout.write(`      ${text}\n`)

describe.each(runtimes)('streams through the gateway on %s', (runtime, startGateway) => {
  let gateway: Gateway
  let upstream: FaultUpstream

  beforeAll(async () => {
    upstream = await startFaultUpstream()
    gateway = await startGateway({ SHUB_URL: upstream.url, VX11_RATE_LIMIT_ENABLED: 'false' })
  })
  afterAll(async () => {
    await Promise.all([gateway?.stop(), upstream?.close()])
  })

  const open = (path: string, fields: string[] = [], method = 'GET') => {
    const socket = openSocket(gateway.url)
    const lines = [`${method} /shub${path} HTTP/1.1`, 'Host: g', `X-VX11-Token: ${token}`, ...fields, '', '']
    socket.write(lines.join('\r\n'))
    return socket
  }
  const connectionOf = async (target: string): Promise<SeenConnection> => {
    const find = () => upstream.connections.findLast((each) => each.requests.at(-1)?.target === target)
    await expect.poll(find, { interval: 5 }).toBeDefined()
    return find() as SeenConnection
  }

  it('hands every event on at once', async () => {
    await gateway.fetch('/shub/ok')
    const response = await gateway.fetch('/shub/fault/timed-events')
    const delays: number[] = []
    const arrivals: number[] = []
    let lastLeftAt = 0
    for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const arrivedAt = performance.timeOrigin + performance.now()
      for (const [, leftAt] of part.matchAll(/data: (\S+)\n\n/g)) {
        delays.push(arrivedAt - Number(leftAt))
        arrivals.push(arrivedAt)
        lastLeftAt = Number(leftAt)
      }
    }
    const [first = Number.NaN] = delays
    const median = delays.toSorted((a, b) => a - b)[10] ?? Number.NaN
    say(`${runtime}: first event ${first.toFixed(1)} ms, median of ${delays.length} events ${median.toFixed(1)} ms`)
    expect(delays).toHaveLength(20)
    // Held back, the first would arrive with the last.
    expect(arrivals[0]).toBeLessThan(lastLeftAt)
  })

  it('ends the upstream’s body when its reader leaves', async () => {
    const reader = open('/fault/endless?leaves')
    reader.on('data', () => {})
    const connection = await connectionOf('/fault/endless?leaves')
    await expect.poll(() => connection.bytesWritten, { interval: 5 }).toBeGreaterThan(mebibyte)
    const leftAt = performance.now()
    reader.destroy()
    await expect.poll(() => connection.open, { interval: 5 }).toBe(false)
    say(`${runtime}: the upstream hears of a leaving reader after ${(performance.now() - leftAt).toFixed(0)} ms`)
  })

  it('ends the upstream’s exchange when its caller leaves before the answer', async () => {
    const caller = open('/fault/silent?leaves', ['X-VX11-Deadline-Ms: 1500'])
    const connection = await connectionOf('/fault/silent?leaves')
    const leftAt = performance.now()
    caller.destroy()
    await expect.poll(() => connection.open, { interval: 5 }).toBe(false)
    const tookMs = performance.now() - leftAt
    say(`${runtime}: the upstream hears of a leaving caller after ${tookMs.toFixed(0)} ms`)
    // workerd tells the gateway nothing before the answer has begun, so the time limit ends it (docs/platforms.md).
    if (runtime === 'Node') expect(tookMs).toBeLessThan(stuckMs)
  })

  it('makes the upstream wait for a reader that does not read', async () => {
    const memory = await watchMemory(gateway)
    const reader = open('/fault/endless?unread').pause()
    const connection = await connectionOf('/fault/endless?unread')
    const settled = await untilStill(() => connection.bytesWritten)
    const { grown } = memory.stop()
    reader.destroy()
    say(`${runtime}: ${(settled / mebibyte).toFixed(1)} MiB of an endless body left the upstream, unread`)
    expect(settled).toBeLessThan(connectionsOnTheWay[runtime] * keptBySystem + 8 * mebibyte)
    if (runtime === 'Node') expect(grown).toBeLessThan(32)
  })

  it('makes the caller wait for an upstream that does not read', async () => {
    const length = 64 * mebibyte
    const memory = await watchMemory(gateway)
    const caller = open('/fault/deaf?ms=1200', [`Content-Length: ${length}`], 'POST')
    let sent = 0
    let answered = ''
    caller.on('data', (chunk) => {
      answered += chunk
    })
    const piece = Buffer.alloc(65_536, 'u')
    const sendAll = (async () => {
      for (; sent < length && !caller.destroyed; sent += piece.length) if (!caller.write(piece)) await roomOrEnd(caller)
    })()
    await connectionOf('/fault/deaf?ms=1200')
    const settled = await untilStill(() => sent)
    say(`${runtime}: ${(settled / mebibyte).toFixed(1)} MiB of an upload left the caller, unread`)
    await sendAll
    await expect.poll(() => answered, { interval: 10 }).toContain('HTTP/1.1 200')
    const { grown } = memory.stop()
    caller.destroy()
    expect(settled).toBeLessThan(length)
    if (runtime === 'Node') expect(grown).toBeLessThan(64)
  })

  it('carries 64 MiB both ways at once, in little memory', async () => {
    const memory = await watchMemory(gateway)
    const { seconds, ...outcome } = await echoThrough(gateway, 64 * mebibyte)
    const { max, grown } = memory.stop()
    expect(outcome).toEqual({ status: 200, bytes: 64 * mebibyte, same: true })
    const resident = runtime === 'Node' ? `, resident ${max.toFixed(0)} MiB (+${grown.toFixed(0)})` : ''
    say(`${runtime}: 64 MiB there and back in ${seconds.toFixed(2)} s${resident}`)
    if (runtime === 'Node') expect(grown).toBeLessThan(100)
  })
})

/** The value, once it has not changed for 300 ms: the other side has been made to wait. */
async function untilStill(value: () => number): Promise<number> {
  for (let last = -1; ; ) {
    const now = value()
    if (now === last && now > 0) return now
    last = now
    await wait(300)
  }
}
