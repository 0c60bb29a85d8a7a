import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { TransportError } from '../../src/errors/gateway-error.ts'
import { Incidents } from '../../src/features/hormiguero/schema.ts'
import { UpstreamRefusal } from '../../src/http/proxy/relayed.ts'
import { Unread } from '../../src/modules/power/relayed-read.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { bodyOf, tellWindow } from '../support/power-window.ts'
import { testApp } from '../support/test-app.ts'

const hormiguero = 'http://hormiguero.test:8004'
const inee = `${hormiguero}/hormiguero/inee/extended`

function gatewayWith(services: string[] = ['hormiguero'], env: Record<string, string> = {}) {
  const gateway = testApp({ env: { HORMIGUERO_URL: hormiguero, ...env } })
  tellWindow(gateway.network, services)
  const post = (path: string, body: unknown = {}) =>
    gateway.authorized(path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) })
  const asked = () => gateway.network.exchanges.filter(({ url }) => url.startsWith(hormiguero))
  const read = async (path: string) => {
    const response = await gateway.authorized(path)
    expect(response.headers.get('cache-control')).toBe('no-store')
    return [response.status, await response.json()] as const
  }
  return { ...gateway, post, asked, read }
}

describe.each(['/hormiguero/status', '/hormiguero/queen/status', '/operator/api/hormiguero/status'])(
  'GET %s',
  (path) => {
    it('gives hormiguero’s own status, from the path that it has', async () => {
      const { read, network } = gatewayWith()
      network.answer(`${hormiguero}/hormiguero/status`, jsonAnswer({ actions_enabled: false, last_scan: {} }))
      expect(await read(path)).toEqual([200, { actions_enabled: false, last_scan: {} }])
    })

    it('says with 200 that it is closed or silent', async () => {
      expect(v.parse(Unread, (await gatewayWith([]).read(path))[1])).toMatchObject({
        ...{ status: 'off_by_policy', policy: 'solo_madre', hint: expect.stringContaining('"hormiguero"') },
      })
      expect(v.parse(Unread, (await gatewayWith().read(path))[1])).toMatchObject({ status: 'service_offline' })
    })

    it('takes the gate for a window', async () => {
      const { read } = gatewayWith([], { HORMIGUERO_ENABLED: 'true' })
      expect(await read(path)).toMatchObject([200, { status: 'service_offline', error: 'upstream_unavailable' }])
    })
  },
)

describe.each([
  ['/hormiguero/incidents', 10],
  ['/hormiguero/report', 50],
  ['/operator/api/hormiguero/incidents', 10],
])('GET %s', (path, usual) => {
  const list = (length: number) => Array.from({ length }, (_, id) => ({ id }))

  it('makes an object of hormiguero’s list', async () => {
    const { read, network } = gatewayWith()
    network.answer(`${hormiguero}/hormiguero/incidents?limit=${usual}`, jsonAnswer(list(2)))
    const [status, body] = await read(path)
    expect(status).toBe(200)
    expect(v.parse(Incidents, body)).toMatchObject({ status: 'ok', incidents: list(2), total: 2, limit: usual })
  })

  it('passes the bounded limit and the filter on, and holds hormiguero to the limit', async () => {
    const { read, network } = gatewayWith()
    network.answer(`${hormiguero}/hormiguero/incidents?status=open&limit=3`, jsonAnswer(list(9)))
    expect(await read(`${path}?limit=3&status=open`)).toMatchObject([200, { total: 3, incidents: list(3) }])
    network.answer(`${hormiguero}/hormiguero/incidents?limit=200`, jsonAnswer([]))
    expect(await read(`${path}?limit=1000000`)).toMatchObject([200, { total: 0, limit: 200 }])
  })

  it('says that it is closed, silent, or talks nonsense', async () => {
    const closed = v.parse(Incidents, (await gatewayWith([]).read(path))[1])
    expect(closed).toMatchObject({ status: 'off_by_policy', incidents: [], total: 0 })
    const silent = v.parse(Incidents, (await gatewayWith().read(path))[1])
    expect(silent).toMatchObject({ status: 'service_offline', incidents: [], total: 0 })
    const { read, network } = gatewayWith()
    network.answer(`${hormiguero}/hormiguero/incidents?limit=${usual}`, jsonAnswer({ detail: 'not a list' }))
    const odd = v.parse(Incidents, (await read(path))[1])
    expect(odd).toMatchObject({ status: 'service_offline', error: 'upstream_failed', incidents: [] })
  })

  it.each(['limit=0', 'limit=-1', 'limit=x', 'status=a%26limit%3D9', `status=${'x'.repeat(33)}`, 'status='])(
    'refuses %s',
    async (query) => {
      const { authorized, asked } = gatewayWith()
      await expectProblem(await authorized(`${path}?${query}`), 'validation_error')
      expect(asked()).toEqual([])
    },
  )
})

