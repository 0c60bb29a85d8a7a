import * as v from 'valibot'
import { beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { cliProviders, modelsLocal } from '../../src/db/schema/hermes.ts'
import { TransportError } from '../../src/errors/gateway-error.ts'
import { HermesCatalog, HermesHealth } from '../../src/features/hermes/schema.ts'
import { UpstreamRefusal } from '../../src/http/proxy/relayed.ts'
import { OffByPolicy, ServiceOffline } from '../../src/modules/power/relayed-read.ts'
import type { UpstreamAnswer } from '../../src/ports/index.ts'
import { awayDatabase } from '../support/absent-database.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { bodyOf, tellWindow } from '../support/power-window.ts'
import { testApp, tokens } from '../support/test-app.ts'

const hermes = 'http://hermes.test:8003'
const open = testDatabase()

function gatewayWith(services: string[] = ['hermes'], env: Record<string, string> = { HERMES_URL: hermes }) {
  const gateway = testApp({ env, deps: { database: open() } })
  tellWindow(gateway.network, services)
  const post = (path: string, body: unknown) =>
    gateway.authorized(path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) })
  const asked = () => gateway.network.exchanges.filter(({ url }) => url.startsWith(hermes))
  return { ...gateway, post, asked }
}

const text = (body: string, status = 200): UpstreamAnswer => ({
  status,
  headers: { 'content-type': 'text/plain' },
  body: new TextEncoder().encode(body),
})

describe('GET /resources', () => {
  it('gives what hermes says, with the gateway’s own token', async () => {
    const { authorized, network, asked } = gatewayWith()
    const said = { status: 'ok', local_models: [], cli: { git: true }, playwright_enabled: false }
    network.answer(`${hermes}/hermes/resources`, jsonAnswer(said))
    const response = await authorized('/resources', { headers: { 'x-vx11-token': tokens.operator } })
    expect([response.status, await response.json()]).toEqual([200, said])
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(asked()[0]?.init.headers['x-vx11-token']).toBe(tokens.link)
  })

  it('says that no window lists hermes, without asking it', async () => {
    const { authorized, asked } = gatewayWith(['switch'])
    const read = v.parse(OffByPolicy, await (await authorized('/resources')).json())
    expect(read).toMatchObject({
      ...{ status: 'off_by_policy', module: 'hermes', policy: 'windowed' },
      window: { mode: 'window_active', window_id: 'w-1', ttl_seconds: 600 },
    })
    expect(asked()).toEqual([])
  })

  it.each([
    ['unreachable', new TransportError('unreachable'), 'upstream_unavailable'],
    ['slow', new TransportError('timeout'), 'upstream_timeout'],
    ['failing', jsonAnswer({ detail: 'x' }, 500), 'upstream_failed'],
    ['talking nonsense', text('<html>'), 'upstream_failed'],
    ['redirecting', jsonAnswer({}, 302), 'upstream_failed'],
    ['refusing the gateway’s token', jsonAnswer({ detail: 'auth_required' }, 401), 'upstream_auth_failed'],
  ])('answers 200 while hermes is %s', async (_name, answer, error) => {
    const { authorized, network } = gatewayWith()
    network.answer(`${hermes}/hermes/resources`, answer)
    const response = await authorized('/resources')
    expect(response.status).toBe(200)
    expect(v.parse(ServiceOffline, await response.json())).toMatchObject({ module: 'hermes', error, degraded: true })
  })

  it('answers within 2.5 s although hermes’ answer drips', async () => {
    const { authorized, network, clock } = gatewayWith()
    const body = new ReadableStream<Uint8Array>({ start: (out) => out.enqueue(new TextEncoder().encode('{')) })
    network.answer(`${hermes}/hermes/resources`, { status: 200, headers: {}, body })
    const answer = authorized('/resources')
    await clock.whenSleeping()
    await clock.advance(2300)
    expect(v.parse(ServiceOffline, await (await answer).json())).toMatchObject({ error: 'upstream_timeout' })
  })

  it('says that nobody configured hermes, and how to', async () => {
    const { authorized } = gatewayWith([], {})
    const read = v.parse(ServiceOffline, await (await authorized('/resources')).json())
    expect(read).toMatchObject({ error: 'not_configured', hint: expect.stringContaining('HERMES_URL') })
  })
})

