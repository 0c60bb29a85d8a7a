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

  it('does not know what does not exist', () => {
    const { vx11 } = client()
    // @ts-expect-error there is no such path
    expect(() => vx11.operator.api.window.nonsense.$get).not.toThrow()
  })
})
