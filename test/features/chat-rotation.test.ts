/** The chat's order as it learns: what is asked first, what an operator decides, and what instances share. */
import { sql } from 'drizzle-orm'
import * as v from 'valibot'
import { beforeEach, describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { RotationReport } from '../../src/features/chat/rotation/schema.ts'
import { addTallies } from '../../src/modules/chat/rotation/store.ts'
import { type Measure, type Tally, tallyKey } from '../../src/modules/chat/rotation/tally.ts'
import { chatApp } from '../support/chat-app.ts'
import { sentJson, sse, urls } from '../support/chat-network.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { fakeRandom } from '../support/fake-random.ts'
import { tokens } from '../support/test-app.ts'

const database = testDatabase()
const route = '/operator/api/chat/rotation'
const asOperator = { headers: { 'x-vx11-token': tokens.operator } }

beforeEach(async () => {
  await database().open().run(sql`delete from chat_providers_stats`)
  await database().open().run(sql`delete from audit_logs`)
  await database().open().run(sql`delete from system_state where key like 'gateway:chat:%'`)
})

/** A fraction of 0.5 lends no message. */
let seed = 7_000_000
const lendsNone = () => ({ ...fakeRandom(++seed), fraction: () => 0.5 })
const lendsAll = () => ({ ...lendsNone(), fraction: () => 0 })

interface Rotated extends Omit<NonNullable<Parameters<typeof chatApp>[0]>, 'deps'> {
  mode?: string
  random?: ReturnType<typeof fakeRandom>
}

function rotated({ mode = 'on', random = lendsNone(), env = {}, ...neighbours }: Rotated = {}) {
  const app = chatApp({
    ...{ switch: 'up', deepseek: 'up', ...neighbours },
    env: { VX11_CHAT_ROTATION: mode, ...env },
    deps: { database: database(), random },
  })
  const report = async (response: Response | Promise<Response> = app.authorized(route)) => {
    const answer = await response
    expect(answer.status).toBe(200)
    return v.parse(RotationReport, await answer.json())
  }
  /** What another instance learned, taken over. */
  const learned = async (model: string, tallies: Partial<Record<Measure, Partial<Tally>>>) => {
    const rows = Object.entries(tallies).map(
      ([measure, tally]) =>
        [tallyKey(app.clock.now(), measure as Measure, model), { good: 0, bad: 0, mean: 0, ...tally }] as const,
    )
    await addTallies(database().open(), new Map(rows))
  }
  return {
    ...app,
    report,
    learned,
    change: (method: string, path: string, body?: object) =>
      app.authorized(route + path, { method, ...(body && { body: JSON.stringify(body) }) }),
  }
}

const bad = { answers: { bad: 40 } }
const good = { answers: { good: 40, mean: 900 }, first_token: { good: 40, mean: 300 } }

describe('an order that is off', () => {
  it('is the contract’s, says nothing of a decision, and learns nothing', async () => {
    const { ask, background, report } = rotated({ mode: 'off' })
    expect(await ask({ message: 'hello' })).not.toHaveProperty('decision')
    await background()
    expect(await report()).toMatchObject({ mode: 'off', order: ['switch', 'deepseek_r1'] })
    const rows = await database().open().all(sql`select 1 from chat_providers_stats where provider like '@%'`)
    expect(rows).toEqual([])
  })

  it('can neither be pinned nor frozen', async () => {
    const { change } = rotated({ mode: 'off' })
    await expectProblem(await change('PUT', '/pin', { model: 'switch' }), 'feature_disabled')
    await expectProblem(await change('PUT', '/freeze'), 'feature_disabled')
  })
})

describe('an order that learns', () => {
  it('begins with the contract’s, and stores what each answer teaches', async () => {
    const { ask, background, report } = rotated()
    const { decision, degraded } = await ask({ message: 'hello' })
    expect(decision).toMatchObject({
      ...{ reason: 'contract', order: ['switch', 'deepseek_r1'], would_order: null, answered_by: 'switch' },
    })
    expect(degraded).toBe(false)
    await background()
    const { models } = await report()
    expect(models).toMatchObject([
      { model: 'switch', position: 1, asked: 1, answered: 1, below_floor: false },
      { model: 'deepseek_r1', position: 2, asked: 0, worth: null, reason: 'not asked in the last hours' },
    ])
    expect(models[0]?.worth).toBeGreaterThan(0)
  })

  it('asks first what proved better, tells so once, and calls its answer no fallback', async () => {
    const app = rotated()
    await app.learned('switch', bad)
    await app.learned('deepseek_r1', good)
    await app.services.minutely.chatRotation()
    const { decision, degraded, provider, warnings } = await app.ask({ message: 'hello' })
    expect({ degraded, provider, warnings }).toEqual({ degraded: false, provider: 'deepseek-r1', warnings: [] })
    expect(decision).toMatchObject({ reason: 'learned', order: ['deepseek_r1', 'switch'], answered_by: 'deepseek_r1' })
    expect(decision?.why).toMatch(/^deepseek_r1 passed switch: worth 0\.\d\d over 0\.\d\d, success \d+ % over \d+ %$/)
    await app.services.minutely.chatRotation()
    const told = app.announced.filter(({ type }) => type === 'gateway.chat.order_changed')
    expect(told).toHaveLength(1)
    expect(told[0]).toMatchObject({
      payload: { order: ['deepseek_r1', 'switch'], before: ['switch', 'deepseek_r1'], dry_run: false },
    })
    const metrics = await (await app.authorized('/metrics')).text()
    expect(metrics).toContain('vx11_chat_model_position{model="deepseek_r1"} 1')
    expect(metrics).toContain('vx11_chat_decisions_total{model="deepseek_r1",reason="learned"} 1')
    expect(metrics).toContain('vx11_chat_order_changes_total 1')
  })

  it('survives a restart, and adds up what several instances learned', async () => {
    const [one, other] = [rotated(), rotated()]
    for (const app of [one, other]) {
      await app.ask({ message: 'hello' })
      await app.background()
    }
    const again = rotated()
    expect((await again.report()).models[0]).toMatchObject({ model: 'switch', asked: 2, answered: 2 })
    await other.learned('switch', bad)
    await other.learned('deepseek_r1', good)
    await other.clock.advance(31_000)
    await other.services.minutely.chatRotation()
    expect((await rotated().report()).order).toEqual(['deepseek_r1', 'switch'])
  })

  it('lends a message to another model within its budget, and says so', async () => {
    const { ask } = rotated({ random: lendsAll(), env: { VX11_CHAT_EXPLORE_PCT: '5' } })
    const { decision, provider } = await ask({ message: 'hello' })
    // The first draw lends it, the second would take a model below the floor, and there is none.
    expect({ reason: decision?.reason, provider }).toEqual({ reason: 'contract', provider: 'switch' })
    let draws = 0
    const lends = rotated({ random: { ...lendsNone(), fraction: () => (draws++ % 2 === 0 ? 0 : 0.5) } })
    const lent = await lends.ask({ message: 'hello' })
    expect(lent).toMatchObject({
      provider: 'deepseek-r1',
      degraded: false,
      decision: { reason: 'explored', order: ['deepseek_r1', 'switch'] },
    })
    const alone = await lends.ask({ message: 'hello', disable_fallbacks: true })
    expect(alone.provider).toBe('switch')
  })

  it('keeps madre and its own answer behind every model', async () => {
    const app = rotated({ switch: '500', deepseek: '500', madre: 'up' })
    await app.learned('switch', bad)
    await app.services.minutely.chatRotation()
    const { provider, warnings, decision } = await app.ask({ message: 'hello' })
    expect(provider).toBe('madre')
    expect(warnings).toHaveLength(2)
    expect(decision).toMatchObject({ answered_by: null })
  })

  it('goes on with what it knows while the database does not answer', async () => {
    const app = chatApp({ switch: 'up', env: { VX11_CHAT_ROTATION: 'on' } })
    expect(await app.ask({ message: 'hello' })).toMatchObject({ provider: 'switch', decision: { reason: 'contract' } })
    await app.background()
    const { models } = v.parse(RotationReport, await (await app.authorized(route)).json())
    expect(models[0]).toMatchObject({ model: 'switch', answered: 1 })
  })

  it('only says what it would do in a dry run', async () => {
    const app = rotated({ mode: 'dry-run', random: lendsAll() })
    await app.learned('switch', bad)
    await app.learned('deepseek_r1', good)
    await app.services.minutely.chatRotation()
    const { decision, provider } = await app.ask({ message: 'hello' })
    expect(provider).toBe('switch')
    expect(decision).toMatchObject({
      ...{ reason: 'dry_run', order: ['switch', 'deepseek_r1'], would_order: ['deepseek_r1', 'switch'] },
    })
    expect(app.announced.find(({ type }) => type === 'gateway.chat.order_changed')).toMatchObject({
      payload: { dry_run: true },
      summary: expect.stringContaining('would ask'),
    })
  })
})

describe('an operator', () => {
  it('pins a model for all instances, until it is unpinned', async () => {
    const app = rotated()
    const { order, pinned, models } = await app.report(app.change('PUT', '/pin', { model: 'deepseek_r1' }))
    expect({ order, pinned }).toMatchObject({
      order: ['deepseek_r1', 'switch'],
      pinned: { model: 'deepseek_r1', by: 'link' },
    })
    expect(models[0]?.reason).toBe('pinned by link')
    expect(await rotated({ random: lendsAll() }).ask({ message: 'hello' })).toMatchObject({
      ...{ provider: 'deepseek-r1', decision: { reason: 'pinned', why: 'pinned by link' } },
    })
    expect(await app.report(app.change('DELETE', '/pin'))).toMatchObject({
      order: ['switch', 'deepseek_r1'],
      pinned: null,
    })
  })

  it('freezes the order, while figures are still learned', async () => {
    const app = rotated()
    expect((await app.report(app.change('PUT', '/freeze'))).frozen).toMatchObject({ by: 'link' })
    await app.learned('switch', bad)
    await app.learned('deepseek_r1', good)
    await app.services.minutely.chatRotation()
    expect(await app.report()).toMatchObject({
      order: ['switch', 'deepseek_r1'],
      models: [{ asked: 40 }, { asked: 40 }],
    })
    await app.report(app.change('DELETE', '/freeze'))
    await app.services.minutely.chatRotation()
    expect((await app.report()).order).toEqual(['deepseek_r1', 'switch'])
  })

  it('reads with scope operator and decides with scope admin; each decision is audited', async () => {
    const app = rotated()
    expect((await app.report(app.request(route, asOperator))).mode).toBe('on')
    await expectProblem(await app.request(`${route}/freeze`, { method: 'PUT', ...asOperator }), 'forbidden')
    await app.change('PUT', '/pin', { model: 'switch' })
    await app.background()
    const recorded = await app.authorized('/operator/api/audit/acts?act=chat')
    expect(((await recorded.json()) as { acts: unknown[] }).acts).toMatchObject([
      { act: 'chat.pin', target: 'switch', outcome: 'done', principal: 'link', after: { pinned: 'switch' } },
      { act: 'chat.freeze', outcome: 'refused', error: 'forbidden', principal: 'operator' },
    ])
  })

  it.each([
    [{ model: 'nobody' }, 'chat_model_not_found'],
    [{ model: 'madre' }, 'chat_model_not_found'],
    [{ model: '' }, 'validation_error'],
    [{ model: 7 }, 'validation_error'],
    [{}, 'validation_error'],
  ] as const)('is refused a pin of %j', async (body, code) => {
    const app = rotated()
    await expectProblem(await app.change('PUT', '/pin', body), code)
    expect((await app.report()).pinned).toBeNull()
  })

  it('judges an answer with a thumb, which counts once and can be changed', async () => {
    const app = rotated()
    const { message_id } = await app.ask({ message: 'hello' })
    const thumb = async (value: unknown, id = message_id, init = {}) =>
      app.authorized(`/operator/api/chat/messages/${id}/thumb`, {
        ...{ method: 'PUT', body: JSON.stringify({ thumb: value }), ...init },
      })
    for (const value of ['down', 'down', 'up']) {
      const kept = await thumb(value)
      expect(await kept.json()).toMatchObject({ message_id, thumb: value, counts_for: 'switch' })
      await app.background()
    }
    expect((await app.report()).models[0]).toMatchObject({ thumbs_up: 1, thumbs_down: 0 })
    const stored = await (await app.authorized(`/operator/api/chat/messages/${message_id}`)).json()
    expect(stored).toMatchObject({ thumb: 'up', provider: 'switch' })
    await thumb(null)
    expect((await app.report()).models[0]).toMatchObject({ thumbs_up: 0, thumbs_down: 0 })
    await expectProblem(await thumb('sideways'), 'validation_error')
    await expectProblem(await thumb('up', 'msg_00000000'), 'message_not_found')
    await expectProblem(await thumb('up', message_id, asOperator), 'message_not_found')
  })

  it('puts a model that gets thumbs down behind the others', async () => {
    const app = rotated()
    await app.learned('switch', { ...good, thumbs: { bad: 12 } })
    await app.services.minutely.chatRotation()
    const { order, models, changed } = await app.report()
    expect(order).toEqual(['deepseek_r1', 'switch'])
    expect(models[1]).toMatchObject({ below_floor: true, thumbs_down: 12 })
    expect(changed?.reason).toMatch(/^switch is below the floor of quality/)
  })
})

describe('several models of one endpoint', () => {
  const models = { VX11_CHAT_MODELS: '{"deepseek_r1": ["deepseek-chat", "deepseek-reasoner"]}', SWITCH_URL: '' }
  const order = ['deepseek_r1/deepseek-chat', 'deepseek_r1/deepseek-reasoner']

  it('are asked one after the other, each by its name, also with rotation off', async () => {
    const app = rotated({ mode: 'off', env: models })
    const answered = sse([
      `data: ${JSON.stringify({ model: 'deepseek-reasoner', choices: [{ delta: { content: 'yes' }, finish_reason: 'stop' }] })}\n\n`,
    ])
    const failing = { status: 500, headers: {}, body: new Uint8Array() }
    app.network.answer(`${urls.deepseek}/chat/completions`, (exchange) =>
      sentJson(exchange).model === 'deepseek-chat' ? failing : answered,
    )
    const { provider, model, warnings, degraded } = await app.ask({ message: 'hello' })
    expect({ provider, model, degraded }).toEqual({
      provider: 'deepseek-r1',
      model: 'deepseek-reasoner',
      degraded: true,
    })
    expect(warnings.at(-1)).toBe('deepseek_r1/deepseek-chat: refused (status_500)')
    const { providers } = (await (await app.authorized('/operator/api/chat/providers')).json()) as {
      providers: { name: string; kind: string }[]
    }
    expect(providers.filter(({ kind }) => kind === 'deepseek_r1').map(({ name }) => name)).toEqual(order)
  })

  it('are learned of one by one', async () => {
    const app = rotated({ env: models })
    await app.learned(order[0] ?? '', bad)
    await app.learned(order[1] ?? '', good)
    await app.services.minutely.chatRotation()
    await app.ask({ message: 'hello' })
    expect(app.sentTo('deepseek').map((exchange) => sentJson(exchange).model)).toEqual(['deepseek-reasoner'])
    expect((await app.report()).contract_order).toEqual(['switch', ...order])
  })
})
