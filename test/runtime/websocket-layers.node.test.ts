/** What handshakes share with other requests, through the real Node server and Worker. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectProblem } from '../support/expect-problem.ts'
import { type Gateway, startNodeGateway, startWorkerGateway } from '../support/gateways.ts'
import { connect, refusalOf } from '../support/websocket-client.ts'
import { startWebSocketUpstream, type WebSocketUpstream } from '../support/websocket-upstream.ts'

const runtimes = [
  ['Node', startNodeGateway],
  ['workerd', startWorkerGateway],
] as const

describe.each(runtimes)('WebSockets to guarded upstreams on %s', (_runtime, startGateway) => {
  let gateway: Gateway
  let upstream: WebSocketUpstream
  let shub: string

  beforeAll(async () => {
    upstream = await startWebSocketUpstream()
    gateway = await startGateway({
      SHUB_URL: upstream.url,
      VX11_BREAKER_FAILURES: '2',
      VX11_BREAKER_COOLDOWN_S: '1',
      VX11_MAX_IN_FLIGHT: '1',
      VX11_RATE_LIMIT_PROTECTED: '10000',
    })
    shub = `${gateway.url}/shub`
  }, 60_000)
  afterAll(async () => {
    await Promise.all([gateway?.stop(), upstream?.close()])
  })

  const explain = { headers: { 'x-vx11-explain': '1' } }
  const metrics = async () => (await gateway.fetch('/metrics')).text()

  it('are refused at once while the circuit is open, and closes it again', async () => {
    for (let i = 0; i < 2; i++) await expectProblem(await refusalOf(`${shub}/hang-up`, explain), 'shub_unavailable')
    const seen = upstream.upgrades.length
    const refused = await refusalOf(`${shub}/echo`, explain)
    expect(refused.headers.get('retry-after')).toBe('1')
    expect(refused.headers.get('x-vx11-decision')).toMatch(/circuit=open, attempts=0/)
    expect(refused.headers.get('server-timing')).toContain('upstream;dur=0.00')
    await expectProblem(refused, 'shub_unavailable')
    await expectProblem(await gateway.fetch('/shub/plain'), 'shub_unavailable')
    expect([upstream.upgrades.length, upstream.plain.length]).toEqual([seen, 0])

    await expect.poll(async () => (await probe()).decision, { timeout: 5000, interval: 200 }).toContain('half_open')
    const { decision } = await probe()
    expect(decision).toMatch(/circuit=closed, attempts=1/)
    expect((await gateway.fetch('/shub/plain')).status).toBe(200)
    const text = await metrics()
    expect(text).toMatch(/vx11_upstream_rejections_total\{upstream="shub",reason="circuit_open"\} [2-9]/)
    expect(text).toContain('exchange_duration_seconds_count{upstream="shub",method="GET",status="101"} 2')
  })

  /** One socket, opened and closed, or refused. */
  async function probe(): Promise<{ decision: string }> {
    const opened = await connect(`${shub}/echo`, explain).catch(() => null)
    opened?.socket.terminate()
    return { decision: String(opened?.headers['x-vx11-decision']) }
  }

  it('count as requests under way until they are answered, and no longer', async () => {
    const first = await connect(`${shub}/echo`)
    const index = upstream.upgrades.length
    const waiting = refusalOf(`${shub}/silent`, { headers: { 'x-vx11-deadline-ms': '1500' } })
    await upstream.upgrade(index)
    const refused = await refusalOf(`${shub}/echo`)
    expect(refused.headers.get('retry-after')).toBe('1')
    await expectProblem(refused, 'service_overloaded')
    await expectProblem(await gateway.fetch('/shub/plain'), 'service_overloaded')
    await expectProblem(await waiting, 'shub_unavailable')
    const second = await connect(`${shub}/echo`)
    expect(await metrics()).toContain('vx11_upstream_in_flight{upstream="shub"} 0')
    for (const { socket, closed } of [first, second]) {
      socket.close()
      await closed
    }
  })

  it('are 100 of one principal at the most', async () => {
    await expect.poll(metrics).toContain('vx11_upstream_sockets{upstream="shub"} 0')
    const clients = []
    for (let i = 0; i < 100; i++) clients.push(await connect(`${shub}/echo`))
    expect(await metrics()).toContain('vx11_upstream_sockets{upstream="shub"} 100')
    const refused = await refusalOf(`${shub}/echo`)
    expect(refused.headers.get('retry-after')).toBe('10')
    await expectProblem(refused, 'too_many_requests')
    for (const { socket } of clients) socket.close()
    await Promise.all(clients.map(({ closed }) => closed))
    await expect.poll(metrics).toContain('vx11_upstream_sockets{upstream="shub"} 0')
    const again = await connect(`${shub}/echo`)
    again.socket.close()
  }, 30_000)
})
