/** A body that has no meaning is refused on every route, not on proxied ones alone. */
import { expect, it } from 'vitest'
import { expectProblem } from '../../support/expect-problem.ts'
import { testApp } from '../../support/test-app.ts'

it.each(['/health', '/vx11/status', '/operator/api/whoami', '/shub/x'])('GET %s has none', async (path) => {
  const gateway = testApp()
  for (const header of ['content-length', 'transfer-encoding']) {
    const headers = { [header]: header === 'content-length' ? '5' : 'chunked' }
    await expectProblem(await gateway.authorized(path, { headers }), 'body_not_allowed')
  }
  const empty = await gateway.authorized(path, { headers: { 'content-length': '0' } })
  expect(empty.status).not.toBe(400)
})
