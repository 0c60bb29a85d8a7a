import { once } from 'node:events'
import type { createServer, ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Connections } from '../../../src/entry/node/http/connections.ts'
import { createStrictServer } from '../../../src/entry/node/http/strict-server.ts'
import type { Lifecycle } from '../../../src/ports/index.ts'
import { fakeClock } from '../../support/fake-clock.ts'

let clock: ReturnType<typeof fakeClock>
let lifecycle: Lifecycle
let server: ReturnType<typeof createServer>
let connections: Connections
let requests: string[]
let held: ServerResponse[]
beforeEach(async () => {
  clock = fakeClock()
  lifecycle = { phase: 'serving' }
  requests = []
  held = []
  server = createStrictServer({}, ({ url = '' }, response) => {
    requests.push(url)
    if (url === '/long') held.push(response)
    else response.end('answer')
  })
  connections = new Connections(server, lifecycle)
  await once(server.listen(0, '127.0.0.1'), 'listening')
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

async function caller() {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  let failure: Error | undefined
  socket.on('error', (error) => {
    failure = error
  })
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk
  })
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  await once(socket, 'connect')
  const ask = (path: string) => socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`)
  return { closed, text: () => text, failure: () => failure, ask }
}

async function drain() {
  await (await connections.stopListening(clock)).ended
}

const untilClosed = () => expect.poll(() => server.listening).toBe(false)

describe('the end of connections', () => {
  it('keeps them while readiness alone is off', async () => {
    const { text, ask } = await caller()
    lifecycle.phase = 'draining'
    const late = await caller()
    for (const each of [ask, late.ask]) each('/first')
    await expect.poll(() => [text(), late.text()]).toEqual(Array(2).fill(expect.stringContaining('keep-alive')))
    ask('/second')
    await expect.poll(() => requests).toHaveLength(3)
  })

  it('answers a request that was on its way over a kept one, and says that it was the last', async () => {
    const { closed, text, ask, failure } = await caller()
    ask('/first')
    await expect.poll(text).toContain('answer')
    const ended = drain()
    await untilClosed()
    ask('/second')
    await closed
    expect(text().match(/answer/g)).toHaveLength(2)
    expect(text().match(/^connection: \S+/gim)).toEqual(['Connection: keep-alive', 'Connection: close'])
    expect(failure()).toBeUndefined()
    await ended
  })

  it('takes in what waits in the backlog, and a connection that has not asked yet', async () => {
    const { closed, text, ask } = await caller()
    const waiting = caller()
    const ended = drain()
    const late = await waiting
    await untilClosed()
    ask('/one')
    late.ask('/two')
    await Promise.all([closed, late.closed])
    expect([text(), late.text()]).toEqual([expect.stringContaining('answer'), expect.stringContaining('answer')])
    await ended
  })

  it('answers each of fifty that wait to be accepted when it begins', async () => {
    const { port } = server.address() as AddressInfo
    const sockets = Array.from({ length: 50 }, () => connect(port, '127.0.0.1'))
    const answers = sockets.map(async (socket) => {
      socket.write('GET /waiting HTTP/1.1\r\nhost: x\r\n\r\n')
      let text = ''
      for await (const chunk of socket) text += chunk
      return text.includes('answer')
    })
    const ended = drain()
    expect(await Promise.all(answers)).toEqual(Array(50).fill(true))
    await ended
  })

  it('ends a quiet one after a second, without a reset, and acts upon nothing that comes later', async () => {
    const { closed, text, ask, failure } = await caller()
    ask('/first')
    await expect.poll(text).toContain('answer')
    const ended = drain()
    await untilClosed()
    await clock.advance(1000)
    ask('/late')
    await closed
    expect(failure()).toBeUndefined()
    await ended
    expect(requests).toEqual(['/first'])
  })

  it('waits for the answer under way, whose headers have promised to keep the connection', async () => {
    const { closed, text, ask } = await caller()
    ask('/long')
    await expect.poll(() => held).toHaveLength(1)
    held[0]?.writeHead(200).write('begun')
    await expect.poll(text).toContain('begun')
    expect(connections.underWay()).toBe(1)
    const ended = drain()
    await untilClosed()
    held[0]?.end(' and whole')
    await expect.poll(text).toContain('whole')
    ask('/next')
    await closed
    expect(text()).toMatch(/Connection: close[\s\S]*answer/)
    await ended
  })
})
