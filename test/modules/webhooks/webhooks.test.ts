import { sql } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { circuitTurned, keyTurned, moduleTurned, stormEvent } from '../../../src/announcements.ts'
import type { UpstreamName } from '../../../src/config/config.ts'
import { systemState } from '../../../src/db/schema/madre.ts'
import type { HealthReading } from '../../../src/ports/index.ts'
import { someEvent } from '../../support/event-log.ts'
import { hook, webhookGateway } from '../../support/webhook-gateway.ts'

const database = testDatabase()
afterEach(async () => void (await database().open().delete(systemState)))

const minute = 60_000
const reading = { reason: 'timeout', latencyMs: null, version: null } as HealthReading
const down = (name: UpstreamName) => moduleTurned(name, 'down', reading)
const up = (name: UpstreamName) => moduleTurned(name, 'up', reading)
const opened = (name: UpstreamName) => {
  const event = circuitTurned(name, 'open')
  if (!event) throw new Error('not told')
  return event
}

/** After its first look, from which on it tells. */
async function begun(...webhooks: object[]) {
  const gateway = webhookGateway(database(), ...(webhooks.length > 0 ? webhooks : [{}]))
  await gateway.tell(down('hermes'))
  await gateway.turn()
  return gateway
}

describe('a notification', () => {
  it('tells a problem and its end, once each, and nothing from before it was configured', async () => {
    const { tell, turn, sent, status } = await begun()
    await tell(up('switch'), down('switch'))
    await turn(2000)
    await turn(2000)
    expect(sent()).toHaveLength(1)
    expect(sent()[0]?.body).toMatchObject({
      type: 'gateway.module.down',
      data: { kind: 'module', subject: 'switch', state: 'problem', severity: 'critical', count: 1, since: null },
    })
    await tell(up('switch'), up('hermes'))
    await turn(3 * minute)
    await turn(3 * minute)
    expect(sent().map(({ body }) => body.type)).toEqual(['gateway.module.down', 'gateway.module.up'])
    expect(sent()[1]?.body).toMatchObject({
      data: { state: 'recovery', severity: 'info', since: '2027-01-15T08:00:00.000Z' },
    })
    expect(await status()).toMatchObject({
      ...{ state: 'ok', delivered: 2, failures: 0, open: [], nextTryAt: null, address: 'https://hooks.test' },
      backlog: { messages: 0, events: 0, oldestAt: null },
    })
  })

  it('has the id of its first event, and one of each subject in a minute', async () => {
    const { tell, turn, sent } = await begun()
    const [first] = await tell(down('switch'), opened('switch'), down('shub'))
    await turn(2000)
    expect(sent()).toHaveLength(3)
    expect(sent()[0]?.id).toBe(first?.eventId)
    const flaps = Array.from({ length: 10 }, () => [up('switch'), down('switch')]).flat()
    const [next] = await tell(...flaps)
    await turn(2000)
    await turn(minute - 2001)
    expect(sent()).toHaveLength(3)
    await turn(1)
    expect(sent()).toHaveLength(4)
    expect(sent()[3]).toMatchObject({ id: next?.eventId, body: { data: { count: 20, state: 'problem' } } })
    expect(sent()[3]?.body.data).toHaveProperty('events.length', 5)
    await turn(minute)
    expect(sent()).toHaveLength(4)
  })

  it('of a storm is repeated after a quarter of an hour, with the number of storms', async () => {
    const { tell, turn, sent } = await begun()
    for (let minutes = 0; minutes < 20; minutes++) {
      await tell(stormEvent('ip', 100, false))
      await turn(minute)
    }
    const counts = sent().map(({ body }) => (body.data as { count: number }).count)
    expect(counts).toEqual([1, 15])
  })

  it('goes where its severity and its type are wanted', async () => {
    const names = (gateway: { sent(): { url: string; body: { type?: unknown } }[] }) =>
      gateway.sent().map(({ url, body }) => `${url.split('?')[1]} ${body.type}`)
    const to = (name: string, rest: object) => ({ name, url: `${hook}?${name}`, ...rest })
    const gateway = await begun(
      to('critical', { minSeverity: 'critical' }),
      to('keys', { events: ['gateway.key.*'] }),
      to('own', { events: ['spawn_success'], minSeverity: 'warn' }),
      to('usual', {}),
    )
    for (const name of ['critical', 'keys', 'own', 'usual'])
      gateway.network.answer(`${hook}?${name}`, { status: 200, headers: {}, body: null })
    const key = keyTurned('created', { id: '1', name: 'ci', scopes: [] }, { principal: 'link', correlationId: null })
    await gateway.tell(down('switch'), key)
    await gateway.post(someEvent(), someEvent({ severity: 'warn' }))
    await gateway.turn(2000)
    expect(names(gateway).toSorted()).toEqual([
      'critical gateway.module.down',
      'keys gateway.key.created',
      'own spawn_success',
      'usual gateway.key.created',
      'usual gateway.module.down',
    ])
    await gateway.tell(up('switch'))
    await gateway.turn(minute)
    expect(
      names(gateway)
        .filter((name) => name.endsWith('.up'))
        .toSorted(),
    ).toEqual(['critical gateway.module.up', 'usual gateway.module.up'])
  })
})

