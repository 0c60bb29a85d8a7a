/** Notifications of real gateways to a real receiver: none is lost and none told twice, wherever a gateway is killed. */
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Gateway, startDevWorker, startNodeGateway, startWorkerGateway } from '../support/gateways.ts'
import { secret } from '../support/webhook-gateway.ts'
import { startReceiver } from '../support/webhook-receiver.ts'

type Receiver = Awaited<ReturnType<typeof startReceiver>>

describe.each([
  ['Node', startNodeGateway],
  ['workerd', startWorkerGateway],
] as const)('notifications of a gateway on %s', (runtime, start) => {
  let gateway: Gateway
  let receiver: Receiver
  const posted: string[] = []

  beforeAll(async () => {
    receiver = await startReceiver()
    const events = ['gateway.key.created', 'spawn_success']
    const webhook = { name: 'pager', url: receiver.url, secret, events, groupSeconds: 1, timeoutSeconds: 1 }
    gateway = await start({ VX11_WEBHOOKS: JSON.stringify([webhook]), LOG_LEVEL: 'warn' })
  })
  afterAll(async () => {
    await gateway?.stop()
    receiver?.close()
  })

  /** The answer comes after the commit of its event. */
  async function post(module: string): Promise<string> {
    const body = JSON.stringify({ source: 'madre', type: 'spawn_success', payload: { module } })
    const answer = await gateway.fetch('/events/ingest', { method: 'POST', body })
    const id = String(((await answer.json()) as { event_id: string }).event_id)
    posted.push(id)
    return id
  }

  /** A process that starts looks for what is left; an isolate waits for its cron trigger or the next event. */
  async function wake(): Promise<void> {
    if (runtime === 'workerd') await post(`after-${posted.length}`)
  }

  const ids = () => receiver.received.map(({ id }) => id)
  const taken = () =>
    receiver
      .taken()
      .map(({ id }) => id)
      .toSorted()
  const allTaken = () => expect.poll(taken).toEqual(posted)

  it('arrive signed, as the published library wants them', async () => {
    const id = await post('first')
    await expect.poll(ids).toEqual([id])
    const [message] = receiver.received
    expect(new Webhook(secret).verify(message?.body ?? '', message?.headers ?? {})).toMatchObject({
      type: 'spawn_success',
      data: { subject: 'first', state: 'notice', count: 1 },
    })
    expect(() => new Webhook(secret).verify(`${message?.body} `, message?.headers ?? {})).toThrow(/signature/)
  })

  it('arrive when the gateway is killed between the event and its delivery', async () => {
    const id = await post('killed-before')
    await gateway.restart('SIGKILL')
    await wake()
    await allTaken()
    expect(ids()).toContain(id)
  })

  it('arrive as the same message when it is killed in the middle of a delivery', async () => {
    receiver.answer(null)
    const id = await post('killed-within')
    await expect.poll(ids).toContain(id)
    await gateway.restart('SIGKILL')
    receiver.answer(204)
    await wake()
    await allTaken()
    const tries = receiver.received.filter((message) => message.id === id)
    expect(new Set(tries.map(({ body }) => body)).size).toBe(1)
  })

  it('are taken once each, and the position stands behind them', async () => {
    const shown = async () => {
      const { webhooks } = (await (await gateway.fetch('/operator/api/webhooks')).json()) as { webhooks: object[] }
      return webhooks[0]
    }
    const all = { state: 'ok', delivered: posted.length, backlog: { messages: 0 }, given_up: 0 }
    await expect.poll(shown).toMatchObject(all)
    expect(taken()).toEqual(posted)
  })

  it('can be tried, and a failure says why', async () => {
    const test = () => gateway.fetch('/operator/api/webhooks/pager/test', { method: 'POST' })
    expect(await (await test()).json()).toMatchObject({ status: 'delivered', http_status: 204 })
    receiver.answer(500)
    expect(await (await test()).json()).toMatchObject({
      error: 'webhook_not_delivered',
      detail: expect.stringContaining('status_500'),
    })
    receiver.close()
    const away = await test()
    expect(away.status).toBe(502)
  })
})

describe('notifications of an isolate that ended', () => {
  it('are delivered by the cron trigger, without another event, once each', async () => {
    const receiver = await startReceiver()
    receiver.answer(null)
    const webhook = { name: 'pager', url: receiver.url, secret, events: ['spawn_success'], timeoutSeconds: 1 }
    const env = { VX11_WEBHOOKS: JSON.stringify([webhook]), VX11_CRON_ENABLED: 'true', LOG_LEVEL: 'warn' }
    const gateway = await startDevWorker(env)
    const cron = async () => expect(await (await gateway.fetch('/cdn-cgi/local/scheduled')).text()).toBe('ok')
    try {
      // A destination without a position begins with what comes after its first turn.
      await cron()
      const posted: string[] = []
      for (const module of ['one', 'two']) {
        const body = JSON.stringify({ source: 'madre', type: 'spawn_success', payload: { module } })
        const answer = await gateway.fetch('/events/ingest', { method: 'POST', body })
        posted.push(((await answer.json()) as { event_id: string }).event_id)
      }
      await gateway.restart('SIGKILL')
      receiver.answer(204)
      const takenAfterCron = async () => {
        await cron()
        return receiver
          .taken()
          .map(({ id }) => id)
          .toSorted()
      }
      await expect.poll(takenAfterCron, { timeout: 60_000, interval: 1000 }).toEqual(posted.toSorted())
      expect(await takenAfterCron()).toEqual(posted.toSorted())
      for (const { body, headers } of receiver.taken())
        expect(new Webhook(secret).verify(body, headers)).toMatchObject({ type: 'spawn_success' })
    } finally {
      await gateway.stop()
      receiver.close()
    }
  })
})
