import { getEventListeners, once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { undiciTransport } from '../../../src/adapters/node-http/undici/transport.ts'
import {
  bytesOf,
  failureOf,
  limits,
  textOf,
  transportContract,
  transportInit,
} from '../../support/contracts/transport.ts'
import { startEchoServer } from '../../support/echo-server.ts'

let echo: Awaited<ReturnType<typeof startEchoServer>>
beforeAll(async () => {
  echo = await startEchoServer()
})
afterAll(() => echo.close())

describe('undici on Node', () => {
  const { transport, close } = undiciTransport()
  afterAll(close)
  transportContract(transport, () => echo.url, {
    namesFailures: true,
    readsRawBytes: true,
    limitsIdleTime: true,
    limitsHeaderSize: true,
  })

  it.each(['', '&length'])('hands 64 KiB over as bytes and one byte more as a stream%s', async (length) => {
    const whole = await transport(`${echo.url}/bytes?count=65536${length}`, transportInit())
    expect(whole.body).toBeInstanceOf(Uint8Array)
    const more = await transport(`${echo.url}/bytes?count=65537${length}`, transportInit())
    expect(more.body).toBeInstanceOf(ReadableStream)
    expect([(await bytesOf(whole)).length, (await bytesOf(more)).length]).toEqual([65_536, 65_537])
  })

  it('does not take an upload that goes on for a late answer', async () => {
    const slow = new ReadableStream<Uint8Array>({
      async pull(controller) {
        await new Promise((resume) => setTimeout(resume, 40))
        if (sent++ < 8) controller.enqueue(new Uint8Array(10))
        else controller.close()
      },
    })
    let sent = 0
    const upload = transportInit({ method: 'POST', body: slow, limits: { ...limits, firstByteMs: 250 } })
    expect(JSON.parse(await textOf(await transport(`${echo.url}/sink`, upload)))).toMatchObject({ bodyBytes: 80 })
  })

  it('does not take a reset in the middle of an upload for the end of an answer without length', async () => {
    // In a thread, so that it answers and resets while this one is kept from reading.
    const upstream = new Worker(resettingUpstream, { eval: true })
    const [port] = await once(upstream, 'message')
    const upload = new ReadableStream<Uint8Array>({
      async pull(controller) {
        controller.enqueue(new Uint8Array(1000))
        await setImmediate()
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50)
      },
    })
    const answer = transport(`http://127.0.0.1:${port}/`, transportInit({ method: 'POST', body: upload }))
    expect(await failureOf(answer.then(textOf))).toBe('reset')
    await upstream.terminate()
  })

  it('leaves no listener on a signal that outlives the exchange', async () => {
    const { signal } = new AbortController()
    for (const path of ['/echo', '/bytes?count=200000', '/reset', '/status?code=204'])
      await transport(echo.url + path, transportInit({ signal })).then(bytesOf, () => {})
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })
})

describe('an idle connection', () => {
  /** Serves until `check` is through, and counts the connections that were opened. */
  async function withServer(keepAliveTimeout: number, check: (url: string, opened: () => number) => Promise<void>) {
    let opened = 0
    const server = createServer({ keepAliveTimeout }, (_, response) => response.end('ok'))
    server.on('connection', () => opened++)
    await once(server.listen(0, '127.0.0.1'), 'listening')
    try {
      await check(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, () => opened)
    } finally {
      server.closeAllConnections()
      server.close()
    }
  }

  it.each([
    [1000, 3],
    [9000, 1],
  ])('of an upstream that keeps it for %i ms is opened %i times in three requests', async (keepAliveTimeout, times) => {
    const { transport, close } = undiciTransport()
    await withServer(keepAliveTimeout, async (url, opened) => {
      for (let n = 0; n < 3; n++) {
        expect(await textOf(await transport(url, transportInit()))).toBe('ok')
        // The connection is free at the end of the turn.
        await setImmediate()
      }
      expect(opened()).toBe(times)
    })
    await close()
  })

  it('that the upstream ended is not used again', async () => {
    const { transport, close } = undiciTransport()
    const sockets: Socket[] = []
    const server = createServer((_, response) => response.end('ok')).on('connection', (socket) => sockets.push(socket))
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const { port } = server.address() as AddressInfo
    for (let n = 1; n <= 3; n++) {
      expect(await textOf(await transport(`http://localhost:${port}/`, transportInit()))).toBe('ok')
      expect(sockets).toHaveLength(n)
      const gone = once(sockets[n - 1] as Socket, 'close')
      sockets[n - 1]?.end()
      await gone
    }
    server.close()
    await close()
  })
})

describe('one connection', () => {
  it('is used again and again', async () => {
    const { transport, close } = undiciTransport({ connections: () => 1 })
    const text = async () => textOf(await transport(`${echo.url}/connections`, transportInit()))
    const before = await text()
    for (let n = 0; n < 10; n++) expect(await text()).toBe(before)
    await close()
  })

  it('is waited for no longer than a connection may take, and survives those who gave up', async () => {
    const { transport, close } = undiciTransport({ connections: () => 1 })
    const first = transport(`${echo.url}/slow?ms=200`, transportInit())
    const leaving = new AbortController()
    const late = failureOf(
      transport(`${echo.url}/echo?key=late`, transportInit({ limits: { ...limits, connectMs: 50 } })),
    )
    const gone = failureOf(transport(`${echo.url}/echo?key=gone`, transportInit({ signal: leaving.signal })))
    const patient = transport(`${echo.url}/hints`, transportInit())
    leaving.abort()
    expect(await Promise.all([late, gone])).toEqual(['timeout', 'aborted'])
    expect(await Promise.all([first.then(textOf), patient.then(textOf)])).toEqual(['slow', 'after the hints'])
    for (const key of ['late', 'gone']) {
      const seen = JSON.parse(await textOf(await transport(`${echo.url}/seen?key=${key}`, transportInit())))
      expect(seen).toEqual({ arrived: false })
    }
    await close()
  })

  it('is one of more when more are allowed meanwhile, and an upload under way goes on', async () => {
    let most = 1
    const { transport, close } = undiciTransport({ connections: () => most })
    const upload = () => {
      const body = new Response('slow').body
      return transport(`${echo.url}/slow?ms=200`, transportInit({ method: 'POST', body }))
    }
    const begun = [upload(), transport(`${echo.url}/slow?ms=200`, transportInit())]
    most = 2
    begun.push(upload(), transport(`${echo.url}/slow?ms=200`, transportInit()))
    expect(await Promise.all(begun.map(async (each) => textOf(await each)))).toEqual(Array(4).fill('slow'))
    await close()
  })

  it('ends what is in flight when the transport closes, and nothing begins after that', async () => {
    const { transport, close } = undiciTransport()
    const waiting = failureOf(transport(`${echo.url}/deaf?key=closing`, transportInit()))
    const streaming = await transport(`${echo.url}/endless`, transportInit())
    await close()
    expect(await waiting).toBe('aborted')
    await expect(bytesOf(streaming)).rejects.toThrow()
    expect(await failureOf(transport(`${echo.url}/echo`, transportInit()))).toBe('aborted')
  })
})

const resettingUpstream = `
  const { createServer } = require('node:net')
  const { parentPort } = require('node:worker_threads')
  const answer = 'HTTP/1.1 413 Too Large\\r\\nconnection: close\\r\\n\\r\\nhalf a sen'
  const server = createServer((socket) => {
    socket.on('error', () => {}).once('data', () => {
      socket.pause()
      socket.write(answer, () => setTimeout(() => socket.resetAndDestroy(), 5))
    })
  })
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port))
`
