/** What the tests of windows share: the app before a madre with a window, and what its answers have in common. */
import * as v from 'valibot'
import { expect } from 'vitest'
import { catalogue, type ErrorCode } from '../../src/errors/gateway-error.ts'
import { Problem } from '../../src/http/answer/problem-body.ts'
import { jsonAnswer } from './fake-network.ts'
import { bodyOf } from './power-window.ts'
import { testApp } from './test-app.ts'

/** Madre's power routes. */
export const madre = 'http://madre.test:8001/madre/power'
/** One of the three paths of the window routes. */
export const api = '/operator/api/window'

/** As the later VX11 writes moments. */
const stamp = (ms: number) => new Date(ms).toISOString().replace('Z', '000+00:00Z')

/** The app before a madre that keeps one window and answers as the real one, out of order and with fields of its own. */
export function windowsApp(env: Record<string, string> = {}, deps = {}) {
  const gateway = testApp({ env: { SWITCH_URL: 'http://switch.test:8002', ...env }, deps })
  const { network, clock } = gateway
  let open: { services: string[]; ttl_sec: number; openedAt: number; id: string } | null = null
  let opened = 0
  const left = () => (open ? open.openedAt + open.ttl_sec * 1000 - clock.now() : 0)
  const expire = () => {
    if (open && left() <= 0) open = null
  }
  const moments = () =>
    open && {
      window_id: open.id,
      created_at: stamp(open.openedAt),
      deadline: stamp(open.openedAt + open.ttl_sec * 1000),
      ttl_remaining_sec: Math.floor(left() / 1000),
    }
  network.answer(`${madre}/state`, () => {
    expire()
    const none = { window_id: null, created_at: null, deadline: null, ttl_remaining_sec: null }
    const active_services = ['redis', ...(open?.services ?? []).toReversed(), 'madre']
    return jsonAnswer({ policy: open ? 'windowed' : 'solo_madre', ...(moments() ?? none), active_services, extra: [1] })
  })
  network.answer(`${madre}/window/open`, (exchange) => {
    expire()
    if (open) return jsonAnswer({ detail: `Window already active: ${open.id}. Close it first.` }, 409)
    const { services, ttl_sec } = bodyOf(exchange) as { services: string[]; ttl_sec: number }
    open = { services, ttl_sec, openedAt: clock.now(), id: `w-${++opened}` }
    return jsonAnswer({ ...moments(), services_started: services, state: 'open', extra: {} })
  })
  network.answer(`${madre}/window/close`, () => {
    if (!open) return jsonAnswer({ detail: 'No active window' }, 404)
    const { id: window_id, services: services_stopped } = open
    open = null
    return jsonAnswer({ window_id, closed_at: stamp(clock.now()), services_stopped, state: 'closed' })
  })
  const post = (path: string, body: unknown = {}, headers = {}) =>
    gateway.authorized(path, { method: 'POST', body: JSON.stringify(body), headers })
  const sent = (path: string) => network.exchanges.filter(({ url }) => url === madre + path)
  return { ...gateway, post, sent, read: async () => (await gateway.authorized(`${api}/status`)).json() }
}

export async function expectJson<T>(response: Response, schema: v.GenericSchema<unknown, T>, status = 200): Promise<T> {
  const text = await response.text()
  expect({ status: response.status, text }).toMatchObject({ status })
  expect(response.headers.get('cache-control')).toBe('no-store')
  return v.parse(schema, JSON.parse(text))
}

/** A problem with the three members that v7's window clients read. */
export async function expectWindowError(response: Response, code: ErrorCode): Promise<Problem> {
  const body = v.parse(Problem, await response.json())
  expect({ status: response.status, ...body }).toMatchObject({ status: 'error', error: code, error_code: code })
  expect(response.status).toBe(catalogue[code].status)
  expect(response.headers.get('cache-control')).toBe('no-store')
  const { detail } = body
  expect(body.error_msg).toBe(typeof detail === 'string' ? detail : detail[0]?.msg)
  return body
}