describe('a receiver', () => {
  it('that is away gets everything when it is back, in few messages and in order', async () => {
    const { tell, post, turn, sent, answer, status, network, logLines, events } = await begun({
      events: ['gateway.*', 'spawn_success'],
    })
    answer(503)
    const [first] = await tell(down('switch'))
    for (const pauseMs of [2000, 5000, 15_000, 45_000, 135_000, 405_000, 900_000, 900_000]) {
      await turn(Math.round(pauseMs * 1.1))
      await post(...Array.from({ length: 200 }, () => someEvent({ summary: 's'.repeat(240) })))
    }
    expect(new Set(sent().map(({ id }) => id))).toEqual(new Set([first?.eventId]))
    expect(new Set(sent().map(({ text }) => text)).size).toBe(1)
    expect(sent()).toHaveLength(8)
    await tell(up('switch'), down('shub'))
    await turn()
    expect(await status()).toMatchObject({
      ...{ state: 'failing', failures: 8, position: (first?.id ?? 0) - 1, lastError: { reason: 'status_503' } },
      backlog: { messages: 4, events: 1603 },
    })
    const [row] = await database()
      .open()
      .all<{ size: number }>(sql`select length(value) as size from system_state where key = 'gateway:webhook:ops'`)
    expect(row?.size).toBeLessThan(10_000)
    answer(200)
    network.exchanges.length = 0
    await turn(2 * 900_000)
    expect(
      sent().map(({ body: { data } }) => [(data as { subject: string }).subject, (data as { count: number }).count]),
    ).toEqual([
      ['switch', 1],
      ['madre', 1600],
      ['switch', 1],
      ['shub', 1],
    ])
    expect(await status()).toMatchObject({ state: 'ok', position: await events.newest(), delivered: 4 })
    expect(logLines.filter(({ event }) => event.startsWith('webhook_')).map(({ event }) => event)).toEqual([
      'webhook_begun',
      'webhook_failing',
      'webhook_works_again',
    ])
  })

  it('that is away while more subjects have problems than fit gets them all, each once', async () => {
    const { post, turn, sent, answer, network } = await begun({ events: ['spawn_success'] })
    answer(500)
    const posted = await post(...Array.from({ length: 60 }, (_, nth) => someEvent({ module: `m${nth}` })))
    await turn(2000)
    await turn(minute)
    answer(200)
    network.exchanges.length = 0
    for (let turns = 0; turns < 8; turns++) await turn(minute)
    expect(
      sent()
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(posted.map(({ eventId }) => eventId))
  })

  it('that asks for patience gets it', async () => {
    const { tell, turn, sent, answer } = await begun()
    answer(429, { 'retry-after': '600' })
    await tell(down('switch'))
    await turn(2000)
    await turn(599_000)
    expect(sent()).toHaveLength(1)
    answer(200)
    await turn(1000)
    expect(sent()).toHaveLength(2)
  })

  it('that refuses all is dead after six tries, asked once an hour, and alive after a test', async () => {
    const { tell, turn, sent, answer, status, service, work, logLines, metrics } = await begun()
    answer(404)
    await tell(down('switch'))
    for (let tries = 0; tries < 10; tries++) await turn(10 * minute)
    expect(sent()).toHaveLength(6)
    expect(await status()).toMatchObject({ state: 'dead', backlog: { messages: 1 }, givenUp: 0 })
    expect(logLines.filter(({ event }) => event === 'webhook_dead')).toMatchObject([
      { level: 'error', reason: 'ops: status_404' },
    ])
    await turn(20 * minute)
    expect(sent()).toHaveLength(7)
    answer(200)
    expect(await service.test('ops', 'link')).toMatchObject({ outcome: 'delivered', status: 200 })
    await Promise.all(work)
    expect(sent()[7]).toMatchObject({ id: expect.stringMatching(/^test_/), body: { type: 'webhook.test' } })
    await turn()
    expect(sent()[8]?.id).toBe(sent()[0]?.id)
    expect(await status()).toMatchObject({ state: 'ok', delivered: 1 })
    expect((await metrics.render()).body).toContain('vx11_webhook_attempts_total{webhook="ops",outcome="refused"} 7')
  })

  it('that is gone is dead at once, and alive at another address', async () => {
    const { tell, turn, sent, answer, status, config } = await begun()
    answer(410)
    await tell(down('switch'))
    await turn(2000)
    expect(await status()).toMatchObject({ state: 'dead' })
    const [webhook] = config.webhooks
    Object.assign(config, { webhooks: [{ ...webhook, url: `${hook}/new` }] })
    await turn(1000)
    expect(sent().map(({ url }) => url)).toEqual([hook, `${hook}/new`])
  })

  it('that refuses one message gets the others', async () => {
    const { tell, turn, sent, network, status, logLines } = await begun()
    network.answer(hook, ({ init }) => {
      const isPoison = new TextDecoder().decode(init.body as Uint8Array).includes('switch')
      return { status: isPoison ? 400 : 200, headers: {}, body: null }
    })
    await tell(down('switch'), down('shub'))
    for (let tries = 0; tries < 8; tries++) await turn(10 * minute)
    expect(sent()).toHaveLength(7)
    expect(await status()).toMatchObject({ state: 'ok', delivered: 1, givenUp: 1, backlog: { messages: 0 } })
    expect(logLines.filter(({ event }) => event === 'webhook_message_given_up')).toHaveLength(1)
  })
})

describe('several instances', () => {
  it('deliver once, and take over from one that died with the message as it was', async () => {
    const { tell, turn, sent, network, instance, answer } = await begun({ timeoutSeconds: 10 })
    const [one, other] = [instance(), instance()]
    let arrived = () => {}
    const sending = new Promise<void>((resolve) => {
      arrived = resolve
    })
    network.answer(hook, () => {
      arrived()
      return new Promise(() => {})
    })
    await tell(down('switch'))
    const dead = turn(2000, one)
    await sending
    await tell(up('switch'))
    await turn(14_000, other)
    expect(sent()).toHaveLength(1)
    answer(200)
    await turn(1000, other)
    await turn(minute, other)
    expect(sent()).toHaveLength(3)
    expect(sent()[1]).toMatchObject({ id: sent()[0]?.id, text: sent()[0]?.text })
    expect(sent()[2]?.body.type).toBe('gateway.module.up')
    void dead
  })

  it('share the turns: of ten at once one delivers', async () => {
    const { tell, clock, sent, instance } = await begun()
    await tell(down('switch'), down('shub'))
    await clock.advance(2000)
    await Promise.all(Array.from({ length: 10 }, () => instance().deliver()))
    await clock.advance(20_000)
    await instance().deliver()
    expect(sent()).toHaveLength(2)
  })

  it('tell by themselves what one of them stores, from its first event on', async () => {
    const { clock, tell, sent, instance, work } = webhookGateway(database(), {})
    const service = instance({ maxWaitMs: minute })
    service.stored(await tell(down('switch')))
    await clock.whenSleeping()
    await clock.advance(2000)
    await work[0]
    await clock.advance(2000)
    await work[1]
    expect(sent().map(({ body }) => body.type)).toEqual(['gateway.module.down'])
  })

  it('outlive their database', async () => {
    const { turn, tell, sent, instance, logLines, clock } = await begun()
    const away = instance({
      database: {
        open: () => {
          throw new Error('away')
        },
        ping: async () => {},
        close: async () => {},
      },
    })
    await tell(down('switch'))
    for (let turns = 0; turns < 3; turns++) await turn(minute, away)
    expect(logLines.filter(({ event }) => event === 'webhooks_not_served')).toHaveLength(1)
    await turn()
    await clock.advance(2000)
    await turn()
    expect(sent()).toHaveLength(1)
  })

  it('begin anew after a week without it', async () => {
    const { tell, turn, sent } = await begun()
    await tell(down('switch'))
    await turn(8 * 86_400_000)
    await tell(down('shub'))
    await turn(2000)
    await turn(2000)
    expect(sent().map(({ body }) => (body.data as { subject: string }).subject)).toEqual(['shub'])
  })
})

describe('the presets', () => {
  it("speak Slack's and ntfy's languages", async () => {
    const { tell, turn, sent, network } = await begun(
      { name: 'slack', preset: 'slack', secret: undefined, url: `${hook}?slack` },
      {
        name: 'ntfy',
        preset: 'ntfy',
        secret: undefined,
        url: 'https://ntfy.test/sub/vx11_ops',
        headers: { Authorization: 'Bearer x' },
      },
    )
    for (const url of [`${hook}?slack`, 'https://ntfy.test/sub/'])
      network.answer(url, { status: 200, headers: {}, body: null })
    await tell({ ...down('switch'), summary: '<switch> & "ñ" is away' })
    await turn(2000)
    await tell(up('switch'))
    await turn(3 * minute)
    const [slack, ntfy, , recovered] = sent()
    expect(slack?.body).toEqual({
      text: ':rotating_light: *Problem: switch (module)*',
      attachments: [{ color: '#c62828', text: '&lt;switch&gt; &amp; "ñ" is away', ts: 1_800_000_000 }],
    })
    expect(slack?.headers).not.toHaveProperty('webhook-signature')
    expect(ntfy?.body).toEqual({
      topic: 'vx11_ops',
      ...{
        title: 'Problem: switch (module)',
        message: '<switch> & "ñ" is away',
        priority: 5,
        tags: ['rotating_light'],
      },
    })
    expect(ntfy?.headers.authorization).toBe('Bearer x')
    expect(recovered?.body).toMatchObject({
      ...{ title: 'Recovered: switch (module)', message: 'switch answers (after 2 s)', priority: 3 },
    })
  })
})
