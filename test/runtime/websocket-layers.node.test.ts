/** What handshakes share with other requests, and how long a socket may last, through the real Node server and Worker. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectProblem } from '../support/expect-problem.ts'
import { type Gateway, runtimes } from '../support/gateways.ts'
import { type Client, connect, refusalOf } from '../support/websocket-client.ts'
import { startWebSocketUpstream, type WebSocketUpstream } from '../support/websocket-upstream.ts'

const api = '/operator/api/window'

describe.each(runtimes)('WebSockets to guarded upstreams on %s', (runtime, startGateway) => {
  let gateway: Gateway
  let upstream: WebSocketUpstream
  let shub: string

  beforeAll(async () => {
    upstream = await startWebSocketUpstream()
    gateway = await startGateway({
      SHUB_URL: upstream.url,
      SWITCH_URL: upstream.url,
      MADRE_URL: 'embedded',
      VX11_BREAKER_FAILURES: '2',
      VX11_BREAKER_COOLDOWN_S: '1',
      VX11_MAX_IN_FLIGHT: '1',
      VX11_RATE_LIMIT_PROTECTED: '10000',
    })
    shub = `${gateway.url}/shub`
  })
  afterAll(async () => {
    await Promise.all([gateway?.stop(), upstream?.close()])
  })

  const explain = { headers: { 'x-vx11-explain': '1' } }
  const metrics = async () => (await gateway.fetch('/metrics')).text()

  it('are refused at once while the circuit is open, and closes it again', async () => {
    // Failures have to last a second.
    await expect.poll(() => hangUp(), { interval: 300 }).toBe('open')
    const seen = upstream.upgrades.length
    const refused = await refusalOf(`${shub}/echo`, explain)
    expect(refused.headers.get('retry-after')).toBe('1')
    expect(refused.headers.get('x-vx11-decision')).toMatch(/circuit=open, attempts=0/)
    expect(refused.headers.get('server-timing')).toContain('upstream;dur=0.00')
    await expectProblem(refused, 'shub_unavailable')
    await expectProblem(await gateway.fetch('/shub/plain'), 'shub_unavailable')
    expect([upstream.upgrades.length, upstream.plain.length]).toEqual([seen, 0])

    await expect.poll(async () => (await probe()).decision, { interval: 200 }).toContain('half_open')
    const { decision } = await probe()
    expect(decision).toMatch(/circuit=closed, attempts=1/)
    expect((await gateway.fetch('/shub/plain')).status).toBe(200)
    const text = await metrics()
    expect(text).toMatch(/vx11_upstream_rejections_total\{upstream="shub",reason="circuit_open"\} [2-9]/)
    expect(text).toContain(
      'exchange_duration_seconds_count{upstream="shub",purpose="proxy",method="GET",status="101"} 2',
    )
  })

  async function hangUp(): Promise<unknown> {
    await expectProblem(await refusalOf(`${shub}/hang-up`, explain), 'shub_unavailable')
    const status = await gateway.fetch('/vx11/circuit-breaker/status')
    const { breakers } = (await status.json()) as { breakers: { shub: { state: string } } }
    return breakers.shub.state
  }

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
  })

  describe('to switch', () => {
    const post = async (path: string, body: object = {}) => {
      const response = await gateway.fetch(`${api}/${path}`, { method: 'POST', body: JSON.stringify(body) })
      expect(response.status).toBe(200)
    }

    /** Again while another handshake is the one that may be under way. */
    const untilOpen = async (url: string): Promise<Client> => connect(url).catch(() => untilOpen(url))

    it('are closed when the power window is closed', async () => {
      await post('open', { services: ['switch'], ttl_sec: 60 })
      const ids = [0, 1, 2].map((index) => `window-${index}-${runtime}`)
      const clients = await Promise.all(ids.map((id) => untilOpen(`${gateway.url}/switch/live?id=${id}`)))
      await post('close')
      for (const { closed } of clients) expect(await closed).toEqual([1008, 'power window closed'])
      for (const id of ids) expect(await (await upstream.seen(id)).closed).toEqual([1008, 'power window closed'])
      expect((await refusalOf(`${gateway.url}/switch/live`)).status).toBe(403)
    })

    it('are closed at its deadline', async () => {
      await post('open', { services: ['switch'], ttl_sec: 2 })
      const openedAt = performance.now()
      const { closed } = await connect(`${gateway.url}/switch/live`)
      expect(await closed).toEqual([1008, 'power window closed'])
      expect(performance.now() - openedAt).toBeGreaterThan(1000)
    })

    it('last where the window is renewed while they are open', async () => {
      await post('open?extend=true', { services: ['switch'], ttl_sec: 2 })
      const { socket, closed } = await connect(`${gateway.url}/switch/live`)
      const first = await Promise.race([closed, new Promise((done) => setTimeout(done, 5000, 'still open'))])
      expect(first).toBe('still open')
      socket.close()
      await closed
      await post('close')
    })
  })
})
