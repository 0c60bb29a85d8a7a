/** /ws through the real Node server and the real Worker, with the real database behind it. */
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { expectProblem } from '../support/expect-problem.ts'
import { type Gateway, runtimes, startNodeGateway, token } from '../support/gateways.ts'
import { alert } from '../support/socket-hall.ts'
import { type Client, connect, refusalOf } from '../support/websocket-client.ts'

const origin = 'https://console.vx11.test'
const tokens = { operator: 'operator-runtime-token', ingest: 'ingest-runtime-token' }
const noToken = { headers: { 'x-vx11-token': '' } }

describe.each(runtimes)('/ws on %s', (runtime, startGateway) => {
  let gateway: Gateway

  beforeAll(async () => {
    gateway = await startGateway({
      ALLOWED_ORIGINS: origin,
      VX11_OPERATOR_TOKEN: tokens.operator,
      VX11_TOKENS: JSON.stringify([{ name: 'module', token: tokens.ingest, scopes: ['ingest'] }]),
      VX11_RATE_LIMIT_USER: '100000',
    })
  })
  afterAll(() => gateway?.stop())

  const open = async (query = '', options = {}) => {
    const client = await connect(`${gateway.url}/ws${query}`, options)
    return { ...client, connected: JSON.parse(String(await client.next())) }
  }
  const nextJson = async ({ next }: Pick<Client, 'next'>) => JSON.parse(String(await next()))
  const ingest = async (id: string, more = {}) => {
    const { type, timestamp: _, ...payload } = { ...alert(id), ...more }
    const response = await gateway.fetch('/events/ingest', {
      method: 'POST',
      body: JSON.stringify({ source: 'madre', type, payload }),
    })
    expect(response.status).toBe(200)
    return (await response.json()) as { stream_id: number }
  }

  it('greets, echoes to the letter, stores, and tells everybody else', async () => {
    const [sender, other] = [await open('?client_id=sender&channel=event'), await open('?client_id=other')]
    expect(sender.connected).toEqual({ channel: 'control', type: 'connected', client_id: 'sender' })
    sender.socket.send('{ "channel": "event", "x": [1, 2] }')
    expect(await sender.next()).toBe('{ "channel": "event", "x": [1, 2] }')
    sender.socket.send(JSON.stringify(alert('a-1', { _own: 1 })))
    expect(await nextJson(sender)).toEqual(alert('a-1', { _own: 1 }))
    const stored = await nextJson(sender)
    expect(stored).toMatchObject({ channel: 'control', type: 'stored', event_id: expect.stringMatching(/^evt_/) })
    const heard = await nextJson(other)
    expect(heard).toMatchObject({ channel: 'event', ...alert('a-1'), stream_id: stored.stream_id, source: 'ws:sender' })
    expect(heard).not.toHaveProperty('_own')
    const listed = await gateway.fetch('/operator/api/events?limit=1')
    expect(await listed.json()).toMatchObject({ events: [{ event_id: stored.event_id, payload: { alert_id: 'a-1' } }] })
    for (const { socket } of [sender, other]) socket.close()
  })

  it('tells what was posted over HTTP, and after `since` what was missed, without gap or repetition', async () => {
    const { stream_id: first } = await ingest('before')
    const client = await open(`?since=${first - 1}`)
    expect(await nextJson(client)).toMatchObject({ alert_id: 'before', stream_id: first })
    const ids = await Promise.all(Array.from({ length: 20 }, async (_, i) => (await ingest(`live-${i}`)).stream_id))
    const heard: number[] = []
    for (const _ of ids) heard.push((await nextJson(client)).stream_id)
    expect(heard).toEqual(ids.toSorted((a, b) => a - b))
    client.socket.close()
    const late = await open(`?since=${first}`)
    const replayed: number[] = []
    for (const _ of ids) replayed.push((await nextJson(late)).stream_id)
    expect(replayed).toEqual(heard)
    late.socket.close()
  })

  it('tells only the canonical types, or those that are asked for', async () => {
    const [plain, all, some] = [await open(), await open('?type=*'), await open('?type=spawn&severity=info')]
    await gateway.fetch('/events/ingest', {
      method: 'POST',
      body: JSON.stringify({ source: 'madre', type: 'spawn', payload: { n: 1 } }),
    })
    await ingest('behind')
    expect(await nextJson(plain)).toMatchObject({ alert_id: 'behind' })
    expect(await nextJson(all)).toMatchObject({ type: 'spawn', n: 1 })
    expect(await nextJson(all)).toMatchObject({ alert_id: 'behind' })
    expect(await nextJson(some)).toMatchObject({ type: 'spawn' })
    for (const { socket } of [plain, all, some]) socket.close()
  })

  it('survives what crashed the original, and says what is wrong with it', async () => {
    const client = await open()
    for (const text of ['[1]', '1', '"x"', 'null', '{', '[{"type":"system.alert"}]']) {
      client.socket.send(text)
      expect(await nextJson(client)).toMatchObject({ channel: 'control', type: 'error', error: 'validation_error' })
    }
    client.socket.send('{"type":["system.alert"]}')
    expect(await nextJson(client)).toEqual({ type: ['system.alert'] })
    expect(await nextJson(client)).toMatchObject({ type: 'error', error: 'validation_error' })
    client.socket.send('{"type":"system.alert"}')
    expect(await nextJson(client)).toEqual({ type: 'system.alert' })
    expect(await nextJson(client)).toMatchObject({ type: 'error', error: 'event_rejected' })
    client.socket.send('ping')
    expect(await client.next()).toBe('pong')
    client.socket.send(Buffer.from([1, 2, 3]))
    expect(await nextJson(client)).toMatchObject({ type: 'error' })
    expect(await client.closed).toEqual([1003, 'text only'])
  })

  it('gives a taken name anew, and both hear', async () => {
    const [first, second] = [await open('?client_id=same'), await open('?client_id=same')]
    expect(first.connected.client_id).toBe('same')
    expect(second.connected.client_id).toMatch(/^same-[0-9a-f]{8}$/)
    second.socket.close()
    await second.closed
    await ingest('for the first')
    expect(await nextJson(first)).toMatchObject({ alert_id: 'for the first' })
    first.socket.close()
  })

  it('says 1008 to a socket that talks without end', async () => {
    const client = await open()
    // 600 are allowed at once and ten a second after; a slow machine takes long to read them.
    for (let i = 0; i < 2000; i++) client.socket.send('{}')
    expect((await client.closed)[0]).toBe(1008)
  })

  describe('who may come in', () => {
    it('is whoever has a token with the scope operator', async () => {
      await expectProblem(await refusalOf(`${gateway.url}/ws`, noToken), 'auth_required')
      await expectProblem(await refusalOf(`${gateway.url}/ws?token=${token}`, noToken), 'forbidden')
      for (const wrong of ['wrong', tokens.ingest])
        await expectProblem(await refusalOf(`${gateway.url}/ws`, { headers: { 'x-vx11-token': wrong } }), 'forbidden')
      const client = await open('', { headers: { 'x-vx11-token': '', authorization: `Bearer ${token}` } })
      client.socket.close()
    })

    it('without the scope ingest hears, and stores nothing', async () => {
      const client = await open('', { headers: { 'x-vx11-token': tokens.operator } })
      client.socket.send(JSON.stringify(alert('no')))
      expect(await nextJson(client)).toEqual(alert('no'))
      expect(await nextJson(client)).toMatchObject({ type: 'error', error: 'forbidden' })
      await ingest('yes')
      expect(await nextJson(client)).toMatchObject({ alert_id: 'yes' })
      client.socket.close()
    })

    it('is whoever has a ticket for it, in the query or as a sub-protocol', async () => {
      const response = await gateway.fetch('/operator/api/events/ws-token', { method: 'POST' })
      const { ws_token: ticket, endpoint } = (await response.json()) as Record<string, string>
      expect(endpoint).toBe('/ws')
      const client = await open(`?token=${ticket}`, noToken)
      client.socket.close()
      const protocols = ['vx11.events', `vx11.ticket.${ticket}`]
      const browser = await open('', { ...noToken, origin, protocols })
      expect(browser.socket.protocol).toBe('vx11.events')
      browser.socket.close()
      const sse = await gateway.fetch('/operator/api/events/sse-token', { method: 'POST' })
      const { sse_token: other } = (await sse.json()) as Record<string, string>
      await expectProblem(await refusalOf(`${gateway.url}/ws?token=${other}`, noToken), 'forbidden')
      await expectProblem(await refusalOf(`${gateway.url}/ws?token=${ticket}x`, noToken), 'forbidden')
      await expectProblem(await fetch(`${gateway.url}/operator/api/events/stream?token=${ticket}`), 'forbidden')
    })

    it('is no page of a foreign origin', async () => {
      for (const foreign of ['https://evil.test', 'null', `${origin}.evil.test`])
        await expectProblem(await refusalOf(`${gateway.url}/ws`, { origin: foreign }), 'forbidden')
      const client = await open('', { origin })
      client.socket.close()
    })

    it.each([
      'client_id=',
      'client_id=a%20b',
      `client_id=${'x'.repeat(65)}`,
      'since=-1',
      'since=x',
      'since=1e3',
      'severity=loud',
    ])('refuses ?%s', async (query) => {
      await expectProblem(await refusalOf(`${gateway.url}/ws?${query}`), 'validation_error')
    })

    it('learns from a plain request that this is no page', async () => {
      const response = await gateway.fetch('/ws')
      // workerd keeps the hop-by-hop header to itself.
      expect(response.headers.get('upgrade')).toBe(runtime === 'Node' ? 'websocket' : null)
      await expectProblem(response, 'upgrade_required')
    })
  })

  it('goes away with 1001 when the gateway does', async () => {
    const own = await startGateway({})
    const { socket } = await connect(`${own.url}/ws`)
    const closed = once(socket, 'close')
    await own.stop()
    // workerd's platform moves an object without a word.
    const [code] = await closed
    expect(code).toBe(runtime === 'Node' ? 1001 : 1006)
  })
})

describe('VX11_V7_OPEN_PATHS', () => {
  it('lets everybody hear and tell at /ws again, from any page that is allowed', async () => {
    const gateway = await startNodeGateway({ VX11_V7_OPEN_PATHS: 'true' })
    try {
      const sender = await connect(`${gateway.url}/ws`, noToken)
      const other = await connect(`${gateway.url}/ws`, noToken)
      for (const { next } of [sender, other]) await next()
      sender.socket.send(JSON.stringify(alert('v7')))
      expect(JSON.parse(String(await other.next()))).toMatchObject({ alert_id: 'v7' })
      await expectProblem(
        await refusalOf(`${gateway.url}/ws`, { ...noToken, origin: 'https://evil.test' }),
        'forbidden',
      )
      for (const { socket } of [sender, other]) socket.close()
    } finally {
      await gateway.stop()
    }
  })
})

describe('a caller that is gone without a word', () => {
  it('does not keep the gateway from ending', async () => {
    const gateway = await startNodeGateway()
    const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/ws`, { headers: { 'x-vx11-token': token } })
    await once(socket, 'open')
    socket.pause()
    await gateway.stop()
    expect(gateway.process.exitCode).toBe(0)
    socket.terminate()
  })
})
