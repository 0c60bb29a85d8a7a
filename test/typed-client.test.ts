/** `hc<AppType>()` knows the routes: what compiles here is what a TypeScript client can write (docs/http.md). */
import { hc } from 'hono/client'
import { describe, expect, it } from 'vitest'
import type { AppType } from '../src/app.ts'
import { jsonAnswer } from './support/fake-network.ts'
import { testApp, tokens } from './support/test-app.ts'

function client() {
  const gateway = testApp()
  gateway.network.answer('http://madre.test:8001/madre/power/state', jsonAnswer({ policy: 'solo_madre' }))
  const vx11 = hc<AppType>('http://gateway.test', {
    headers: { 'x-vx11-token': tokens.link },
    fetch: (input: string | URL | Request, init?: RequestInit) => gateway.app.request(input, init),
  })
  return { ...gateway, vx11 }
}

describe('the typed client', () => {
  it('reads the status', async () => {
    const { vx11 } = client()
    const response = await vx11.vx11.status.$get()
    const status = await response.json()
    // @ts-expect-error no route answers that
    expect(status.nonsense).toBeUndefined()
    expect(status.modules).toHaveProperty('madre')
  })

  it('reads the power window', async () => {
    const { vx11 } = client()
    const window = await (await vx11.operator.api.window.status.$get()).json()
    expect(window.status).toBe('none')
  })

  it('checks the names of parameters, headers and members', async () => {
    const { vx11 } = client()
    const events = vx11.operator.api.events
    const batch = vx11.events.ingest.batch
    const event = { source: 'test', type: 'test.event', payload: {} }
    expect((await events.$get({ query: { limit: '2' } })).status).toBe(200)
    // @ts-expect-error a misspelt parameter
    expect((await events.$get({ query: { limt: '2' } })).headers.get('x-vx11-ignored-parameters')).toBe('limt')
    // @ts-expect-error a misspelt member
    expect((await vx11.vx11.window.open.$post({ json: { targt: 'switch' } })).status).toBe(422)
    expect((await batch.$post({ json: [event], header: { 'Idempotency-Key': 'one' } })).status).toBe(200)
    // @ts-expect-error a misspelt header
    expect((await batch.$post({ json: [event], header: { 'Idempotence-Key': 'one' } })).status).toBe(200)
    // @ts-expect-error a list is wanted
    expect((await batch.$post({ json: event })).status).toBeGreaterThan(0)
  })

  it('does not know what does not exist', () => {
    const { vx11 } = client()
    // @ts-expect-error there is no such path
    expect(() => vx11.operator.api.window.nonsense.$get).not.toThrow()
  })
})