describe.each([
  ['/hermes/get-engine', '/hermes/get-engine'],
  ['/hermes/execute', '/hermes/execute'],
  ['/vx11/hermes/models/pull', '/hermes/models/pull'],
])('POST %s', (path, upstream) => {
  it('hands the body on as it came, and gives the answer back', async () => {
    const { post, network, asked } = gatewayWith()
    network.answer(hermes + upstream, jsonAnswer({ status: 'accepted', engine: 'hermes' }, 202))
    const response = await post(path, '{"engine_id":"gpt4","__proto__":{"a":1},"deep":[[1]]}')
    expect([response.status, await response.json()]).toEqual([202, { status: 'accepted', engine: 'hermes' }])
    const [exchange] = asked()
    expect(JSON.stringify(exchange && bodyOf(exchange))).toBe('{"engine_id":"gpt4","__proto__":{"a":1},"deep":[[1]]}')
  })

  it.each([
    [403, { detail: 'downloads are off' }, 'downloads are off'],
    [404, { detail: 'Unknown engine' }, 'Unknown engine'],
    [422, [1], [1]],
    [429, undefined, null],
  ])('passes hermes’ own %d', async (status, said, detail) => {
    const { post, network } = gatewayWith()
    network.answer(hermes + upstream, said === undefined ? text('no', status) : jsonAnswer(said, status))
    const response = await post(path, {})
    expect(response.status).toBe(status)
    expect(v.parse(UpstreamRefusal, await response.json())).toMatchObject({ status: 'error', code: status, detail })
  })

  it('names what goes wrong on the way', async () => {
    const { post, network } = gatewayWith()
    await expectProblem(await post(path, {}), 'upstream_unavailable')
    network.answer(hermes + upstream, new TransportError('timeout'))
    await expectProblem(await post(path, {}), 'upstream_timeout')
    network.answer(hermes + upstream, jsonAnswer({}, 500))
    await expectProblem(await post(path, {}), 'upstream_failed')
    network.answer(hermes + upstream, jsonAnswer({}, 401))
    await expectProblem(await post(path, {}), 'upstream_auth_failed')
  })

  it('is refused without a window, and by a gateway that knows no hermes', async () => {
    const closed = gatewayWith([])
    const response = await closed.post(path, {})
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({ status: 'OFF_BY_POLICY', error: 'off_by_policy', service: 'hermes' })
    expect(closed.asked()).toEqual([])
    await expectProblem(await gatewayWith([], {}).post(path, {}), 'upstream_unavailable')
  })

  it.each(['[]', '"x"', 'null', '{', `{"a":${'['.repeat(65)}${']'.repeat(65)}}`])('refuses %s', async (body) => {
    const { post, asked } = gatewayWith()
    await expectProblem(await post(path, body), 'validation_error')
    expect(asked()).toEqual([])
  })
})

describe('/vx11/hermes', () => {
  beforeAll(async () => {
    const db = open().open()
    await db.insert(cliProviders).values([
      { name: 'zeta', apiKeyEnv: 'ZETA_SECRET_KEY', taskTypes: 'chat,tools', tokensUsedToday: 5 },
      { name: 'alpha', apiKeyEnv: 'NONE', taskTypes: null, enabled: false, updatedAt: '2026-01-01 10:00:00.000000' },
    ])
    await db.insert(modelsLocal).values({ name: 'm', path: '/models/m.gguf', sizeMb: 700, updatedAt: 'not a date' })
  })

  it('measures health, and says what is wrong with it', async () => {
    const { authorized, network, clock } = gatewayWith()
    const read = async () => v.parse(HermesHealth, await (await authorized('/vx11/hermes/health')).json())
    expect(await read()).toMatchObject({ status: 'unreachable', reason: 'upstream_unavailable' })
    await clock.advance(5001)
    network.answer(`${hermes}/health`, jsonAnswer({ status: 'ok', version: '7.0' }))
    expect(await read()).toMatchObject({ status: 'ok', version: '7.0', latency_ms: 0, reason: null })
    await clock.advance(5001)
    network.answer(`${hermes}/health`, jsonAnswer({}, 500))
    expect(await read()).toMatchObject({ status: 'unhealthy', reason: 'status_500' })
    const dormant = await gatewayWith([], {}).authorized('/vx11/hermes/health')
    expect(v.parse(HermesHealth, await dormant.json())).toMatchObject({ status: 'dormant', checked_at: null })
  })

  it('lists the catalogue, without the names of keys and the paths of models', async () => {
    const response = await gatewayWith([]).authorized('/vx11/hermes/catalog')
    const body = await response.text()
    expect(body).not.toMatch(/SECRET|gguf/)
    const { cli_providers, models, degraded } = v.parse(HermesCatalog, JSON.parse(body))
    expect(degraded).toBe(false)
    expect(cli_providers).toMatchObject([
      { name: 'alpha', task_types: [], enabled: false, updated_at: '2026-01-01T10:00:00.000Z' },
      { name: 'zeta', task_types: ['chat', 'tools'], enabled: true, tokens_used_today: 5 },
    ])
    expect(models).toMatchObject([{ name: 'm', size_mb: 700, updated_at: null }])
  })

  it('says that the catalogue’s database is away', async () => {
    const { authorized } = testApp({ deps: { database: awayDatabase } })
    const read = v.parse(HermesCatalog, await (await authorized('/vx11/hermes/catalog')).json())
    expect(read).toMatchObject({ cli_providers: [], models: [], degraded: true, error: 'database_unavailable' })
  })

  it('lets hermes discover, as a plan unless told otherwise', async () => {
    const { post, network, asked } = gatewayWith()
    network.answer(`${hermes}/hermes/discover`, jsonAnswer({ status: 'plan' }))
    expect(await (await post('/vx11/hermes/discover', '')).json()).toEqual({ status: 'plan' })
    await post('/vx11/hermes/discover', { apply: true })
    expect(asked().map(bodyOf)).toEqual([
      { apply: false, allow_web: false, allow_download: false },
      { apply: true, allow_web: false, allow_download: false },
    ])
    expect((await gatewayWith([]).post('/vx11/hermes/discover', {})).status).toBe(403)
    await expectProblem(await post('/vx11/hermes/discover', { apply: 'yes' }), 'validation_error')
  })

  it('changes nothing in observer mode', async () => {
    const { post, asked } = gatewayWith(['hermes'], { HERMES_URL: hermes, VX11_OPERATOR_CONTROL_ENABLED: 'no' })
    for (const path of ['/vx11/hermes/discover', '/vx11/hermes/models/pull']) {
      expect((await post(path, {})).status).toBe(403)
    }
    expect(asked()).toEqual([])
  })
})
