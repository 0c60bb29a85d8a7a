import * as v from 'valibot'
import { afterEach, describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { systemState } from '../../src/db/schema/madre.ts'
import { auditLogs } from '../../src/db/schema/mcp.ts'
import { ActList } from '../../src/features/audit/acts/schema.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { keysApp } from '../support/keys-app.ts'
import { tokens } from '../support/test-app.ts'
import { hook, secret, sentIn } from '../support/webhook-gateway.ts'

const open = testDatabase()
const path = '/operator/api/webhooks'

afterEach(async () => {
  await open().open().delete(systemState)
  await open().open().delete(auditLogs)
})

function gateway(status = 204) {
  const webhooks = [{ name: 'ops', url: hook, secret, events: ['gateway.key.created'] }]
  const app = keysApp({ database: open(), env: { VX11_WEBHOOKS: JSON.stringify(webhooks) } })
  app.network.answer(hook, { status, headers: {}, body: null })
  const test = (name = 'ops', token: string = tokens.link) =>
    app.request(`${path}/${name}/test`, { method: 'POST', headers: { 'x-vx11-token': token } })
  const acts = async () => {
    await app.settled()
    const answer = await app.authorized('/operator/api/audit/acts?act=webhook')
    return v.parse(ActList, await answer.json()).acts
  }
  return { ...app, test, acts, sent: () => app.network.exchanges.map(sentIn) }
}

describe('webhooks over HTTP', () => {
  it('tell who made a key, and are listed without their secrets', async () => {
    const { create, services, clock, sent, request } = gateway()
    await services.minutely.webhooks()
    await create({ name: 'night-shift' })
    await clock.advance(2000)
    await services.minutely.webhooks()
    expect(sent()).toMatchObject([
      {
        headers: { 'webhook-id': expect.stringMatching(/^evt_/), 'webhook-signature': expect.stringMatching(/^v1,/) },
        body: { type: 'gateway.key.created', data: { summary: 'Key night-shift was created', state: 'notice' } },
      },
    ])
    const text = await (await request(path, { headers: { 'x-vx11-token': tokens.operator } })).text()
    expect(text).not.toContain('secret')
    expect(text).not.toContain('whsec')
    expect(JSON.parse(text)).toMatchObject({
      webhooks: [
        {
          ...{ name: 'ops', preset: 'json', address: 'https://hooks.test', signed: true, state: 'ok', delivered: 1 },
          ...{ events: ['gateway.key.created'], backlog: { messages: 0, events: 0, oldest_at: null } },
          last_delivery: { type: 'gateway.key.created', status: 204, webhook_id: sent()[0]?.id },
        },
      ],
    })
  })

  it('are tested by who may do everything, and that is an act', async () => {
    const { test, acts, sent } = gateway()
    await expectProblem(await test('ops', tokens.operator), 'forbidden')
    await expectProblem(await test('nobody'), 'webhook_not_found')
    const answer = await test()
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ status: 'delivered', name: 'ops', http_status: 204 })
    expect(sent()).toHaveLength(1)
    expect(sent()[0]?.body).toMatchObject({ type: 'webhook.test', data: { kind: 'test' } })
    expect((await acts()).map(({ outcome, target, error }) => [outcome, target, error])).toEqual([
      ['done', 'ops', null],
      ['refused', 'nobody', 'webhook_not_found'],
      ['refused', 'ops', 'forbidden'],
    ])
  })

  it('say why a test did not arrive', async () => {
    const { test, acts } = gateway(302)
    const problem = await test()
    expect(await problem.clone().json()).toMatchObject({ detail: expect.stringContaining('status_302') })
    await expectProblem(problem, 'webhook_not_delivered')
    expect(await acts()).toMatchObject([{ outcome: 'failed', error: 'webhook_not_delivered' }])
  })

  it('are gauges and counters', async () => {
    const { authorized, test } = gateway()
    await test()
    const text = await (await authorized('/metrics')).text()
    for (const line of [
      'vx11_webhook_attempts_total{webhook="ops",outcome="delivered"} 1',
      'vx11_webhook_waiting_events{webhook="ops"} 0',
      'vx11_webhook_oldest_waiting_seconds{webhook="ops"} 0',
      'vx11_webhook_dead{webhook="ops"} 0',
    ])
      expect(text).toContain(line)
  })
})
