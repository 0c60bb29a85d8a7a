import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import type { Principal } from '../../../src/config/principal.ts'
import { identify } from '../../../src/http/guards/identify.ts'
import type { AppEnv } from '../../../src/ports/index.ts'
import { testApp } from '../../support/test-app.ts'

describe('principals from a store that answers later', () => {
  const { deps, clock } = testApp()
  const keeper: Principal = { name: 'of-a-store', scopes: ['operator'], notAfterMs: null }
  const late: Principal = { ...keeper, name: 'late', notAfterMs: clock.now() - 1 }
  const principals = {
    ofToken: async (token: string) => ({ right: keeper, late })[token],
    named: async () => undefined,
  }
  const guard = identify({ ...deps, principals })
  const app = new Hono<AppEnv>()
    .use(async (c, next) => {
      await guard(c)
      await next()
    })
    .get('*', (c) => c.text(c.get('principal')?.name ?? 'nobody'))
  const callerOf = async (token: string) =>
    (await app.request('/operator/status', { headers: { 'x-vx11-token': token } })).text()

  it('are known by their tokens, until their end', async () => {
    expect(await callerOf('right')).toBe('of-a-store')
    expect(await callerOf('wrong')).toBe('nobody')
    expect(await callerOf('late')).toBe('nobody')
  })
})
