/** Other names of routes: what they are, what they keep, and what cannot be smuggled through them. */
import { describe, expect, it } from 'vitest'
import { aliases, routedPath } from '../../../src/http/routing/aliases.ts'
import { expectProblem } from '../../support/expect-problem.ts'
import { testApp, tokens } from '../../support/test-app.ts'

const routed = (path: string) => routedPath(new Request(`http://gateway.test${path}`))

describe('routedPath', () => {
  it.each([
    ['/api/events?limit=1', '/operator/api/events'],
    ['/api/rails/lane-1/status', '/operator/api/rails/lane-1/status'],
    ['/operator/api/v1/status', '/operator/api/status'],
    ['/%61pi/window/status', '/operator/api/window/status'],
    ['/api/', '/operator/api/'],
    ['/api/internal/core-health', '/api/internal/core-health'],
    ['/api', '/api'],
    ['/operator/', '/operator'],
    ['/operator/ui/', '/operator/ui/'],
    ['/apis/x', '/apis/x'],
    ['/API/events', '/API/events'],
    ['/operator/api/v1', '/operator/api/v1'],
    ['/operator/api/v10/status', '/operator/api/v10/status'],
    ['/operator/api/v1/v1/status', '/operator/api/v1/status'],
    ['/api/v1/status', '/operator/api/v1/status'],
    ['/shub/api/x', '/shub/api/x'],
  ])('%s is %s', (path, target) => {
    expect(routed(path)).toBe(target)
  })

  it('hides no route of the app', () => {
    const hidden = testApp().app.routes.filter(({ path }) => path !== '/*' && routed(path) !== path)
    expect(hidden.map(({ path }) => path)).toEqual([])
  })
})

describe('an alias', () => {
  it('answers as its target does, query and correlation id included', async () => {
    const gateway = testApp()
    const read = async (path: string) => {
      const response = await gateway.authorized(path, { headers: { 'x-correlation-id': 'same' } })
      return { status: response.status, body: await response.json() }
    }
    expect(await read('/api/window/status')).toEqual(await read('/operator/api/window/status'))
    expect(await read('/operator/api/v1/window/status')).toEqual(await read('/operator/api/window/status'))
    expect((await gateway.authorized('/api/window/status', { method: 'HEAD' })).status).toBe(200)
  })

  it('asks for the scope of its target', async () => {
    const gateway = testApp()
    for (const path of ['/api/window/status', '/api/nothing', '/operator/api/v1/status', '/api/internal/core-health']) {
      await expectProblem(await gateway.request(path), 'auth_required')
      await expectProblem(await gateway.request(path, { headers: { 'x-vx11-token': tokens.shub } }), 'forbidden')
    }
    const open = { method: 'POST', body: '{"services":["switch"]}', headers: { 'x-vx11-token': tokens.operator } }
    for (const path of ['/api/window/open', '/operator/api/v1/window/open', '/operator/api/v1/chat/window/open']) {
      await expectProblem(await gateway.request(path, open), 'forbidden')
    }
  })

  it('spends the allowance of its target, and is refused in observer mode', async () => {
    const gateway = testApp({ env: { VX11_RATE_LIMIT_USER: '2' } })
    await gateway.authorized('/operator/api/window/status')
    const second = await gateway.authorized('/api/window/status')
    expect(second.headers.get('ratelimit')).toContain('"user";r=0')
    await expectProblem(await gateway.authorized('/operator/api/v1/window/status'), 'too_many_requests')
    const observer = testApp({ env: { VX11_OPERATOR_CONTROL_ENABLED: 'false' } })
    const refused = await observer.authorized('/api/window/close', { method: 'POST' })
    expect(await refused.json()).toMatchObject({ error: 'off_by_policy', policy: 'observer' })
  })

  it('is logged as its target', async () => {
    const gateway = testApp()
    await gateway.authorized('/api/window/status')
    expect(gateway.logLines.at(-1)).toMatchObject({ event: 'request', route: '/operator/api/window/status' })
  })

  it.each([
    '/api/../madre/power/state',
    '/api/%2e%2e/madre/power/state',
    '/api/..%2fmadre/power/state',
    '/operator/api/v1/%2e%2e/%2e%2e/%2e%2e/madre/power/state',
    '/api\\..\\madre',
  ])('opens no way out of the operator API: %s', async (target) => {
    const gateway = testApp()
    const asked = gateway.authorized('/api/window/status', { headers: { 'x-test-target': target } })
    await expectProblem(await asked, 'bad_request_target')
    expect(gateway.network.exchanges).toEqual([])
  })

  it('never leads to a module', async () => {
    const gateway = testApp()
    for (const path of ['/api/madre/health', '/api/switch/x', '/api//shub/health', '/operator/api/v1//madre/health']) {
      await expectProblem(await gateway.authorized(path), 'endpoint_not_found')
    }
    expect(gateway.network.exchanges).toEqual([])
  })

  it('stands in the reference', async () => {
    const document = (await (await testApp().request('/openapi.json')).json()) as { paths: Record<string, unknown> }
    for (const { prefix } of aliases) expect(document.paths).toHaveProperty([`${prefix}{path}`])
  })
})

describe('an unknown path of the operator API', () => {
  it('is 404 with what there is, after the token was looked at', async () => {
    const gateway = testApp()
    await expectProblem(await gateway.request('/operator/api/nothing'), 'auth_required')
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH']) {
      const body = await expectProblem(
        await gateway.authorized('/operator/api/nothing', { method }),
        'endpoint_not_found',
      )
      expect(body.available_endpoints).toContain('GET /operator/api/status')
      expect(body.available_endpoints).toContain('GET /operator/api/modules/{name}')
      expect(JSON.stringify(body)).not.toContain('nothing')
    }
  })

  it('is told from a known one with a wrong method', async () => {
    const response = await testApp().authorized('/operator/api/topology', { method: 'POST' })
    expect(response.headers.get('allow')).toBe('GET, HEAD')
    await expectProblem(response, 'method_not_allowed')
  })

  it('is a plain 404 elsewhere', async () => {
    expect(await expectProblem(await testApp().authorized('/operator/nothing'), 'not_found')).not.toHaveProperty(
      'available_endpoints',
    )
  })
})
