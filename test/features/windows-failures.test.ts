/** What goes wrong at madre while a window is opened, told or closed. */
import { describe, expect, it } from 'vitest'
import { type ErrorCode, TransportError } from '../../src/errors/gateway-error.ts'
import { WindowChange } from '../../src/features/windows/schema.ts'
import type { UpstreamAnswer } from '../../src/ports/index.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { bodyOf } from '../support/power-window.ts'
import { api, expectJson, expectWindowError, madre, windowsApp } from '../support/windows-app.ts'

describe('what goes wrong at madre', () => {
  const text = (body: string, status: number): UpstreamAnswer => ({
    status,
    headers: { 'content-type': 'text/plain' },
    body: new TextEncoder().encode(body),
  })
  const cases: [string, UpstreamAnswer | TransportError, ErrorCode][] = [
    ['401', jsonAnswer({ detail: 'auth_required' }, 401), 'madre_auth_failed'],
    ['403', jsonAnswer({ detail: 'forbidden' }, 403), 'madre_auth_failed'],
    ['404', jsonAnswer({ detail: 'No active window' }, 404), 'no_active_window'],
    ['409', jsonAnswer({ detail: 'Window already active' }, 409), 'window_already_active'],
    ['422', jsonAnswer({ detail: 'Services not in allowlist' }, 422), 'service_not_allowed'],
    ['500 in plain text', text('Internal Server Error', 500), 'madre_failed'],
    ['503', jsonAnswer({ detail: 'The database does not answer.' }, 503), 'madre_failed'],
    ['a redirect', jsonAnswer({}, 307), 'madre_failed'],
    ['200 without JSON', text('<html>', 200), 'madre_failed'],
    ['200 without a window', jsonAnswer({ status: 'ok' }), 'madre_failed'],
    ['nobody there', new TransportError('unreachable'), 'madre_unavailable'],
    ['silence', new TransportError('timeout'), 'madre_timeout'],
    ['no HTTP', new TransportError('malformed'), 'madre_failed'],
  ]

  it.each(cases)('has a name: %s', async (_what, answer, code) => {
    for (const action of ['open', 'close'] as const) {
      const gateway = windowsApp()
      if (action === 'close') await gateway.post(`${api}/open`, { services: ['switch'] })
      gateway.network.answer(`${madre}/window/${action}`, answer)
      const body = await expectWindowError(await gateway.post(`${api}/${action}`, { services: ['switch'] }), code)
      // In a member of its own, for scope admin.
      expect(JSON.stringify({ ...body, upstream_reason: null })).not.toContain('Internal Server Error')
    }
  })

  it('has a name when madre is not configured', async () => {
    const gateway = windowsApp({ MADRE_URL: 'binding:NOBODY' })
    await expectWindowError(await gateway.post(`${api}/close`), 'madre_unavailable')
    expect(await gateway.read()).toMatchObject({
      status: 'error',
      mode: 'solo_madre',
      active_services: [],
      reason: 'not_configured',
      madre_status: 'DORMANT',
    })
  })

  it('shows in the status, which keeps what was known', async () => {
    const gateway = windowsApp()
    await gateway.post(`${api}/open`, { services: ['switch'], ttl_sec: 60 })
    await gateway.read()
    gateway.network.answer(`${madre}/state`, jsonAnswer({ detail: 'boom' }, 500))
    gateway.network.answer('http://madre.test:8001/health', jsonAnswer({ status: 'ok' }))
    await gateway.clock.advance(2000)
    expect(await gateway.read()).toMatchObject({
      status: 'error',
      mode: 'window_active',
      window_id: 'w-1',
      ttl_remaining_sec: 58,
      degraded: true,
      health: 'degraded',
      reason: 'status_500',
      madre_status: 'UP',
    })
  })

  it('is mended where a restart left it with a window that it cannot read', async () => {
    const gateway = windowsApp()
    const { network } = gateway
    let closed = false
    network.answer(`${madre}/state`, () =>
      closed ? jsonAnswer({ policy: 'solo_madre' }) : text('Internal Server Error', 500),
    )
    network.answer(`${madre}/window/open`, (exchange) =>
      closed
        ? jsonAnswer({ window_id: 'w-9', services_started: (bodyOf(exchange) as { services: string[] }).services })
        : jsonAnswer({ detail: 'Window already active: w-1. Close it first.' }, 409),
    )
    network.answer(`${madre}/window/close`, () => {
      closed = true
      return jsonAnswer({ detail: "Internal error: can't subtract offset-naive and offset-aware datetimes" }, 500)
    })
    const opened = await expectJson(await gateway.post(`${api}/open`, { services: ['switch'] }), WindowChange)
    expect(opened).toMatchObject({ window_id: 'w-9', services_started: ['switch'], deadline: null })
    expect([gateway.sent('/window/open').length, gateway.sent('/window/close').length]).toEqual([2, 1])
  })

  it('is mended once, not for ever', async () => {
    const gateway = windowsApp()
    gateway.network.answer(`${madre}/state`, text('Internal Server Error', 500))
    gateway.network.answer(`${madre}/window/open`, text('Internal Server Error', 500))
    await expectWindowError(await gateway.post(`${api}/open`, { services: ['switch'] }), 'madre_failed')
    expect([gateway.sent('/window/open').length, gateway.sent('/window/close').length]).toEqual([2, 1])
  })
})
