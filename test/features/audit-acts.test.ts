import * as v from 'valibot'
import { afterEach, describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { powerEvents, systemState } from '../../src/db/schema/madre.ts'
import { auditLogs } from '../../src/db/schema/mcp.ts'
import { GatewayError } from '../../src/errors/gateway-error.ts'
import { ActList } from '../../src/features/audit/acts/schema.ts'
import { maxScanned } from '../../src/features/audit/acts/store.ts'
import { auditComponent } from '../../src/modules/audit/act.ts'
import { announcer } from '../../src/modules/events/store/announcer.ts'
import type { EventLog, UpstreamAnswer } from '../../src/ports/index.ts'
import { awayDatabase } from '../support/absent-database.ts'
import { silent, testEventLog } from '../support/event-log.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { keysApp } from '../support/keys-app.ts'
import { testApp, tokens } from '../support/test-app.ts'

const database = testDatabase()
const path = '/operator/api/audit/acts'

describe('the record of administrative acts', () => {
  afterEach(async () => {
    await database().open().delete(auditLogs)
    await database().open().delete(systemState)
  })

  function gateway(env: Record<string, string> = {}) {
    const clock = testApp().clock
    const events = testEventLog({ database: database(), clock })
    const announced: Promise<unknown>[] = []
    const announce = announcer({
      ...{ events, clock, log: silent, database: database() },
      background: (work) => void announced.push(work),
    })
    const app = keysApp({
      database: database(),
      clock,
      env: { MADRE_URL: 'embedded', SPAWNER_URL: 'http://spawner.test:8008', ...env },
      deps: { announce, events },
    })
    const acts = async (query = '') => {
      await Promise.all([app.settled(), ...announced])
      const answer = await app.authorized(`${path}${query}`)
      expect(answer.status).toBe(200)
      return v.parse(ActList, await answer.json())
    }
    const post = (to: string, body: object = {}, headers: Record<string, string> = {}) =>
      app.authorized(to, { method: 'POST', body: JSON.stringify(body), headers })
    return { ...app, acts, post, events }
  }

  it('tells who opened and closed a window, and its timeline has the principal', async () => {
    const { acts, post, authorized, create, as } = gateway()
    const { key, id } = await create({ name: 'night', scopes: ['operator', 'admin'] })
    const headers = { 'x-correlation-id': 'c-window', 'x-test-address': '198.51.100.7' }
    const init = { method: 'POST', body: JSON.stringify({ services: ['switch'], ttl_sec: 600 }), headers }
    expect((await as(key, '/operator/api/window/open', init)).status).toBe(200)
    expect((await post('/vx11/window/close', { target: 'switch' })).status).toBe(200)
    const { acts: found } = await acts('?act=window')
    expect(found).toMatchObject([
      {
        act: 'window.close',
        target: 'switch',
        outcome: 'done',
        principal: 'link',
        before: { services: ['madre', 'switch'] },
      },
      {
        ...{ act: 'window.open', target: 'switch', outcome: 'done', error: null, before: null },
        ...{ principal: `key:${id}`, key_name: 'night', address: '198.51.100.7', correlation_id: 'c-window' },
        after: {
          state: 'open',
          services: ['madre', 'switch'],
          window_id: expect.any(String),
          deadline: expect.any(String),
        },
      },
    ])
    const timeline = await (await authorized('/operator/api/events/correlations/c-window')).json()
    expect(timeline).toMatchObject({
      entries: expect.arrayContaining([
        expect.objectContaining({ kind: 'window', action: 'window_opened', principal: `key:${id}` }),
        expect.objectContaining({ kind: 'event', type: 'gateway.window.opened', principal: `key:${id}` }),
        expect.objectContaining({ kind: 'event', type: 'gateway.audit', principal: `key:${id}` }),
      ]),
    })
  })

  it('has refused acts: without a token, a wrong one, too few scopes, a policy, a conflict, a fault of the body', async () => {
    const { acts, post, request } = gateway()
    const open = { services: ['switch'] }
    const body = JSON.stringify(open)
    const to = '/operator/api/window/open'
    await expectProblem(await request(to, { method: 'POST', body }), 'auth_required')
    await expectProblem(await request(to, { method: 'POST', body, headers: { 'x-vx11-token': 'wrong' } }), 'forbidden')
    await expectProblem(await post(to, open, { 'x-vx11-token': tokens.operator }), 'forbidden')
    await expectProblem(await post(to, { services: [] }), 'validation_error')
    await expectProblem(await post('/vx11/spawn', { task_type: 'shell', code: 'id' }), 'off_by_policy', 'OFF_BY_POLICY')
    await post(to, open)
    await post(to, { services: ['hermes'] })
    await expectProblem(await post('/operator/api/keys', { name: 'x' }), 'validation_error')
    const { acts: found } = await acts('?outcome=refused')
    expect(found.map(({ act, error, principal, target }) => [act, error, principal, target]).toReversed()).toEqual([
      ['window.open', 'auth_required', null, null],
      ['window.open', 'forbidden', null, null],
      ['window.open', 'forbidden', 'operator', null],
      ['window.open', 'validation_error', 'link', null],
      ['spawn.submit', 'off_by_policy', 'link', 'shell'],
      ['window.open', 'window_already_active', 'link', 'hermes'],
      ['key.create', 'validation_error', 'link', null],
    ])
    expect(JSON.stringify(found)).not.toContain('wrong')
  })

  it('has what observer mode refused, and what failed', async () => {
    const observed = gateway({ VX11_OPERATOR_CONTROL_ENABLED: 'false' })
    await observed.post('/operator/power/policy/solo_madre/apply')
    expect((await observed.acts()).acts).toMatchObject([{ act: 'power.apply_solo_madre', outcome: 'refused' }])
    const unreachable = gateway({ MADRE_URL: 'http://madre.test:8001' })
    await unreachable.post('/vx11/intent', { intent_type: 'plan', text: 'x' })
    expect((await unreachable.acts('?act=intent.submit')).acts).toMatchObject([
      { outcome: 'failed', target: 'plan', error: 'madre_unavailable' },
    ])
  })

  it('has settings, cache, maintenance, power and intents, without a value of a setting', async () => {
    const { acts, post, authorized } = gateway()
    await post('/operator/api/settings', { theme: 'a secret value' })
    await post('/operator/api/settings', { theme: 'a secret value' })
    await authorized('/operator/api/settings/theme', { method: 'DELETE' })
    await authorized('/operator/api/settings/theme', { method: 'DELETE' })
    await post('/shub/cache/clear')
    await post('/operator/power/service/switch/stop')
    await post('/vx11/intent', { intent_type: 'plan', text: 'look' })
    const { acts: found } = await acts()
    expect(found.map(({ act, target, outcome }) => [act, target, outcome]).toReversed()).toEqual([
      ['settings.write', 'theme', 'done'],
      ['settings.remove', 'theme', 'done'],
      ['settings.remove', 'theme', 'refused'],
      ['cache.clear', 'shub', 'done'],
      ['power.stop_service', 'switch', 'done'],
      ['intent.submit', 'plan', 'done'],
    ])
    expect(JSON.stringify(found)).not.toContain('secret')
  })

  it('has an act before the module does it, and its end in the place of the beginning', async () => {
    const { acts, post, network } = gateway({ MADRE_URL: 'http://madre.test:8001' })
    const before: unknown[] = []
    const look = (answer: UpstreamAnswer) => async () => {
      before.push((await database().open().select().from(auditLogs)).map(({ message }) => JSON.parse(message)))
      return answer
    }
    network.answer('http://madre.test:8001/madre/power/window/close', look(jsonAnswer({ detail: 'none' }, 404)))
    network.answer('http://madre.test:8001/madre/power/anything', look(jsonAnswer({ status: 'ok' })))
    await post('/operator/api/window/close', {}, { 'x-correlation-id': 'c-1' })
    expect(before).toMatchObject([[{ act: 'window.close', outcome: 'attempted', correlation_id: 'c-1' }]])
    expect((await acts()).acts).toMatchObject([{ act: 'window.close', outcome: 'refused', error: 'no_active_window' }])
    await post('/madre/power/anything', {}, { 'x-correlation-id': 'c-2', 'x-vx11-attempt': '1' })
    expect(before[1]).toMatchObject([{}, { act: 'power.other', outcome: 'attempted', principal: 'link' }])
    expect((await acts('?outcome=attempted')).acts).toEqual([])
    expect((await acts('?outcome=done')).acts).toMatchObject([{ act: 'power.other', correlation_id: 'c-2' }])
    expect(network.exchanges.every(({ init }) => !('x-vx11-attempt' in init.headers))).toBe(true)
  })

  it('leaves no beginning of what is refused over and over', async () => {
    const { acts, post } = gateway({ VX11_RATE_LIMIT_ENABLED: 'false' })
    for (let nth = 0; nth < 9; nth++) await post('/operator/api/window/open', { services: [] })
    expect((await acts()).acts.map(({ outcome }) => outcome)).toEqual(Array(5).fill('refused'))
  })

  it('has the end of a window’s change whenever the embedded madre has the window, whatever happens then', async () => {
    let fault: 'before' | 'after' | null = null
    const clock = testApp().clock
    const real = testEventLog({ database: database(), clock })
    const events: EventLog = {
      ...real,
      async change(change, told, once) {
        if (fault === 'before') throw new GatewayError('events_unavailable')
        const changed = await real.change(change, told, once)
        if (fault === 'after') throw new GatewayError('events_unavailable')
        return changed
      },
    }
    const app = keysApp({ database: database(), clock, env: { MADRE_URL: 'embedded' }, deps: { events } })
    const post = (verb: string, id: string) =>
      app.authorized(`/operator/api/window/${verb}`, {
        method: 'POST',
        headers: { 'x-correlation-id': id },
        body: JSON.stringify(verb === 'open' ? { services: ['switch'], ttl_sec: 600 } : {}),
      })
    const lines = async () =>
      (await database().open().select().from(auditLogs)).map(({ message }) => {
        const { act, outcome, correlation_id } = JSON.parse(message)
        return [act, outcome, correlation_id]
      })
    const actions = async () => (await database().open().select().from(powerEvents)).map(({ action }) => action)
    const earlier = await actions()
    const recorded = async () => (await actions()).slice(earlier.length)

    fault = 'before'
    expect((await post('open', 'c-before')).status).toBe(503)
    expect([await lines(), await recorded()]).toEqual([[['window.open', 'attempted', 'c-before']], []])
    fault = 'after'
    expect((await post('open', 'c-after')).status).toBe(503)
    expect(await recorded()).toEqual(['window_opened'])
    expect((await lines()).slice(1)).toEqual([['window.open', 'done', 'c-after']])
    fault = null
    expect((await post('extend', 'c-extend')).status).toBe(422)
    expect((await post('close', 'c-close')).status).toBe(200)
    expect(await recorded()).toEqual(['window_opened', 'window_closed'])
    expect((await lines()).filter(([, outcome]) => outcome === 'done')).toEqual([
      ['window.open', 'done', 'c-after'],
      ['window.close', 'done', 'c-close'],
    ])
    const { events: told } = await real.read({ limit: 100, order: 'oldest_first' })
    const kinds = told.filter(({ correlationId }) => correlationId === 'c-close').map(({ type }) => type)
    expect(kinds).toEqual(['gateway.window.closed', 'gateway.audit'])
  })

  it('is filtered by each of its columns', async () => {
    const { acts, post, clock, create } = gateway()
    await post('/shub/cache/clear', {}, { 'x-correlation-id': 'c-1', 'x-test-address': '2001:db8::1' })
    await clock.advance(10_000)
    const { id } = await create({ name: 'Tänzer' })
    const since = new Date(clock.now()).toISOString()
    const names = async (query: string) => (await acts(query)).acts.map(({ act }) => act)
    expect(await names('')).toEqual(['key.create', 'cache.clear'])
    for (const query of [
      ...['?act=cache', '?act=cache.clear', '?principal=link&act=cache', '?correlation_id=c-1', '?target=SHU'],
      ...['?address=2001:db8::1', `?until=${new Date(clock.now() - 5000).toISOString()}`],
    ])
      expect(await names(query), query).toEqual(['cache.clear'])
    for (const query of [`?since=${since}`, `?target=${id}`, '?target=T%C3%A4n']) {
      expect(await names(query), query).toEqual(['key.create'])
    }
    for (const query of ['?act=cach', '?outcome=failed', '?principal=nobody', "?principal=' or 1=1 --", '?target=%25'])
      expect(await names(query), query).toEqual([])
  })

  it.each(['?outcome=maybe', '?act=DROP%20TABLE', '?since=yesterday', '?limit=0', '?limit=1e3', '?principal='])(
    'refuses %s',
    async (query) => void (await expectProblem(await gateway().authorized(path + query), 'validation_error')),
  )

  it('goes on behind rows of others, and leaves out what is no act', async () => {
    const { acts, post } = gateway()
    const db = database().open()
    await post('/shub/cache/clear')
    const otherLine = '{"act":"cache.clear"}'
    const odd = ['no JSON', '{}', '[]', '{"act":"unknown"}'].map((message) => ({
      component: auditComponent,
      level: 'INFO',
      message,
    }))
    await db.insert(auditLogs).values(odd)
    await db.run(
      `with recursive n (i) as (select 1 union all select i + 1 from n where i < ${maxScanned})
       insert into audit_logs (component, level, message) select 'mcp', 'INFO', '${otherLine}' from n`,
    )
    const first = await acts()
    expect(first).toMatchObject({ acts: [], next: expect.any(String) })
    const second = await acts(`?cursor=${first.next}`)
    expect(second).toMatchObject({ acts: [{ act: 'cache.clear' }], next: null })
  })

  it('is bounded in what it keeps of refusals and of states', async () => {
    const { acts, post, clock, request } = gateway({ VX11_RATE_LIMIT_ENABLED: 'false' })
    for (let nth = 0; nth < 9; nth++) await request('/operator/api/window/close', { method: 'POST' })
    expect((await acts()).acts).toHaveLength(5)
    await clock.advance(60_000)
    await request('/operator/api/window/close', { method: 'POST' })
    expect((await acts('?limit=1')).acts).toMatchObject([{ repeated: 4, error: 'auth_required' }])
    const services = Array.from({ length: 32 }, (_, nth) => `${nth}${'x'.repeat(1000)}\u0000`)
    await post('/operator/api/window/open', { services })
    const [act] = (await acts('?limit=1')).acts
    expect(act?.target?.length).toBeLessThanOrEqual(200)
    expect(act?.target).not.toContain('\u0000')
  })

  it('answers the act although it cannot be recorded, and says so in the log', async () => {
    const { authorized, clock, logLines, settled } = keysApp({ database: awayDatabase })
    expect((await authorized('/shub/cache/clear', { method: 'POST' })).status).toBe(200)
    for (let second = 0; second < 20; second++) await clock.advance(1000)
    await settled()
    expect(logLines.filter(({ event }) => event === 'audit_not_stored')).toMatchObject([{ reason: 'cache.clear' }])
    const degraded = await (await authorized(path)).json()
    expect(degraded).toMatchObject({ acts: [], degraded: true, error: 'database_unavailable' })
  })

  it('is off with the audit', async () => {
    const { authorized } = gateway({ VX11_AUDIT_ENABLED: 'false' })
    await expectProblem(await authorized(path), 'feature_disabled')
  })
})
