/** Foreign text arrives as it was, or is refused by name: one suite for every route that takes or relays JSON. */
import { describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import type { UpstreamAnswer } from '../../src/ports/index.ts'
import { testEventLog } from '../support/event-log.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { tellWindow } from '../support/power-window.ts'
import { idsIn, sseReader } from '../support/sse-reader.ts'
import { testApp } from '../support/test-app.ts'

const database = testDatabase()
const numbers = '{"ns":1795855212636123457,"big":1e400,"float":1.0,"small":[-0,1E-5]}'
type Body = string | ArrayBuffer | Uint8Array<ArrayBuffer>

const deep = `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`
const surrogate = '"\\ud800"'

function gateway() {
  const { clock } = testApp()
  const events = testEventLog({ database: database(), clock })
  return testApp({ env: { VX11_RATE_LIMIT_ENABLED: 'false' }, deps: { events, clock, database: database() } })
}

const post = (
  app: Pick<ReturnType<typeof gateway>, 'authorized'>,
  path: string,
  body: Body,
  headers: Record<string, string> = {},
) => app.authorized(path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body })

const event = (payload: string) => `{"source":"madre","type":"exact","payload":${payload}}`

describe('an event', () => {
  it.each([
    ['/events/ingest', event(numbers)],
    ['/events/ingest/batch', `[${event(numbers)}]`],
    ['/events/ingest/batch', `${event(numbers)}\n`],
  ])('posted to %s keeps its numbers in the list and in the stream', async (path, body) => {
    const app = gateway()
    const before = await app.authorized('/operator/api/events/stream')
    const reader = sseReader(before)
    expect((await post(app, path, body)).status).toBe(200)
    const list = await (await app.authorized('/operator/api/events?limit=1&type=exact')).text()
    expect(list).toContain(`"payload":${numbers}`)
    const block = await reader.message()
    expect(block?.data).toContain(`"payload":${numbers}`)
    await reader.cancel()
    const replay = sseReader(
      await app.authorized(`/operator/api/events/stream?last_event_id=${(idsIn(block)[0] ?? 0) - 1}`),
    )
    expect((await replay.message())?.data).toContain(`"payload":${numbers}`)
    await replay.cancel()
  })

  it('of a canonical type may write its integers as it likes', async () => {
    const payload = '{"value":42.0,"components":{"a":1e400}}'
    const body = `{"source":"switch","type":"switch.tension.updated","payload":${payload}}`
    expect((await post(gateway(), '/events/ingest', body)).status).toBe(200)
  })

  it('is refused with a lone surrogate in a value or a name, alone and among others', async () => {
    const app = gateway()
    for (const payload of [`{"a":[1,${surrogate}]}`, '{"\\uDFFF":1}'])
      await expectProblem(await post(app, '/events/ingest', event(payload)), 'validation_error')
    const batch = await post(
      app,
      '/events/ingest/batch',
      `${event(`{"a":${surrogate}}`)}\n${event('{"b":"\\ud83d\\ude00"}')}`,
    )
    const { results } = (await batch.json()) as { results: { status: string; reason?: string }[] }
    expect(results).toMatchObject([{ status: 'rejected', reason: 'unicode' }, { status: 'received' }])
  })

  it('is refused when it nests too deep', async () => {
    await expectProblem(await post(gateway(), '/events/ingest', event(deep)), 'validation_error')
  })
})

/** Own routes that read a JSON body. */
const takers = [
  ['POST', '/events/ingest'],
  ['POST', '/operator/api/chat'],
  ['POST', '/operator/api/settings'],
  ['POST', '/operator/api/chat/commands'],
  ['POST', '/operator/api/window/open'],
  ['POST', '/vx11/window/open'],
  ['POST', '/vx11/intent'],
  ['POST', '/vx11/spawn'],
  ['POST', '/hermes/execute'],
  ['POST', '/operator/task'],
  ['POST', '/operator/inee/colony/register'],
] as const

