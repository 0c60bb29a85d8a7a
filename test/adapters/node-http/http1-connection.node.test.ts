/** What happens between choosing a connection and writing the request, and when an answer comes before the upload ends. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, it } from 'vitest'
import { undiciTransport } from '../../../src/adapters/node-http/undici/transport.ts'
import type { TransportError } from '../../../src/errors/gateway-error.ts'
import { textOf, transportInit } from '../../support/contracts/transport.ts'

const answer = (text: string) => `HTTP/1.1 200 OK\r\ncontent-length: ${text.length}\r\n\r\n${text}`

const closing: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function upstream(serve: (socket: Socket, count: number) => void) {
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => {}))
    serve(socket, sockets.length)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { transport, close } = undiciTransport()
  closing.push(close, () => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, transport, sockets }
}

/** Runs `work` in a turn of its own, before the loop looks at the network. */
const inOneTurn = <T>(work: () => T): Promise<T> => new Promise((resolve) => setTimeout(() => resolve(work()), 0))

const echoes = (socket: Socket, count: number) =>
  socket.on('data', (bytes) => socket.write(answer(`${count} ${String(bytes).split(' ', 1)}`)))

describe('an idle connection', () => {
  it('whose upstream speaks before the request is written gives nothing of it to a caller', async () => {
    const { url, transport, sockets } = await upstream(echoes)
    expect(await textOf(await transport(url, transportInit()))).toBe('1 GET')
    const next = await inOneTurn(() => {
      sockets[0]?.write(answer('of somebody else'))
      return transport(url, transportInit({ method: 'POST' }))
    })
    expect(await textOf(next)).toBe('2 POST')
  })

  it('that closes before the request is written costs no caller its request, whatever the method', async () => {
    const { url, transport, sockets } = await upstream(echoes)
    expect(await textOf(await transport(url, transportInit()))).toBe('1 GET')
    const next = await inOneTurn(() => {
      sockets[0]?.destroy()
      return transport(url, transportInit({ method: 'POST' }))
    })
    expect(await textOf(next)).toBe('2 POST')
  })
})

describe('a new connection', () => {
  const ticks = () => new Promise<void>((resolve) => process.nextTick(() => process.nextTick(resolve)))
  const upload = () => new Blob(['hello']).stream()

  it.each([
    ['a request, which moves', 'asked', () => null, ticks],
    ['an upload', 'malformed', upload, () => ticks().then(() => new Promise(setImmediate))],
  ])('whose upstream speaks first gives nothing of that to %s', async (_what, outcome, body, untilConnecting) => {
    const { url, greeted, stop } = await startGreeter()
    const { transport, url: warmUp } = await upstream((socket) => socket.destroy())
    closing.push(stop)
    // The general client loads with its first request.
    await transport(warmUp, transportInit({ method: 'POST', body: upload() })).catch(() => {})
    const asked = transport(url, transportInit({ method: 'POST', body: body() })).then(textOf)
    const failure = asked.catch(({ failure }: TransportError) => failure)
    // In the turn in which it connects: the greeting has left before the loop looks at the network.
    await untilConnecting()
    blockUntil(greeted)
    expect(await failure).toBe(outcome)
  })
})

/** In a thread of its own: answers the first connection before it asks anything, and others when they ask. */
async function startGreeter() {
  const shared = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(greeter, {
    eval: true,
    workerData: { shared, early: answer('of somebody else'), asked: answer('asked') },
  })
  const [port] = await once(worker, 'message')
  return {
    url: `http://127.0.0.1:${port}/`,
    greeted: () => Atomics.load(shared, 0) > 0,
    stop: async () => void (await worker.terminate()),
  }
}

const greeter = `
  const { parentPort, workerData: { shared, early, asked } } = require('node:worker_threads')
  let first = true
  const server = require('node:net').createServer((socket) => {
    socket.on('error', () => {}).on('data', () => socket.write(asked))
    if (first) socket.write(early, () => Atomics.store(shared, 0, 1))
    first = false
  })
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port))
`

function blockUntil(holds: () => boolean): void {
  const wait = new Int32Array(new SharedArrayBuffer(4))
  for (let n = 0; n < 5000 && !holds(); n++) Atomics.wait(wait, 0, 0, 1)
}

describe('an upload', () => {
  it.each([
    ['closes', (socket: Socket) => socket.destroySoon()],
    ['resets', (socket: Socket) => setTimeout(() => socket.resetAndDestroy(), 20)],
  ])('gets the answer of an upstream that answers in the middle of it and %s', async (_how, leave) => {
    const { url, transport } = await upstream((socket) => {
      socket.once('data', () => {
        socket.pause()
        socket.write('HTTP/1.1 413 Content Too Large\r\ncontent-length: 5\r\n\r\nearly', () => leave(socket))
      })
    })
    for (let round = 0; round < 20; round++) {
      let pieces = 0
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          if (++pieces > 200) controller.close()
          else controller.enqueue(new Uint8Array(65_536))
        },
      })
      const { status, body: content } = await transport(url, transportInit({ method: 'POST', body }))
      expect([status, await textOf({ status, headers: {}, body: content })]).toEqual([413, 'early'])
    }
  })
})

describe('content that a status does not allow', () => {
  it('is dropped from a 205, and does not become the next answer', async () => {
    const { url, transport } = await upstream((socket, count) => {
      let asked = 0
      socket.on('data', () => {
        const first = 'HTTP/1.1 205 Reset Content\r\ncontent-length: 5\r\n\r\nhello'
        socket.write(++asked === 1 ? first : answer(`${count}`))
      })
    })
    const reset = await transport(url, transportInit())
    expect([reset.status, reset.body]).toEqual([205, null])
    expect(await textOf(await transport(url, transportInit()))).toMatch(/^[12]$/)
  })
})

describe('an event stream', () => {
  it.each([
    ['text/event-stream; charset=utf-8', 'event'],
    ['text/plain', 'timeout'],
  ])('may be silent for longer than other bodies: %s', async (type, outcome) => {
    const { url, transport } = await upstream((socket) => {
      socket.once('data', () => {
        socket.write(`HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\n\r\n:\n`)
        setTimeout(() => socket.end('event'), 600)
      })
    })
    const limits = { connectMs: 5000, firstByteMs: 5000, idleMs: 150, streamIdleMs: 20_000 }
    const text = textOf(await transport(url, transportInit({ limits }))).catch(({ failure }) => failure)
    expect(await text).toMatch(new RegExp(`${outcome}$`))
  })
})
