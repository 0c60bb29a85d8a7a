/** The stream of events over two isolates of one workerd: readers of either are told what is posted to the other. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Gateway, startWorkerIsolates } from '../support/gateways.ts'
import { idsIn, sseReader } from '../support/sse-reader.ts'
import { connect } from '../support/websocket-client.ts'

const type = 'across'

async function post(gateway: Gateway, payload: object, headers: Record<string, string> = {}): Promise<number> {
  const body = JSON.stringify({ source: 'test', type, payload })
  const response = await gateway.fetch('/events/ingest', { method: 'POST', headers, body })
  return ((await response.json()) as { stream_id: number }).stream_id
}

/** Resolves to so many ids, in the order in which they were told. */
type Hear = (count: number) => Promise<number[]>

async function openStream(gateway: Gateway, after?: number): Promise<Hear> {
  const headers: Record<string, string> = after === undefined ? {} : { 'last-event-id': String(after) }
  const reader = sseReader(await gateway.fetch(`/operator/api/events/stream?type=${type}`, { headers }))
  await reader.next()
  return async (count) => {
    const ids: number[] = []
    while (ids.length < count) ids.push(...idsIn(await reader.message()))
    await reader.cancel()
    return ids
  }
}

async function openSocket({ url }: Gateway, after?: number): Promise<Hear> {
  const { socket, next } = await connect(`${url}/ws?type=${type}${after === undefined ? '' : `&since=${after}`}`)
  await next()
  return async (count) => {
    const ids: number[] = []
    while (ids.length < count) ids.push(JSON.parse(String(await next())).stream_id)
    socket.close()
    return ids
  }
}

const inOrder = (ids: readonly number[]) => ids.toSorted((a, b) => a - b)

describe('two isolates of workerd', () => {
  let one: Gateway
  let other: Gateway
  beforeAll(async () => {
    ;[one, other] = await startWorkerIsolates({ VX11_RATE_LIMIT_ENABLED: 'false', LOG_LEVEL: 'warn' })
  })
  afterAll(() => one?.stop(), 30_000)

  /** Half of them to each, all at once. */
  const postToBoth = (count: number) =>
    Promise.all(Array.from({ length: count }, (_, nth) => post(nth % 2 === 0 ? one : other, { nth })))

  it('are two: neither knows the requests of the other', async () => {
    await one.fetch('/operator/api/events/sse-token', { method: 'POST' })
    const [ofOne, ofOther] = await Promise.all([one, other].map(async (each) => (await each.fetch('/metrics')).text()))
    expect(ofOne).toContain('/operator/api/events/sse-token')
    expect(ofOther).not.toContain('/operator/api/events/sse-token')
  })

  it('tell streams and sockets what was posted to either, each event once and in one order', async () => {
    const hears = await Promise.all([one, other].flatMap((each) => [openStream(each), openSocket(each)]))
    const posted = [...(await postToBoth(40)), await post(one, {}), await post(other, {})]
    const told = await Promise.all(hears.map((hear) => hear(posted.length)))
    expect(told).toEqual(hears.map(() => inOrder(posted)))
  })

  it('go on where a reader of the other one stopped', async () => {
    const hear = await openStream(one)
    const first = await post(other, {})
    expect(await hear(1)).toEqual([first])
    const missed = await postToBoth(10)
    const hears = [await openStream(other, first), await openSocket(other, first)]
    const live = await postToBoth(10)
    const told = await Promise.all(hears.map((each) => each(20)))
    expect(told).toEqual(hears.map(() => [...inOrder(missed), ...inOrder(live)]))
  })

  it('store one event under one key, whichever of them is asked', async () => {
    const key = { 'idempotency-key': 'isolates' }
    const hear = await openStream(other)
    const twins = await Promise.all([one, other, one, other].map((each) => post(each, { twin: true }, key)))
    expect(twins).toEqual(twins.map(() => twins[0]))
    const next = await post(one, {})
    expect(await hear(2)).toEqual([twins[0], next])
  })
})
