import { describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { keysApp, keysPath } from '../support/keys-app.ts'
import { sseReader } from '../support/sse-reader.ts'

const database = testDatabase()
const upstream = 'http://shub.test:8007/stream'

/** A body of an upstream that begins and goes on; `left` tells that nobody reads it any more. */
function endless() {
  let left = false
  let more: (() => void) | undefined
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const send = () => controller.enqueue(new TextEncoder().encode('data: x\n\n'))
      more = send
      send()
    },
    cancel() {
      left = true
    },
  })
  return { body, more: () => more?.(), left: () => left }
}

describe('what a key holds open', () => {
  async function held() {
    const app = keysApp({ database: database() })
    const made = await app.create({ scopes: ['operator', 'shub', 'admin'] })
    const source = endless()
    app.network.answer(upstream, { status: 200, headers: { 'content-type': 'text/event-stream' }, body: source.body })
    const proxied = sseReader(await app.as(made.key, '/shub/stream'))
    const events = sseReader(await app.as(made.key, '/operator/api/events/stream'))
    expect(await proxied.next()).toEqual({ data: 'x' })
    expect(await events.next()).toMatchObject({ comment: 'connected' })
    return { ...app, made, source, proxied, events }
  }

  it('ends within a second of its revocation', async () => {
    const { revoke, made, clock, source, proxied, events } = await held()
    await clock.advance(5000)
    source.more()
    expect(await proxied.next()).toEqual({ data: 'x' })
    await revoke(made.id)
    await clock.advance(1000)
    const last = async () => {
      for (let block = await events.next(); block; block = await events.next()) if (block.event) return block
      return undefined
    }
    expect(await last()).toMatchObject({ event: 'shutdown', data: expect.stringContaining('key_revoked') })
    await expect(proxied.next()).rejects.toThrow()
    expect(source.left()).toBe(true)
  })

  it('ends when the key loses a scope, its time comes, or the overlap of a reroll is over', async () => {
    const soon = 60_000
    const ends: ((app: Awaited<ReturnType<typeof held>>) => unknown)[] = [
      ({ change, made }) => change(made.id, { scopes: ['operator', 'admin'] }),
      ({ change, made, clock }) => change(made.id, { expires_at: new Date(clock.now() + soon).toISOString() }),
      ({ send, made }) => send('POST', `/${made.id}/reroll`, { overlap_seconds: soon / 1000 }),
    ]
    for (const end of ends) {
      const app = await held()
      await end(app)
      await app.clock.advance(soon + 1000)
      await expect(app.proxied.next()).rejects.toThrow()
    }
  })

  it('is let go when its reader leaves, and costs a token of the environment nothing', async () => {
    const { clock, proxied, events, source, authorized, network } = await held()
    await Promise.all([proxied.cancel(), events.cancel()])
    expect(source.left()).toBe(true)
    // The writer of events looks for late requests until then.
    await clock.advance(1000)
    expect(clock.pendingSleeps()).toBe(0)
    const { body } = endless()
    network.answer(upstream, { status: 200, headers: { 'content-type': 'text/event-stream' }, body })
    const answer = await authorized('/shub/stream')
    expect(clock.pendingSleeps()).toBe(0)
    await answer.body?.cancel()
    expect((await authorized(keysPath)).status).toBe(200)
  })
})