describe.each(takers)('%s %s', (method, path) => {
  // Refused acts are audited in the background; dozens of such gateways at once would contend for one table of events.
  const refusing = () => testApp({ env: { VX11_RATE_LIMIT_ENABLED: 'false' }, deps: { database: database() } })
  const send = async (body: Body, headers: Record<string, string> = {}) =>
    refusing().authorized(path, { method, headers: { 'content-type': 'application/json', ...headers }, body })

  it.each([
    ['lone surrogates', `{"a":${surrogate}}`],
    ['deep values', deep],
    ['no JSON', '{"a"'],
    ['a list', '[1]'],
  ])('refuses %s with 422', async (_what, body) => {
    expect((await send(body)).status).toBe(422)
  })

  it('refuses other encodings by name', async () => {
    const latin1 = new Uint8Array([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xe9, 0x22, 0x7d])
    expect(await (await expectProblem(await send(latin1), 'validation_error')).detail).toMatchObject([
      { loc: ['body'], type: 'utf8' },
    ])
    await expectProblem(
      await send('{}', { 'content-type': 'application/json; charset=iso-8859-1' }),
      'unsupported_media_type',
    )
    const refused = await send('x', { 'content-encoding': 'br' })
    expect(refused.headers.get('accept-encoding')).toBe('gzip, deflate')
    await expectProblem(refused, 'unsupported_media_type')
  })
})

async function compressed(text: string, format: 'gzip' | 'deflate'): Promise<ArrayBuffer> {
  const body = new Blob([text]).stream().pipeThrough(new CompressionStream(format))
  return new Response(body as ReadableStream).arrayBuffer()
}

describe('a compressed body', () => {
  it.each(['gzip', 'deflate'] as const)('is read as %s', async (coding) => {
    const body = await compressed(event('{"snow":"☃"}'), coding)
    const response = await post(gateway(), '/events/ingest', body, { 'content-encoding': coding })
    expect(response.status).toBe(200)
  })

  it('may not grow beyond 1 MiB', async () => {
    const body = await compressed(event(`{"a":"${' '.repeat(2_000_000)}"}`), 'gzip')
    expect(body.byteLength).toBeLessThan(10_000)
    await expectProblem(await post(gateway(), '/events/ingest', body, { 'content-encoding': 'gzip' }), 'body_too_large')
  })

  it.each([
    ['plain text', event('{}')],
    ['a part of it', null],
  ])('is refused when it is %s', async (_what, text) => {
    const body = text ?? (await compressed(event('{"a":"b"}'), 'gzip')).slice(0, 20)
    await expectProblem(
      await post(gateway(), '/events/ingest', body, { 'content-encoding': 'gzip' }),
      'validation_error',
    )
  })
})

