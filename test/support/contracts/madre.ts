/** What every madre must do for the gateway, embedded or simulated (docs/contract/upstreams/madre.md). */
import { beforeEach, describe, expect, it } from 'vitest'

export interface MadreUnderTest {
  /** Sends a request to a path. */
  fetch(path: string, init?: RequestInit): Promise<Response>
  token: string
  passTime(ms: number): Promise<void>
}

/** Where madres differ on purpose. */
export interface MadreTraits {
  /** Refuses windows that the original opens without a deadline or over nothing. */
  strictWindows: boolean
  /** Closes the open window when it applies its policy, and says that it executed nothing. */
  policyClosesWindow: boolean
  /** Knows the short plans, intents and results. */
  takesIntents: boolean
}

type Json = Record<string, unknown>

const uuid = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
const moment = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/)
const text = expect.any(String)

/** `start` hands over a madre without a window. */
export function describeMadre(name: string, traits: MadreTraits, start: () => Promise<MadreUnderTest>): void {
  describe(`${name}, as a madre`, () => {
    let madre: MadreUnderTest
    beforeEach(async () => {
      madre = await start()
    })

    const ask = async (path: string, init: RequestInit = {}) => {
      const response = await madre.fetch(path, init)
      return { status: response.status, body: (await response.json()) as Json }
    }
    const withToken = () => ({ 'x-vx11-token': madre.token })
    const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
      ask(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      })
    const open = (body: unknown) => post('/madre/power/window/open', body, withToken())
    const close = () => ask('/madre/power/window/close', { method: 'POST', headers: withToken() })
    const state = async () => (await ask('/madre/power/state', { headers: withToken() })).body
    /** An item of a 422's list. */
    const issueAt = (...loc: unknown[]) => ({ type: text, loc: ['body', ...loc], msg: text })

    it('says that it is well', async () => {
      const { status, body } = await ask('/health')
      expect(status).toBe(200)
      expect(body).toMatchObject({ module: 'madre', status: 'ok', version: '7.0' })
      expect(body.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z?$/)
      for (const word of Object.values((body.deps ?? {}) as Json)) expect(['up', 'down']).toContain(word)
    })

    it('reports its status', async () => {
      expect(await ask('/madre/status')).toMatchObject({
        status: 200,
        body: {
          module: 'madre',
          version: '7.0',
          mode: 'solo_madre',
          services_expected: expect.any(Array),
          services_running: expect.any(Array),
          db: expect.any(Object),
          canon: expect.any(Object),
        },
      })
    })

    it('answers 404 and 405 with a detail', async () => {
      expect(await ask('/ready')).toEqual({ status: 404, body: { detail: 'Not Found' } })
      expect(await ask('/madre/chat')).toEqual({ status: 405, body: { detail: 'Method Not Allowed' } })
      expect((await madre.fetch('/madre/chat')).headers.get('allow')).toBe('POST')
      expect((await ask('/health', { method: 'DELETE' })).status).toBe(405)
    })

    describe('chat', () => {
      it('answers with eleven fields and the session it was given', async () => {
        const { status, body } = await post('/madre/chat', { message: 'hello', session_id: 's-1', context: {} })
        expect(status).toBe(200)
        expect(Object.keys(body)).toHaveLength(11)
        expect(body).toMatchObject({ response: text, session_id: 's-1', intent_id: uuid, plan_id: uuid })
        expect(body).toMatchObject({ status: 'DONE', mode: 'MADRE', provider: 'fallback_local', targets: [] })
        expect([body.warnings, body.actions]).toEqual([expect.any(Array), expect.any(Array)])
        expect([null, 'local']).toContain(body.model)
      })

      it.each([null, '', undefined])('makes a session for %j', async (session_id) => {
        expect((await post('/madre/chat', { message: '', session_id })).body.session_id).toEqual(uuid)
      })

      it.each([
        [{}, 'message'],
        [{ message: 5 }, 'message'],
        [{ message: 'a', session_id: {} }, 'session_id'],
        [{ message: 'a', context: ['no dict'] }, 'context'],
      ])('refuses %j with a list', async (body, field) => {
        expect(await post('/madre/chat', body)).toMatchObject({ status: 422, body: { detail: [issueAt(field)] } })
      })

      it('wants a JSON object that says so', async () => {
        const send = (body: string, type: string) =>
          ask('/madre/chat', { method: 'POST', headers: { 'content-type': type }, body })
        const detailOf = async (body: string, type = 'application/json') => {
          const { status, body: answer } = await send(body, type)
          return [status, (answer.detail as { type: string }[])[0]?.type]
        }
        expect(await detailOf('{"message":')).toEqual([422, 'json_invalid'])
        expect(await detailOf('{"message":"a"}', 'text/plain')).toEqual([422, 'model_attributes_type'])
        expect(await detailOf('["message"]')).toEqual([422, 'model_attributes_type'])
        expect(await detailOf('')).toEqual([422, 'missing'])
      })
    })

    describe('power window', () => {
      it.each([
        ['POST', 'window/open'],
        ['POST', 'window/close'],
        ['GET', 'state'],
      ])('%s %s wants the token', async (method, path) => {
        const withHeaders = (headers: Record<string, string>) => ask(`/madre/power/${path}`, { method, headers })
        const missing = { status: 401, body: { detail: 'auth_required: X-VX11-Token header missing' } }
        expect(await withHeaders({})).toEqual(missing)
        expect(await withHeaders({ 'x-vx11-token': '' })).toEqual(missing)
        expect(await withHeaders({ 'x-vx11-token': `${madre.token}x` })).toEqual({
          status: 403,
          body: { detail: 'forbidden: invalid token' },
        })
      })

      it('is none at first', async () => {
        expect(await state()).toEqual({
          policy: 'solo_madre',
          ...{ window_id: null, created_at: null, deadline: null, ttl_remaining_sec: null },
          active_services: expect.arrayContaining(['madre']),
        })
      })

      it('opens, shows and closes', async () => {
        const opened = await open({ services: ['switch', 'hermes'], ttl_sec: 300, mode: 'ttl', reason: 'a test' })
        expect(opened).toMatchObject({
          status: 200,
          body: { window_id: uuid, created_at: moment, deadline: moment, state: 'open', ttl_remaining_sec: 300 },
        })
        const { window_id, created_at, deadline, services_started } = opened.body
        expect(services_started).toEqual(['switch', 'hermes'])
        expect(Date.parse(String(deadline)) - Date.parse(String(created_at))).toBe(300_000)

        await madre.passTime(1)
        expect(await state()).toEqual({
          ...{ policy: 'windowed', window_id, created_at, deadline, ttl_remaining_sec: 299 },
          active_services: expect.arrayContaining(['switch', 'hermes', 'madre']),
        })
        expect(await close()).toMatchObject({
          status: 200,
          body: { window_id, closed_at: moment, services_stopped: ['switch', 'hermes'], state: 'closed' },
        })
        expect((await state()).policy).toBe('solo_madre')
        expect(await close()).toEqual({ status: 404, body: { detail: 'No active window' } })
      })

      it('is one at a time', async () => {
        const { body } = await open({ services: ['switch'], ttl_sec: 60 })
        expect(await open({ services: ['hermes'], ttl_sec: 60 })).toEqual({
          status: 409,
          body: { detail: `Window already active: ${body.window_id}. Close it first.` },
        })
        await close()
        expect((await open({ services: ['hermes'], ttl_sec: 60 })).status).toBe(200)
      })

      it('is for known services only, and the refusal is a sentence', async () => {
        expect(await open({ services: ['switch', 'redis'], ttl_sec: 60 })).toEqual({
          status: 422,
          body: { detail: "Services not in allowlist: {'redis'}" },
        })
        expect((await state()).policy).toBe('solo_madre')
      })

      it.each([
        [{}, ['services']],
        [{ services: 'switch' }, ['services']],
        [{ services: ['switch', 7], ttl_sec: 60 }, ['services', 1]],
        [{ services: ['switch'], ttl_sec: 1.5 }, ['ttl_sec']],
        [{ services: ['switch'], ttl_sec: true }, ['ttl_sec']],
        [{ services: ['switch'], ttl_sec: 60, mode: null }, ['mode']],
        [{ services: ['switch'], ttl_sec: 60, reason: 5 }, ['reason']],
      ])('is not opened by %j, and the refusal is a list', async (body, loc) => {
        expect(await open(body)).toMatchObject({ status: 422, body: { detail: [issueAt(...loc)] } })
      })

      it('ends at its deadline, to the millisecond', async () => {
        await open({ services: ['switch'], ttl_sec: 10 })
        await madre.passTime(9999)
        expect(await state()).toMatchObject({ policy: 'windowed', ttl_remaining_sec: 0 })
        await madre.passTime(1)
        expect(await state()).toMatchObject({ policy: 'solo_madre', window_id: null })
        expect((await close()).status).toBe(404)
        expect((await open({ services: ['hermes'], ttl_sec: 10 })).status).toBe(200)
      })

      it('is held until somebody closes it', async () => {
        const held = { deadline: null, ttl_remaining_sec: null }
        expect((await open({ services: ['mcp'], mode: 'hold' })).body).toMatchObject(held)
        await madre.passTime(10 * 86_400_000)
        expect(await state()).toMatchObject({ policy: 'windowed', ...held })
        expect((await close()).status).toBe(200)
      })

      const lax = [
        { services: [], ttl_sec: 60 },
        { services: ['mcp'] },
        { services: ['mcp'], ttl_sec: null },
        { services: ['mcp'], ttl_sec: 0 },
        { services: ['mcp'], ttl_sec: -5 },
        { services: ['mcp'], ttl_sec: 86_401 },
        { services: ['mcp'], ttl_sec: 60, mode: 'whatever' },
      ]
      it.each(lax)(`${traits.strictWindows ? 'refuses' : 'takes'} %j`, async (body) => {
        expect((await open(body)).status).toBe(traits.strictWindows ? 422 : 200)
      })
    })

    describe('policy', () => {
      it('says what should run, and what does', async () => {
        expect(await ask('/madre/power/policy/solo_madre/status')).toMatchObject({
          status: 200,
          body: {
            status: 'ok',
            policy_active: expect.any(Boolean),
            running_services: expect.arrayContaining(['madre', 'tentaculo_link']),
            expected_services: ['madre'],
          },
        })
      })

      it(`${traits.policyClosesWindow ? 'closes' : 'keeps'} the window when it is applied`, async () => {
        await open({ services: ['switch'], ttl_sec: 60 })
        const applied = await ask('/madre/power/policy/solo_madre/apply', { method: 'POST' })
        expect(applied).toMatchObject({ status: 200, body: { status: 'ok', policy: 'solo_madre', message: text } })
        expect(applied.body.executed).toHaveLength(traits.policyClosesWindow ? 0 : 10)
        expect((await state()).policy).toBe(traits.policyClosesWindow ? 'solo_madre' : 'windowed')
      })
    })

    describe('service control', () => {
      it('knows the services of windows, and madre', async () => {
        const { body } = await ask('/madre/power/services')
        expect(body).toMatchObject({ status: 'ok', source: text })
        expect(body.allowlist).toHaveLength(11)
        expect(body.allowlist).toEqual(expect.arrayContaining(['madre', 'switch', 'shubniggurath']))
      })

      it.each(['start', 'stop', 'restart'])('plans to %s', async (action) => {
        expect(await post(`/madre/power/service/switch/${action}`, {})).toMatchObject({
          status: 200,
          body: {
            ...{ status: 'plan', apply: false, service: 'switch', action, executed: [] },
            plan: [{ cmd: ['docker', 'compose', '-p', 'vx11', action, 'switch'], timeout: 30 }],
            timestamp: expect.stringMatching(/^\d{8}T\d{6}Z$/),
            db_write: text,
            security: { key: false, token: false, confirm: false, rate_ok: true },
          },
        })
      })

      it('refuses foreign services, and wants a body', async () => {
        const foreign = { status: 404, body: { detail: 'service_not_allowed' } }
        expect(await post('/madre/power/service/redis/start', {})).toEqual(foreign)
        expect((await ask('/madre/power/service/switch/start', { method: 'POST' })).status).toBe(422)
        expect((await post('/madre/power/service/switch/start', { apply: 'maybe' })).status).toBe(422)
      })
    })

    describe.runIf(traits.takesIntents)('intents', () => {
      it('accepts one', async () => {
        const { status, body } = await post('/madre/intent', { type: 'scan', payload: { path: '/' } })
        expect(status).toBe(200)
        expect(body).toMatchObject({ status: 'accepted', intent_id: uuid, intent_log_id: expect.any(Number) })
        expect(body).toHaveProperty('task_id')
        expect(body).toHaveProperty('routing_decision', null)
        const named = await post('/madre/intent', { type: 'scan', payload: {}, correlation_id: 'scan-1' })
        expect(named.body.intent_id).toBe('scan-1')
      })

      it.each([{}, { type: 'scan' }, { type: 'scan', payload: [] }])('refuses %j', async (body) => {
        expect((await post('/madre/intent', body)).status).toBe(422)
      })

      it('gives back what became of one', async () => {
        const { status, body } = await post('/vx11/intent', { intent_type: 'chat', text: 'hello' })
        expect(status).toBe(200)
        expect(body).toMatchObject({ status: 'DONE', mode: 'MADRE', provider: text, correlation_id: uuid })
        expect(await ask(`/vx11/result/${body.correlation_id}`)).toMatchObject({
          status: 200,
          body: { correlation_id: body.correlation_id, status: 'DONE', result: body.response, error: null },
        })
      })

      it('knows no result that it did not give', async () => {
        expect((await ask(`/vx11/result/${crypto.randomUUID()}`)).status).toBe(404)
      })
    })
  })
}
