/** Requests that hide another, or that nobody should send: refused, or one unambiguous request to the upstream. */
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ErrorCode } from '../../src/errors/gateway-error.ts'
import { type FaultUpstream, startFaultUpstream } from '../support/fault-upstream.ts'
import { type OddRequest, oddRequests, smuggledTarget } from '../support/faults/odd-requests.ts'
import { type Gateway, startDevWorker, startNodeGateway, token } from '../support/gateways.ts'
import { headerOf, openSocket, type RawAnswer, sendRaw } from '../support/raw-http.ts'

const cases = oddRequests(token).map((odd): [string, OddRequest] => [odd.name, odd])

describe.each([
  ['Node', startNodeGateway],
  ['workerd', startDevWorker],
] as const)('doubtful requests to the gateway on %s', (runtime, startGateway) => {
  let gateway: Gateway
  let upstream: FaultUpstream

  beforeAll(async () => {
    upstream = await startFaultUpstream()
    gateway = await startGateway({ SHUB_URL: upstream.url, VX11_RATE_LIMIT_ENABLED: 'false' })
  })
  afterAll(async () => {
    await Promise.all([gateway?.stop(), upstream?.close()])
  })

  const verdictOf = (odd: OddRequest) => (runtime === 'Node' ? odd.node : odd.workerd)

  it.each(cases)('%s', async (_name, odd) => {
    const before = upstream.requests.length
    const { answers } = await sendRaw(gateway.url, odd.bytes, {
      method: odd.method,
      timeoutMs: 8000,
    })
    const arrived = upstream.requests.slice(before)
    const verdict = verdictOf(odd)
    if (verdict === 'refused' || verdict === 'answered') {
      expect(arrived.filter(({ complete }) => complete)).toEqual([])
      if (verdict === 'refused' && runtime === 'Node' && odd.method !== 'CONNECT') expectRefusal(odd, answers)
      // What wrangler's own proxy cannot send on, it answers with 500; a closed connection is no answer at all.
      else if (verdict === 'refused') for (const { status } of answers) expect(status).toBeGreaterThanOrEqual(400)
      return
    }
    const [answer, ...others] = answers
    expect(answer?.status).toBe(200)
    // Garbage behind the request may be refused in its turn.
    for (const other of others) expect(other.status).toBe(400)
    const { method, target, body, doubts } = arrived[0] ?? {}
    expect({ method, target, body: body?.toString('latin1'), count: arrived.length }).toEqual({
      method: odd.method.trim(),
      target: odd.target,
      body: odd.body,
      count: 1,
    })
    if (verdict === 'passes') expect(doubts).toEqual([])
  })

  it('passes pipelined requests one by one, in order', async () => {
    const before = upstream.requests.length
    const one = (target: string) => `GET /shub${target} HTTP/1.1\r\nHost: g\r\nX-VX11-Token: ${token}\r\n\r\n`
    const two = `POST /shub/two HTTP/1.1\r\nHost: g\r\nX-VX11-Token: ${token}\r\nContent-Length: 5\r\n\r\nhello`
    const { answers } = await sendRaw(gateway.url, one('/one') + two + one('/three'), { answers: 3 })
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    const seen = upstream.requests.slice(before).map(({ target, body, doubts }) => [target, String(body), ...doubts])
    const inOrder = [
      ['/one', ''],
      ['/two', 'hello'],
      ['/three', ''],
    ]
    // wrangler's own proxy sends them on over several connections.
    if (runtime === 'Node') expect(seen).toEqual(inOrder)
    else expect(seen.sort()).toEqual(inOrder.sort())
  })

  it('takes nothing for a request that stands behind a refused one', async () => {
    const before = upstream.requests.length
    const doubtful = `GET /shub/ok HTTP/1.1\r\nHost: a\r\nHost: b\r\nX-VX11-Token: ${token}\r\n\r\n`
    const next = `GET /shub/next HTTP/1.1\r\nHost: a\r\nX-VX11-Token: ${token}\r\n\r\n`
    await sendRaw(gateway.url, doubtful + next)
    expect(upstream.requests.slice(before)).toEqual([])
  })

  it.each([
    ['Content-Length', 'Content-Length: 100000\r\n\r\n', 'x'.repeat(70_000)],
    ['chunks', 'Transfer-Encoding: chunked\r\n\r\n', `11170\r\n${'x'.repeat(70_000)}\r\n`],
  ])('does not complete an upload with %s that its caller broke off', async (_framing, fields, part) => {
    const before = upstream.requests.length
    const socket = openSocket(gateway.url)
    socket.write(`POST /shub/ok HTTP/1.1\r\nHost: g\r\nX-VX11-Token: ${token}\r\n${fields}`)
    socket.write(part)
    const arrived = () => upstream.requests.slice(before)
    if (runtime === 'Node') await expect.poll(() => arrived().length, { interval: 5 }).toBe(1)
    socket.destroy()
    await once(socket, 'close')
    await expect.poll(() => upstream.connections.some((each) => each.open && unfinished(each))).toBe(false)
    expect(arrived().filter(({ complete }) => complete)).toEqual([])
  })

  it('never let the hidden request through', () => {
    expect(upstream.requests.map(({ target }) => target)).not.toContain(smuggledTarget)
  })
})

const unfinished = ({ requests }: FaultUpstream['connections'][number]) => requests.at(-1)?.complete === false

/** One answer, with our error body, and no word of what was sent. */
function expectRefusal({ method, status }: OddRequest, answers: RawAnswer[]) {
  expect(answers.map((answer) => answer.status)).toEqual([status])
  const [answer] = answers as [RawAnswer]
  expect(headerOf(answer, 'content-type')).toBe('application/problem+json')
  if (method === 'HEAD') return
  const codes: Record<number, string[]> = {
    400: ['bad_request', 'bad_request_target', 'body_not_allowed' satisfies ErrorCode],
    405: ['method_not_allowed'],
    413: ['body_too_large' satisfies ErrorCode],
    417: ['expectation_failed'],
    431: ['headers_too_large'],
  }
  const body = JSON.parse(String(answer.body)) as Record<string, unknown>
  expect(codes[status]).toContain(body.error)
  expect(body).toMatchObject({ status_code: status, correlation_id: headerOf(answer, 'x-correlation-id') })
}