describe('an answer of an upstream', () => {
  const said = `{ "status" : "ok", "n": ${numbers}, "status": "twice", "2": 1, "1": 2 }`
  const answer = (body: string): UpstreamAnswer => ({
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: new TextEncoder().encode(body),
  })
  const env = {
    HERMES_URL: 'http://hermes.test:8003',
    HORMIGUERO_URL: 'http://hormiguero.test:8004',
    SWITCH_URL: 'http://switch.test:8002',
    SPAWNER_URL: 'http://spawner.test:8008',
    SHUB_URL: 'http://shub.test:8007',
  }
  function relaying(target: string, body: string) {
    const app = testApp({ env, deps: { database: database() } })
    tellWindow(app.network, ['hermes', 'hormiguero', 'switch', 'spawner'])
    app.network.answer(target, answer(body))
    return app
  }

  it.each([
    ['POST', '/hermes/execute', `${env.HERMES_URL}/hermes/execute`],
    ['POST', '/hermes/get-engine', `${env.HERMES_URL}/hermes/get-engine`],
    ['GET', '/resources', `${env.HERMES_URL}/hermes/resources`],
    ['GET', '/hormiguero/status', `${env.HORMIGUERO_URL}/hormiguero/status`],
    ['GET', '/hormiguero/queen/status', `${env.HORMIGUERO_URL}/hormiguero/status`],
    ['GET', '/shub/ready', `${env.SHUB_URL}/ready`],
  ])('%s %s is relayed byte for byte', async (method, path, target) => {
    const response = await relaying(target, said).authorized(path, { method, ...(method === 'POST' && { body: '{}' }) })
    expect([response.status, await response.text()]).toEqual([200, said])
    expect(response.headers.get('content-type')).toContain('application/json')
  })

  it('GET /shub/health is relayed as it was, with a correlation id added, also from the cache', async () => {
    const app = relaying(`${env.SHUB_URL}/health`, `${said}\n`)
    for (const cache of ['MISS', 'HIT']) {
      const response = await app.authorized('/shub/health')
      expect(response.headers.get('x-cache')).toBe(cache)
      const id = response.headers.get('x-correlation-id')
      expect(await response.text()).toBe(`${said.slice(0, -1)},"correlation_id":"${id}"}`)
    }
  })

  it('keeps the digits of numbers where the gateway adds to it', async () => {
    const app = relaying(`${env.HORMIGUERO_URL}/hormiguero/incidents?limit=100`, `[{"id":1795855212636123457}]`)
    const text = await (await app.authorized('/hormiguero/incidents?limit=100')).text()
    expect(text).toContain('{"id":1795855212636123457}')
  })

  it('that nests too deep to be handled is the upstream’s failure', async () => {
    const app = relaying(`${env.HERMES_URL}/hermes/execute`, deep)
    await expectProblem(await app.authorized('/hermes/execute', { method: 'POST', body: '{}' }), 'upstream_failed')
  })

  it.each([
    ['GET', '/operator/power/status', '/madre/power/status'],
    ['GET', '/operator/power/policy/solo_madre/status', '/madre/power/policy/solo_madre/status'],
    ['POST', '/operator/power/policy/solo_madre/apply', '/madre/power/policy/solo_madre/apply'],
    ['POST', '/operator/power/service/switch/stop', '/madre/power/service/switch/stop'],
  ])('%s %s keeps the digits of madre’s numbers, and fails where she nests too deep', async (method, path, target) => {
    const plan = '"status":"plan","apply":false,"plan":[],"executed":[]'
    const app = relaying(`http://madre.test:8001${target}`, `{${plan},"constructor":1.0,"n":${numbers}}`)
    expect(await (await app.authorized(path, { method })).text()).toContain(`"constructor":1.0,"n":${numbers}}`)
    app.network.answer(`http://madre.test:8001${target}`, answer(`{${plan},"deep":${deep}}`))
    await expectProblem(await app.authorized(path, { method }), 'madre_failed', 'error')
  })

  it('keeps its digits behind a chat command', async () => {
    const spawner = `{"spawn_uuid":"u-1","constructor":1,"n":${numbers}}`
    const app = relaying(`${env.SPAWNER_URL}/spawn`, spawner)
    app.network.answer('http://madre.test:8001/madre/intent', answer('{}'))
    const command = post(app, '/operator/api/chat/commands', '{"command":"spawn","args":{"cmd":"true"}}')
    expect(await (await command).text()).toContain('1795855212636123457')
  })

  it.each([
    ['/operator/task', 'http://switch.test:8002/switch/task', '{"task_type":"x","payload":', '}'],
    ['/vx11/intent', 'http://madre.test:8001/vx11/intent', '{"payload":', '}'],
    ['/vx11/spawn', 'http://spawner.test:8008/spawn', '{"task_type":"x","code":"true","metadata":', '}'],
  ])(
    'to %s is asked with every member of what the caller wrote, whatever its name',
    async (path, url, before, after) => {
      const app = relaying(url, '{"status":"DONE","spawn_uuid":"u-1"}')
      await post(app, path, `${before}{"constructor":1,"prototype":2,"__proto__":{"a":3},"b":4}${after}`)
      const asked = app.network.exchanges.find((each) => each.url === url)
      const sent = new TextDecoder().decode(asked?.init.body as Uint8Array)
      expect(sent).toContain('"constructor":1,"prototype":2,"__proto__":{"a":3},"b":4')
    },
  )

  it('is asked with the caller’s numbers', async () => {
    const app = relaying(`${env.HERMES_URL}/hermes/execute`, '{}')
    await app.authorized('/hermes/execute', { method: 'POST', body: numbers })
    const asked = app.network.exchanges.find(({ url }) => url.endsWith('/hermes/execute'))
    expect(new TextDecoder().decode(asked?.init.body as Uint8Array)).toBe(numbers)
  })
})
