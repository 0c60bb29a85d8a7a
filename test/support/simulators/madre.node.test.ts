/** The simulated madre, asked as a client of the contract would. */
import { describe, expect, it } from 'vitest'
import type { MadreOptions } from './madre.ts'
import { jsonPost, movableClock, runningMadre } from './running.ts'

describe('madre', () => {
  const withToken = { 'x-vx11-token': 'madre-token' }

  it('reports itself and its neighbours', async () => {
    const { url } = await runningMadre({ deps: { switch: 'up', hormiguero: 'down', spawner: 'down' } })
    expect(await (await fetch(`${url}/health`)).json()).toEqual({
      module: 'madre',
      status: 'ok',
      version: '7.0',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/),
      deps: { switch: 'up', hormiguero: 'down', spawner: 'down' },
    })
    expect(await (await fetch(`${url}/madre/status`)).json()).toMatchObject({
      mode: 'solo_madre',
      db: { quick_check: 'ok' },
    })
  })

  it('has no readiness route', async () => {
    const { url } = await runningMadre()
    expect((await fetch(`${url}/ready`)).status).toBe(404)
  })

  describe('chat', () => {
    const chat = async (body: unknown) => {
      const { url } = await runningMadre()
      return (await (await fetch(`${url}/madre/chat`, jsonPost(body))).json()) as Record<string, unknown>
    }

    it('answers from a template, with eleven fields and the session it was given', async () => {
      const answer = await chat({ message: 'hello', session_id: 's-1', context: {} })
      expect(Object.keys(answer)).toHaveLength(11)
      expect(answer).toMatchObject({
        response: 'Plan executed. Mode: MADRE. Status: DONE',
        session_id: 's-1',
        status: 'DONE',
        mode: 'MADRE',
        provider: 'fallback_local',
        model: 'local',
        warnings: [],
        targets: [],
      })
    })

    it.each([null, '', undefined])('makes a session for %j', async (session_id) => {
      expect((await chat({ message: 'hello', session_id })).session_id).toMatch(/^[0-9a-f-]{36}$/)
    })

    it.each([
      ['what skills do you have', 'WAITING', 'MADRE'],
      ['a request', 'DONE', 'AUDIO_ENGINEER'],
      ['Delete the mix', 'WAITING', 'MADRE'],
      ['good day', 'DONE', 'MADRE'],
    ])('takes %j by its substrings', async (message, status, mode) => {
      expect(await chat({ message })).toMatchObject({ status, mode })
    })
  })

  describe('windows', () => {
    const clock = movableClock()
    const begin = async (options: MadreOptions = {}) => {
      const { url } = await runningMadre({ now: clock.now, ...options })
      const call = async (path: string, init: RequestInit = {}) => {
        const response = await fetch(`${url}/madre/power/${path}`, init)
        return { status: response.status, body: (await response.json()) as Record<string, unknown> }
      }
      return {
        open: (body: unknown) => call('window/open', jsonPost(body, withToken)),
        close: () => call('window/close', { method: 'POST', headers: withToken }),
        state: () => call('state', { headers: withToken }),
        call,
      }
    }

    it('are guarded: 401 without a token, 403 with a wrong one', async () => {
      const { call } = await begin()
      for (const [path, method] of [
        ['window/open', 'POST'],
        ['window/close', 'POST'],
        ['state', 'GET'],
      ] as const) {
        expect(await call(path, { method })).toEqual({
          status: 401,
          body: { detail: 'auth_required: X-VX11-Token header missing' },
        })
        expect(await call(path, { method, headers: { 'x-vx11-token': 'other' } })).toEqual({
          status: 403,
          body: { detail: 'forbidden: invalid token' },
        })
      }
    })

    it('are none at the start', async () => {
      expect((await (await begin()).state()).body).toEqual({
        policy: 'solo_madre',
        window_id: null,
        created_at: null,
        deadline: null,
        ttl_remaining_sec: null,
        active_services: ['madre', 'redis'],
      })
    })

    it('open, show and close', async () => {
      const { open, close, state } = await begin()
      const opened = await open({ services: ['switch'], ttl_sec: 300, mode: 'ttl', reason: 'test' })
      expect(opened).toEqual({
        status: 200,
        body: {
          window_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
          created_at: expect.stringMatching(/\.\d{6}Z$/),
          deadline: expect.stringMatching(/\.\d{6}Z$/),
          services_started: ['switch'],
          state: 'open',
          ttl_remaining_sec: 300,
        },
      })
      const id = opened.body.window_id
      clock.pass(1)
      expect((await state()).body).toMatchObject({
        policy: 'windowed',
        window_id: id,
        ttl_remaining_sec: 299,
        active_services: ['switch', 'madre', 'redis'],
      })
      const closed = { window_id: id, closed_at: expect.any(String), services_stopped: ['switch'], state: 'closed' }
      expect(await close()).toEqual({ status: 200, body: closed })
      expect(await close()).toEqual({ status: 404, body: { detail: 'No active window' } })
    })

    it('are one at a time', async () => {
      const { open } = await begin()
      const { body } = await open({ services: ['switch'], ttl_sec: 60 })
      expect(await open({ services: ['hermes'], ttl_sec: 60 })).toEqual({
        status: 409,
        body: { detail: `Window already active: ${body.window_id}. Close it first.` },
      })
    })

    it('are for the allow-list, and say so in text', async () => {
      const { open } = await begin()
      expect(await open({ services: ['switch', 'madre', 'x'] })).toEqual({
        status: 422,
        body: { detail: "Services not in allowlist: {'madre', 'x'}" },
      })
    })

    it('want services', async () => {
      const { open } = await begin()
      expect((await open({})).body.detail).toMatchObject([{ type: 'missing', loc: ['body', 'services'] }])
      expect((await open({ services: ['switch'], ttl_sec: 1.5 })).body.detail).toMatchObject([
        { loc: ['body', 'ttl_sec'] },
      ])
    })

    it('end at their deadline', async () => {
      const { open, state, close } = await begin()
      await open({ services: ['switch'], ttl_sec: 10 })
      clock.pass(9999)
      expect((await state()).body).toMatchObject({ policy: 'windowed', ttl_remaining_sec: 0 })
      clock.pass(1)
      expect((await state()).body).toMatchObject({ policy: 'solo_madre', window_id: null })
      expect((await close()).status).toBe(404)
      expect((await open({ services: ['hermes'], ttl_sec: 10 })).status).toBe(200)
    })

    it.each([
      { services: [], ttl_sec: 5, mode: 'hold' },
      { services: ['mcp'] },
      { services: ['mcp'], ttl_sec: 0 },
      { services: ['mcp'], ttl_sec: 60, mode: 'whatever' },
    ])('have no deadline after %j', async (request) => {
      const { open } = await begin()
      expect((await open(request)).body).toMatchObject({ deadline: null, ttl_remaining_sec: null })
    })

    it('take a negative ttl, which is over at once', async () => {
      const { open, state } = await begin()
      expect((await open({ services: ['mcp'], ttl_sec: -5 })).body).toMatchObject({
        state: 'open',
        ttl_remaining_sec: 0,
      })
      expect((await state()).body.policy).toBe('solo_madre')
    })

    it('stay closed when docker starts nothing', async () => {
      const { open, state } = await begin({ docker: 'down' })
      expect(await open({ services: ['switch'], ttl_sec: 60 })).toMatchObject({
        status: 500,
        body: { detail: expect.stringContaining('docker compose up failed') },
      })
      expect((await state()).body.policy).toBe('solo_madre')
    })
  })

  it('never finds itself alone, and keeps the window when it applies its policy', async () => {
    const { url } = await runningMadre()
    const policy = `${url}/madre/power/policy/solo_madre`
    await fetch(`${url}/madre/power/window/open`, jsonPost({ services: ['switch'] }, withToken))
    expect(await (await fetch(`${policy}/status`)).json()).toMatchObject({
      status: 'ok',
      policy_active: false,
      running_services: ['switch', 'madre', 'redis', 'tentaculo_link'],
      expected_services: ['madre'],
    })
    const applied = (await (await fetch(`${policy}/apply`, { method: 'POST' })).json()) as {
      executed: { cmd: string[] }[]
    }
    expect(applied.executed).toHaveLength(10)
    expect(applied.executed[0]?.cmd.at(-1)).toBe('tentaculo_link')
    const state = await (await fetch(`${url}/madre/power/state`, { headers: withToken })).json()
    expect(state).toMatchObject({ policy: 'windowed' })
  })

  describe('service control', () => {
    const begin = async (options: MadreOptions = {}) => {
      const { url } = await runningMadre(options)
      const call = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
        const response = await fetch(`${url}/madre/power/service/${path}`, jsonPost(body, headers))
        return { status: response.status, body: (await response.json()) as Record<string, unknown> }
      }
      return { url, call }
    }
    const confirm = 'I_UNDERSTAND_THIS_STOPS_SERVICES'

    it('gives a plan', async () => {
      const { call } = await begin()
      expect(await call('switch/stop', {})).toMatchObject({
        status: 200,
        body: {
          status: 'plan',
          apply: false,
          service: 'switch',
          action: 'stop',
          plan: [{ cmd: ['docker', 'compose', '-p', 'vx11', 'stop', 'switch'], timeout: 30 }],
          executed: [],
          timestamp: expect.stringMatching(/^\d{8}T\d{6}Z$/),
          security: { key: false, token: false, confirm: false, rate_ok: true },
        },
      })
    })

    it('knows eleven services, and wants a body', async () => {
      const { url, call } = await begin()
      expect(await call('redis/start', {})).toEqual({ status: 404, body: { detail: 'service_not_allowed' } })
      expect((await fetch(`${url}/madre/power/service/madre/start`, { method: 'POST' })).status).toBe(422)
    })

    it('applies for key, token and confirmation together', async () => {
      const { url, call } = await begin({ powerKey: 'key' })
      const { token } = (await (await fetch(`${url}/madre/power/token`)).json()) as { token: string }
      const factors = { 'x-vx11-power-key': 'key', 'x-vx11-power-token': token }
      expect(await call('switch/start', { apply: true, confirm }, factors)).toMatchObject({
        status: 200,
        body: { status: 'ok' },
      })
      expect(await call('switch/start', { apply: true }, factors)).toMatchObject({
        status: 400,
        body: { status: 'error', security: { key: true, token: true, confirm: false } },
      })
      const otherAgent = { ...factors, 'user-agent': 'other' }
      expect((await call('switch/start', { apply: true, confirm }, otherAgent)).status).toBe(400)
    })

    it('blocks the seventh call of a minute, plans included', async () => {
      const clock = movableClock()
      const { call } = await begin({ now: clock.now })
      for (let turn = 0; turn < 6; turn++) expect((await call('switch/restart', {})).status).toBe(200)
      expect((await call('switch/restart', { apply: true })).status).toBe(429)
      clock.pass(60_001)
      expect((await call('switch/restart', { apply: true })).status).toBe(400)
    })
  })
})
