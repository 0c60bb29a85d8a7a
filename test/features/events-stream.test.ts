import { describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { memoryEventHub } from '../../src/adapters/memory/event-hub.ts'
import { GatewayError } from '../../src/errors/gateway-error.ts'
import { maxTicketMs, signTicket } from '../../src/lib/ticket.ts'
import type { EventHub, NewEvent } from '../../src/ports/index.ts'
import { someEvent, testEventLog } from '../support/event-log.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { idsIn, type SseReader, sseReader } from '../support/sse-reader.ts'
import { testApp, tokens } from '../support/test-app.ts'

const database = testDatabase()
const path = '/operator/api/events/stream'

function gateway(env: Record<string, string> = {}, hub: EventHub = memoryEventHub()) {
  const { clock } = testApp()
  const events = testEventLog({ database: database(), clock, hub })
  const app = testApp({ env: { VX11_RATE_LIMIT_ENABLED: 'false', ...env }, deps: { events, clock } })
  return {
    ...app,
    clock,
    events,
    append: async (...some: Partial<NewEvent>[]) => (await events.append(some.map(someEvent))).map(({ id }) => id),
    open: async (query = '', headers: Record<string, string> = {}) =>
      sseReader(await app.authorized(path + query, { headers })),
  }
}

async function readIds(reader: SseReader, count: number): Promise<number[]> {
  const ids: number[] = []
  while (ids.length < count) {
    const block = await reader.message()
    if (!block) break
    expect(block.id).toBe(String(idsIn(block)[0]))
    ids.push(...idsIn(block))
  }
  return ids
}

/** Resolves when the reader's replay is over and it hears what comes. */
const live = async (reader: SseReader) => {
  expect(await reader.next()).toMatchObject({ comment: 'connected', retry: '3000' })
  await new Promise((resolve) => setTimeout(resolve, 20))
}

const lastIdIn = (lines: readonly Record<string, unknown>[]): number =>
  Number(/\d+/.exec(String(lines.find(({ event }) => event === 'slow_reader_dropped')?.reason))?.[0])

describe('the event stream', () => {
  it('says how long to wait and where it begins, then tells events as they are stored', async () => {
    const { open, append, authorized } = gateway()
    const [before] = await append({})
    const response = await authorized(path)
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(response.headers.get('cache-control')).toContain('no-store')
    const reader = sseReader(response)
    expect(await reader.next()).toEqual({ comment: 'connected', retry: '3000', id: String(before) })
    const [id] = await append({ type: 'system.alert', severity: 'crit', correlationId: 'c-1' })
    const block = await reader.message()
    expect([block?.id, block?.event]).toEqual([String(id), undefined])
    expect(JSON.parse(block?.data ?? '')).toMatchObject({
      ...{ type: 'events', correlation_id: 'c-1', timestamp: 1_800_000_000_000 },
      events: [{ stream_id: id, type: 'system.alert', severity: 'critical' }],
    })
    await reader.cancel()
    await (await open()).cancel()
  })

  it.each([
    ['?follow=true', {}],
    ['?follow=1', {}],
    ['?follow=false', { accept: 'text/event-stream' }],
    ['', { accept: 'text/event-stream' }],
  ])('stands at /operator/api/events%s too', async (query, headers) => {
    const { authorized } = gateway()
    const response = await authorized(`/operator/api/events${query}`, { headers: headers as Record<string, string> })
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    await response.body?.cancel()
  })

  it('goes on behind Last-Event-ID without a gap or a repetition, while events keep coming', async () => {
    const { open, append } = gateway()
    const missed = await append(...Array.from({ length: 333 }, () => ({})))
    const reading = open('', { 'last-event-id': String((missed[0] ?? 0) - 1) })
    const coming: number[] = []
    for (let round = 0; round < 20; round++) coming.push(...(await append({}, {})))
    const reader = await reading
    for (let round = 0; round < 20; round++) coming.push(...(await append({})))
    expect(await readIds(reader, missed.length + coming.length)).toEqual([...missed, ...coming])
    await reader.cancel()
  })

  it('prefers the header to the query, as a reader that comes back sends both', async () => {
    const { open, append } = gateway()
    const [, second, third] = await append({}, {}, {})
    const again = await open(`?last_event_id=${(second ?? 0) - 2}`, { 'last-event-id': String(second) })
    expect(await readIds(again, 1)).toEqual([third])
    const first = await open(`?last_event_id=${(third ?? 0) - 1}`)
    expect(await readIds(first, 1)).toEqual([third])
    for (const reader of [again, first]) await reader.cancel()
  })

  it('begins with what comes next for an id that was never given out', async () => {
    const { open, append } = gateway()
    const [before] = await append({})
    const reader = await open('', { 'last-event-id': '999999999999' })
    expect(await reader.next()).toMatchObject({ id: String(before) })
    const [next] = await append({})
    expect(await readIds(reader, 1)).toEqual([next])
    await reader.cancel()
  })

  it.each(['x', '-1', '1.5', '9'.repeat(16)])('refuses %s as an id', async (id) => {
    await expectProblem(await gateway().authorized(path, { headers: { 'last-event-id': id } }), 'validation_error')
  })

  it('keeps to its filters, in what was missed and in what comes', async () => {
    const { open, append } = gateway()
    const [start] = await append({})
    const wanted = { type: 'kind', module: 'm', severity: 'crit', correlationId: 'c' } as const
    const [missed] = await append(wanted, { ...wanted, type: 'x' }, { ...wanted, module: 'x' })
    const reader = await open(`?type=kind&module=m&severity=critical&correlation_id=c&last_event_id=${start}`)
    expect(await readIds(reader, 1)).toEqual([missed])
    const [, coming] = await append({ ...wanted, severity: 'info' }, wanted, { ...wanted, correlationId: 'x' })
    expect(await readIds(reader, 1)).toEqual([coming])
    await reader.cancel()
  })

  it('finds one event among thousands that were missed', async () => {
    const { open, append } = gateway()
    const [start] = await append({})
    for (let round = 0; round < 6; round++) await append(...Array.from({ length: 1000 }, () => ({})))
    const [rare] = await append({ type: 'rare' })
    const reader = await open(`?type=rare&last_event_id=${start}`)
    expect(await readIds(reader, 1)).toEqual([rare])
    await reader.cancel()
  })

  it('tells what other instances store, and what the hub lost', async () => {
    const deaf: EventHub = { publish: () => {}, subscribe: async () => () => {} }
    const reading = gateway({}, deaf)
    const writing = gateway()
    const reader = await reading.open()
    await live(reader)
    const [id] = await writing.append({})
    await reading.clock.advance(1000)
    expect(await readIds(reader, 1)).toEqual([id])
    await reader.cancel()
  })

  it('beats every 15 seconds with the id up to which it looked', async () => {
    const { open, append, clock } = gateway()
    const reader = await open('?type=never')
    await live(reader)
    const [id] = await append({})
    await clock.advance(15_000)
    expect(await reader.next()).toEqual({ comment: 'heartbeat', id: String(id) })
    await reader.cancel()
  })

  it('breaks the connection of a reader that stops reading, and of no other', async () => {
    const { open, append, logLines, deps } = gateway()
    const [slow, quick] = [await open(), await open()]
    await live(slow)
    await live(quick)
    const payload = { text: 'x'.repeat(60_000) }
    const ids: number[] = []
    for (let round = 0; round < 30; round++) {
      ids.push(...(await append({ payload })))
      expect(await readIds(quick, 1)).toEqual(ids.slice(-1))
    }
    expect(logLines).toContainEqual(expect.objectContaining({ event: 'slow_reader_dropped' }))
    await expect(readIds(slow, 30)).rejects.toThrow()
    expect(deps.openStreams.size).toBe(1)
    await quick.cancel()
  })

  it('keeps less than 1 MiB for a reader that does not read what it missed', async () => {
    const { append, authorized, clock, logLines } = gateway()
    const payload = { text: 'x'.repeat(60_000) }
    const ids: number[] = []
    for (let round = 0; round < 8; round++)
      ids.push(...(await append(...Array.from({ length: 12 }, () => ({ payload })))))
    const response = await authorized(`${path}?last_event_id=${(ids[0] ?? 0) - 1}`)
    for (let turn = 0; turn < 60; turn++) await new Promise((resolve) => setTimeout(resolve, 1))
    await clock.advance(30_000)
    expect(logLines).toContainEqual(expect.objectContaining({ event: 'slow_reader_dropped' }))
    // What was queued for it is lost with its connection, and it resumes after its last id.
    const [first] = ids
    expect(lastIdIn(logLines)).toBeLessThan((first ?? 0) + 12)
    await expect(readIds(sseReader(response), 96)).rejects.toThrow()
  })

  it('delivers large events to a reader that reads, page by page', async () => {
    const { open, append } = gateway()
    const payload = { text: 'x'.repeat(60_000) }
    const ids: number[] = []
    for (let round = 0; round < 4; round++)
      ids.push(...(await append(...Array.from({ length: 12 }, () => ({ payload })))))
    const reader = await open(`?last_event_id=${(ids[0] ?? 0) - 1}`)
    expect(await readIds(reader, ids.length)).toEqual(ids)
    await reader.cancel()
  })

  it('tells its last id and ends when the gateway drains', async () => {
    const { open, append, deps } = gateway()
    const reader = await open()
    await live(reader)
    const [id] = await append({})
    for (const stream of deps.openStreams) stream.goAway()
    expect(await readIds(reader, 1)).toEqual([id])
    const last = await reader.message()
    expect(last).toMatchObject({ id: String(id), event: 'shutdown' })
    expect(JSON.parse(last?.data ?? '')).toEqual({ last_event_id: String(id), reason: 'draining' })
    expect(Number(last?.retry)).toBeGreaterThanOrEqual(500)
    expect(await reader.next()).toBeUndefined()
    expect(deps.openStreams.size).toBe(0)
  })

  it('ends with its reader, and leaves nothing behind', async () => {
    const { open, deps, clock } = gateway()
    const readers = [await open(), await open()]
    for (const reader of readers) await live(reader)
    expect(deps.openStreams.size).toBe(2)
    for (const reader of readers) await reader.cancel()
    await expect.poll(() => clock.pendingSleeps()).toBe(0)
    expect(deps.openStreams.size).toBe(0)
  })

  it('tells an error in the stream when the database goes away during the replay', async () => {
    const { events, append } = gateway()
    const [first] = await append({}, {})
    const failing = { ...events, readInTurn: () => Promise.reject(new Error('down')) }
    const { authorized } = testApp({ deps: { events: failing } })
    const reader = sseReader(await authorized(path, { headers: { 'last-event-id': String((first ?? 0) - 1) } }))
    const block = await reader.message()
    expect(block).toMatchObject({ event: 'error' })
    expect(JSON.parse(block?.data ?? '')).toMatchObject({ error: 'database_unavailable' })
    expect(await reader.next()).toBeUndefined()
  })

  it('answers HEAD with its headers and opens nothing', async () => {
    const { authorized, deps } = gateway()
    const response = await authorized(path, { method: 'HEAD' })
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8'])
    expect(await response.text()).toBe('')
    expect(deps.openStreams.size).toBe(0)
  })

  it('is open as often as one principal may, and again when one is closed', async () => {
    const { open, authorized } = gateway({ VX11_EVENT_STREAMS: '2' })
    const readers = [await open(), await open()]
    await expectProblem(await authorized(path), 'too_many_streams')
    await readers[0]?.cancel()
    const again = await open()
    for (const reader of [readers[1], again]) await reader?.cancel()
  })

  it('is open no oftener when all ask at once, and as often again after it could not be opened', async () => {
    const { authorized, clock, events } = gateway({ VX11_EVENT_STREAMS: '2' })
    const answers = await Promise.all(Array.from({ length: 10 }, () => authorized(path)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, ...Array<number>(8).fill(429)])
    const failing = { ...events, newest: () => Promise.reject(new GatewayError('database_unavailable')) }
    const env = { VX11_RATE_LIMIT_ENABLED: 'false', VX11_EVENT_STREAMS: '1' }
    const broken = testApp({ env, deps: { clock, events: failing } })
    for (let i = 0; i < 3; i++) await expectProblem(await broken.authorized(path), 'database_unavailable')
    for (const { body } of answers) await body?.cancel()
  })
})

describe('a ticket', () => {
  const ticketOf = async (app: ReturnType<typeof gateway>, token: string = tokens.operator) => {
    const response = await app.request('/operator/api/events/sse-token', {
      method: 'POST',
      headers: { 'x-vx11-token': token },
    })
    return (await response.json()) as Record<string, string>
  }

  it('opens the stream for a minute', async () => {
    const app = gateway()
    const ticket = await ticketOf(app)
    expect(ticket).toMatchObject({ ttl_sec: 60, expires_in_sec: 60, endpoint: path })
    const ask = () => app.request(`${path}?token=${ticket.sse_token}`)
    await app.clock.advance(59_999)
    const response = await ask()
    expect(response.status).toBe(200)
    await response.body?.cancel()
    await app.clock.advance(1)
    await expectProblem(await ask(), 'forbidden')
  })

  it('opens the stream and nothing else, and is no token', async () => {
    const app = gateway()
    const { sse_token: ticket } = await ticketOf(app)
    await expectProblem(await app.request(`/operator/api/window/status?token=${ticket}`), 'auth_required')
    await expectProblem(
      await app.request(`/operator/api/events/sse-token?token=${ticket}`, { method: 'POST' }),
      'auth_required',
    )
    await expectProblem(await app.request(path, { headers: { 'x-vx11-token': ticket ?? '' } }), 'forbidden')
    await expectProblem(await app.request(`${path}?token=${tokens.operator}`), 'forbidden')
    await expectProblem(await app.request(`${path}?token=`), 'forbidden')
    await expectProblem(await app.request(path), 'auth_required')
  })

  it('cannot be made, changed or used for another purpose', async () => {
    const app = gateway()
    const { clock, deps } = app
    const claims = { purpose: 'sse', principal: 'operator', expiresAt: clock.now() + 60_000 }
    const key = await deps.ticketKeys.current()
    const good = signTicket(key, claims)
    const forged = [
      signTicket({ ...key, bytes: new Uint8Array(32) }, claims),
      signTicket({ ...key, id: 'other' }, claims),
      signTicket(key, { ...claims, expiresAt: clock.now() + maxTicketMs + 1 }),
      signTicket(key, { ...claims, purpose: 'ws' }),
      signTicket(key, { ...claims, principal: 'nobody' }),
      signTicket(key, { ...claims, principal: 'gateway' }),
      `${good}x`,
      `${good}.`,
      good.split('.')[0],
      `.${good.split('.').slice(1).join('.')}`,
      `${signTicket(key, { ...claims, principal: 'link' })
        .split('.')
        .slice(0, 2)
        .join('.')}.${good.split('.')[2]}`,
      '..',
      'x'.repeat(2000),
      '%00',
    ]
    for (const ticket of forged) await expectProblem(await app.request(`${path}?token=${ticket}`), 'forbidden')
    const response = await app.request(`${path}?token=${good}`)
    expect(response.status).toBe(200)
    await response.body?.cancel()
  })

  it('dies with the token of whoever got it', async () => {
    const notAfter = new Date(1_800_000_030_000).toISOString()
    const guest = { name: 'guest', token: 'guest-token-for-tests', scopes: ['operator'], notAfter }
    const app = gateway({ VX11_TOKENS: JSON.stringify([guest]) })
    const { sse_token: ticket } = await ticketOf(app, guest.token)
    const opened = await app.request(`${path}?token=${ticket}`)
    const reader = sseReader(opened)
    await live(reader)
    await app.clock.advance(30_001)
    await expectProblem(await app.request(`${path}?token=${ticket}`), 'forbidden')
    await app.clock.advance(15_000)
    const last = await reader.message()
    expect(JSON.parse(last?.data ?? '')).toMatchObject({ reason: 'token_expired' })
  })
})
