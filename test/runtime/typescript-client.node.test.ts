/** The TypeScript client against both entries, which are killed and stopped while it follows their events. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createClient,
  EventGap,
  type EventSocket,
  type EventStream,
  GatewayProblem,
  type SocketEvent,
  Unreachable,
} from '../../clients/typescript/src/index.ts'
import { freePort } from '../support/free-port.ts'
import { type Gateway, runtimes, token } from '../support/gateways.ts'
import { Poster } from '../support/restarting-poster.ts'

describe.each(runtimes)('the TypeScript client on %s', (_, startGateway) => {
  let gateway: Gateway
  const client = (given: string | undefined = token) => createClient({ url: gateway.url, token: given })

  beforeAll(async () => {
    gateway = await startGateway({ VX11_RATE_LIMIT_USER: '100000' })
  })
  afterAll(() => gateway?.stop())

  it('reads what the document lists: JSON, text, and what its parameters choose', async () => {
    const vx11 = client()
    expect((await vx11.getHealth()).status).toBe('ok')
    expect(await vx11.getMetrics()).toMatch(/^# HELP/)
    expect((await vx11.getModule({ path: { name: 'madre' }, correlationId: 'c-17' })).name).toBe('madre')
    const poster = new Poster(vx11)
    for (const type of ['client.one', 'client.two', 'client.three']) await poster.post(type)
    const list = await vx11.listEvents({ query: { type: ['client.one', 'client.three'], limit: 2 } })
    expect(list.events.map(({ stream_id }) => stream_id)).toEqual([poster.ids[2], poster.ids[0]])
    expect((await vx11.fetch('/livez')).status).toBe(200)
  })

  it('rejects with the problem that the gateway told', async () => {
    const none = await problemOf(createClient({ url: gateway.url }).getOperatorStatus())
    expect(none).toMatchObject({ status: 401, code: 'auth_required', correlationId: expect.any(String) })
    const wrong = await problemOf(client('wrong-token').getOperatorStatus())
    expect(wrong).toMatchObject({ status: 403, code: 'forbidden', retryAfterMs: null })
    const body = { source: '', type: 'client.test', payload: {} }
    const invalid = await problemOf(client().ingestEvent({ body }))
    expect(invalid.body).toMatchObject({ error: 'validation_error', detail: [{ loc: ['body', 'source'] }] })
    const dormant = await problemOf(client().fetch('/switch/health'))
    expect(dormant).toMatchObject({ status: 503, code: 'switch_unavailable' })
  })

  it('asks for its token each time', async () => {
    const given = ['wrong-token', token]
    const vx11 = createClient({ url: gateway.url, token: async () => given.shift() ?? '' })
    expect((await problemOf(vx11.getOperatorStatus())).code).toBe('forbidden')
    expect((await vx11.getWhoAmI()).name).toEqual(expect.any(String))
  })

  it('streams a chat', async () => {
    const types: string[] = []
    for await (const { type } of client().streamChat({ message: 'hello' })) types.push(type)
    expect([types[0], types.at(-1)]).toEqual(['start', 'done'])
  })

  it('loses no event and tells none twice, while the gateway is killed and stopped', { timeout: 300_000 }, async () => {
    const poster = new Poster(client())
    const reader = new AbortController()
    const { signal } = reader
    const fromNow = client().events({ signal })
    const numbersFromNow = numbersOf(fromNow, poster.source)
    await expect.poll(() => fromNow.position).not.toBeNull()
    const stream = client().events({ since: fromNow.position ?? 0, signal })
    const numbers = numbersOf(stream, poster.source)
    const socket = client().socket({ since: fromNow.position ?? 0, type: '*', clientId: 'reader' })
    const { heard, until } = listen(socket)
    const sent: number[] = []
    for (const ending of ['SIGKILL', 'SIGTERM'] as const) {
      sent.push((await socket.send(alert(`before ${ending}`))).stream_id)
      await poster.during(() => gateway.restart(ending))
    }
    sent.push((await socket.send(alert('last'))).stream_id)
    const last = await poster.post()
    await until(({ stream_id }) => stream_id === last)
    await expect.poll(() => Math.min(stream.position ?? 0, fromNow.position ?? 0)).toBeGreaterThanOrEqual(last)
    reader.abort()
    socket.close()

    const expected = poster.ids.map((_, number) => number)
    expect(await numbers).toEqual(expected)
    expect(await numbersFromNow).toEqual(expected)
    expect(heard.filter(({ source }) => source === poster.source).map(({ number }) => number)).toEqual(expected)
    const ids = heard.map(({ stream_id }) => stream_id)
    expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => a - b))
    expect(ids.filter((id) => sent.includes(id))).toEqual([])
    const { events } = await client().listEvents({ query: { type: 'system.alert', limit: 3 } })
    expect(events.map(({ stream_id }) => stream_id)).toEqual(sent.toReversed())
  })

  it('filters, and goes on with a ticket instead of a token', async () => {
    const poster = new Poster(client())
    for (const type of ['client.a', 'client.b', 'client.c']) await poster.post(type)
    const ticket = async () => (await client().createSseTicket()).sse_token
    const since = (poster.ids[0] ?? 0) - 1
    const stream = createClient({ url: gateway.url }).events({ since, ticket, type: ['client.a', 'client.c'] })
    const types: string[] = []
    for await (const event of stream) {
      types.push(event.type)
      if (types.length === 2) break
    }
    expect(types).toEqual(['client.a', 'client.c'])
  })

  it('tells a gap: the end of the stream is before the place to go on from', async () => {
    await expect(first(client().events({ since: 1e12 }))).rejects.toThrow(EventGap)
    const gaps: EventGap[] = []
    const reader = new AbortController()
    const onGap = (gap: EventGap) => {
      gaps.push(gap)
      reader.abort()
    }
    for await (const _event of client().events({ since: 1e12, onGap, signal: reader.signal })) throw new Error('no')
    expect(gaps).toMatchObject([{ since: 1e12, position: expect.any(Number) }])
    await expect(first(client().socket({ since: 1e12 }))).rejects.toThrow(EventGap)
  })

  it('ends where a retry mends nothing, and after as many failures as are borne', async () => {
    await expect(first(client('wrong-token').events())).rejects.toMatchObject({ code: 'forbidden' })
    await expect(first(client('wrong-token').socket())).rejects.toMatchObject({ code: 'forbidden' })
    const nowhere = createClient({ url: `http://127.0.0.1:${await freePort()}` })
    await expect(first(nowhere.events({ retries: 0 }))).rejects.toThrow(Unreachable)
    const socket = nowhere.socket({ retries: 0 })
    await expect(socket.send(alert('never'))).rejects.toThrow(Unreachable)
    await expect(first(socket)).rejects.toThrow(Unreachable)
  })

  it('gives each event that is sent its own answer', async () => {
    const socket = client().socket()
    const answers = await Promise.allSettled([
      socket.send(alert('one')),
      socket.send({ ...alert('too large'), message: 'x'.repeat(4000) }),
      socket.send(alert('two')),
    ])
    expect(answers).toMatchObject([
      { status: 'fulfilled', value: { event_id: expect.stringMatching(/^evt_/) } },
      { status: 'rejected', reason: { code: 'event_rejected', status: null } },
      { status: 'fulfilled' },
    ])
    socket.close()
    await expect(socket.send(alert('late'))).rejects.toThrow(Unreachable)
    const events: SocketEvent[] = []
    for await (const event of socket) events.push(event)
    expect(events).toEqual([])
  })

  it('gives a slow reader everything, though it does not keep everything', async () => {
    const poster = new Poster(client())
    const since = (await poster.post()) - 1
    const socket = client().socket({ since, type: '*' })
    const batches = Array.from({ length: 3 }, (_, batch) =>
      Array.from({ length: 700 }, (_, at) => ({
        ...{ source: poster.source, type: 'client.test' },
        payload: { number: 1 + batch * 700 + at },
      })),
    )
    for (const body of batches) await client().ingestEvents({ body })
    const { heard, until } = listen(socket)
    await until(({ number }) => number === 2100)
    socket.close()
    const numbers = heard.filter(({ source }) => source === poster.source).map(({ number }) => number)
    expect(numbers).toEqual(Array.from({ length: 2101 }, (_, number) => number))
  })
})

describe('the TypeScript client', () => {
  const url = 'http://127.0.0.1:1'

  it('gives up an answer that does not come, and one that breaks off', async () => {
    const silent = createServer(() => {})
    const cut = createServer((socket) => {
      socket.end('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{"status":')
    })
    try {
      for (const server of [silent, cut]) await once(server.listen(0, '127.0.0.1'), 'listening')
      const at = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      await expect(createClient({ url: at(silent), timeoutMs: 50 }).getHealth()).rejects.toThrow(Unreachable)
      await expect(createClient({ url: at(cut) }).getHealth()).rejects.toThrow(Unreachable)
      const caller = new AbortController()
      const call = createClient({ url: at(silent) }).getHealth({ signal: caller.signal })
      caller.abort(new Error('left'))
      await expect(call).rejects.toThrow('left')
    } finally {
      silent.close()
      cut.close()
    }
  })

  it('sends nothing that would leave its place in the path, and takes no odd address', async () => {
    for (const name of ['', '.', '..']) {
      await expect(createClient({ url }).getModule({ path: { name } })).rejects.toThrow(TypeError)
    }
    for (const odd of ['file:///etc', 'nonsense', 'http://a:b@c.test', 'http://c.test/?q', 'http://c.test/#h']) {
      expect(() => createClient({ url: odd }), odd).toThrow(TypeError)
    }
  })
})

const problemOf = async (call: Promise<unknown>): Promise<GatewayProblem> => {
  const [result] = await Promise.allSettled([call])
  if (result.status === 'rejected' && result.reason instanceof GatewayProblem) return result.reason
  throw new Error('it was not refused by the gateway')
}

const alert = (id: string) => ({ type: 'system.alert', alert_id: id, severity: 'info', message: 'test' }) as const

async function first<T>(items: AsyncIterable<T>): Promise<T> {
  for await (const item of items) return item
  throw new Error('none came')
}

async function numbersOf(stream: EventStream, source: string): Promise<unknown[]> {
  const numbers: unknown[] = []
  for await (const event of stream) if (event.source === source) numbers.push(event.payload.number)
  return numbers
}

/** Reads on in the background; `until` waits for an event that fits. */
function listen(socket: EventSocket) {
  const heard: SocketEvent[] = []
  const reading = (async () => {
    for await (const event of socket) heard.push(event)
  })()
  const until = async (fits: (event: SocketEvent) => boolean) => {
    const enough = expect.poll(() => heard.some(fits)).toBe(true)
    await Promise.race([enough, reading.then(() => enough)])
  }
  return { heard, until }
}