describe('POST /operator/api/hormiguero/scan/once', () => {
  const path = '/operator/api/hormiguero/scan/once'

  it('lets hormiguero scan, by the method that it has', async () => {
    const { post, network, asked } = gatewayWith()
    network.answer(`${hormiguero}/hormiguero/scan/once`, jsonAnswer({ status: 'ok', results: {} }))
    expect(await (await post(path)).json()).toEqual({ status: 'ok', results: {} })
    expect(asked()[0]?.init.method).toBe('POST')
  })

  it('is refused without a window and in observer mode', async () => {
    for (const gateway of [gatewayWith([]), gatewayWith(['hormiguero'], { VX11_OPERATOR_CONTROL_ENABLED: '0' })]) {
      expect((await gateway.post(path)).status).toBe(403)
      expect(gateway.asked()).toEqual([])
    }
  })
})

describe('/operator/inee', () => {
  it('tells the flags of INEE, and that hormiguero runs without it', async () => {
    const { read, network } = gatewayWith()
    const flags = { status: 'ok', enabled: true, colonies_count: 2 }
    network.answer(`${inee}/status`, jsonAnswer(flags))
    expect(await read('/operator/inee/status')).toEqual([200, flags])
    network.answer(`${inee}/status`, jsonAnswer({ detail: 'Not Found' }, 404))
    expect(await read('/operator/inee/status')).toMatchObject([200, { status: 'disabled', enabled: false }])
    network.answer(`${inee}/status`, new TransportError('unreachable'))
    expect(await read('/operator/inee/status')).toMatchObject([200, { status: 'service_offline' }])
    expect(await gatewayWith([]).read('/operator/inee/status')).toMatchObject([200, { status: 'off_by_policy' }])
  })

  it.each(['builder/patchset', 'colony/register'])('hands %s on as it came', async (route) => {
    const { post, network, asked } = gatewayWith()
    network.answer(`${inee}/${route}`, jsonAnswer({ status: 'ok' }))
    const response = await post(`/operator/inee/${route}`, { spec_id: 's', colony_id: 'c', parameters: { a: [1] } })
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }])
    expect(asked().map(bodyOf)).toEqual([{ spec_id: 's', colony_id: 'c', parameters: { a: [1] } }])
  })

  it('sends an envelope’s colony in the query, and its payload alone', async () => {
    const { post, network, asked } = gatewayWith()
    network.answer(`${inee}/colony/envelope?colony_id=col-1`, jsonAnswer({ envelope_id: 'e' }))
    for (const body of [
      { colony_id: 'col-1', payload: { a: 1 } },
      { colony_id: 'col-1', a: 1 },
    ]) {
      expect((await post('/operator/inee/colony/envelope', body)).status).toBe(200)
    }
    expect(asked().map(bodyOf)).toEqual([{ a: 1 }, { a: 1 }])
    for (const colony_id of [undefined, '', 5, 'a&b=1', '../x', 'x'.repeat(129)]) {
      await expectProblem(await post('/operator/inee/colony/envelope', { colony_id }), 'validation_error')
    }
    expect(asked()).toHaveLength(2)
  })

  const changes = ['builder/patchset', 'colony/register', 'colony/envelope']

  it.each(changes)('answers %s with what is off', async (route) => {
    const path = `/operator/inee/${route}`
    const body = { colony_id: 'c' }
    const { post, network } = gatewayWith()
    const url = route.endsWith('envelope') ? `${inee}/${route}?colony_id=c` : `${inee}/${route}`
    network.answer(url, jsonAnswer({ detail: 'Not Found' }, 404))
    await expectProblem(await post(path, body), 'feature_disabled')
    network.answer(url, jsonAnswer({ detail: 'builder disabled' }, 503))
    await expectProblem(await post(path, body), 'upstream_failed')
    network.answer(url, jsonAnswer({ detail: 'bad' }, 422))
    const refused = await post(path, body)
    expect([refused.status, v.parse(UpstreamRefusal, await refused.json())]).toMatchObject([422, { detail: 'bad' }])
    const closed = gatewayWith([])
    expect((await closed.post(path, body)).status).toBe(403)
    expect(closed.asked()).toEqual([])
    const observer = gatewayWith(['hormiguero'], { VX11_OPERATOR_CONTROL_ENABLED: 'false' })
    expect((await observer.post(path, body)).status).toBe(403)
    await expectProblem(await post(path, '[]'), 'validation_error')
  })

  it('takes the builder’s gate for a window on the builder alone', async () => {
    const { post, network } = gatewayWith([], { HORMIGUERO_BUILDER_ENABLED: 'true' })
    network.answer(`${inee}/builder/patchset`, jsonAnswer({ status: 'ok' }))
    expect((await post('/operator/inee/builder/patchset')).status).toBe(200)
    expect((await post('/operator/inee/colony/register')).status).toBe(403)
  })
})
