/** Reads that change seldom are 304 for whoever has them, and no longer once they changed. */
import { describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { cliProviders } from '../../src/db/schema/hermes.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { testApp } from '../support/test-app.ts'

const database = testDatabase()

function vx11() {
  const gateway = testApp({ deps: { database: database() } })
  gateway.network.answer(
    'http://shub.test:8007/openapi.json',
    jsonAnswer({ openapi: '3.1.0', info: { title: 'shub' } }),
  )
  return gateway
}

describe.each(['/operator/api/rails', '/operator/api/rails/lanes', '/vx11/hermes/catalog', '/shub/openapi.json'])(
  'GET %s',
  (path) => {
    it('is 304 for whoever has it', async () => {
      const gateway = vx11()
      const first = await gateway.authorized(path)
      const etag = first.headers.get('etag') ?? ''
      expect([first.status, etag]).toEqual([200, expect.stringMatching(/^W\/"[0-9a-f]{32}"$/)])
      expect(first.headers.get('cache-control')).toContain('no-cache')
      const again = await gateway.authorized(path, { headers: { 'if-none-match': `"other", ${etag}` } })
      expect([again.status, again.headers.get('etag'), await again.text()]).toEqual([304, etag, ''])
      expect(again.headers.get('x-correlation-id')).not.toBe(first.headers.get('x-correlation-id'))
      expect((await gateway.authorized(path, { headers: { 'if-none-match': 'W/"other"' } })).status).toBe(200)
    })
  },
)

it('is whole again after a change, and carries no ETag as an error', async () => {
  const gateway = vx11()
  const path = '/vx11/hermes/catalog'
  const headers = { 'if-none-match': (await gateway.authorized(path)).headers.get('etag') ?? '' }
  expect((await gateway.authorized(path, { headers })).status).toBe(304)
  await database().open().insert(cliProviders).values({ name: 'new-provider', apiKeyEnv: 'KEY' })
  const changed = await gateway.authorized(path, { headers })
  expect([changed.status, await changed.json()]).toMatchObject([200, { cli_providers: [{ name: 'new-provider' }] }])
  expect((await gateway.authorized('/operator/api/rails?limit=x')).headers.get('etag')).toBeNull()
})
