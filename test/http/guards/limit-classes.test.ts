/** A limit class that is configured and spent by no request limits nothing. */
import { expect, it } from 'vitest'
import { memoryLimiter } from '../../../src/adapters/memory/limiter.ts'
import { chatApp } from '../../support/chat-app.ts'
import { fakeClock } from '../../support/fake-clock.ts'

it('every limit class is spent by some request', async () => {
  const limiter = memoryLimiter(fakeClock())
  const spent = new Set<string>()
  const take: typeof limiter.take = (key, rule) => {
    spent.add(rule.name)
    return limiter.take(key, rule)
  }
  const { authorized, deps, request } = chatApp({ deps: { limiter: { ...limiter, take } } })
  await request('/operator/capabilities')
  await request('/vx11/status')
  await authorized('/operator/capabilities')
  await authorized('/shub/status')
  await authorized('/operator/chat', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message: 'hello', session_id: 's' }),
  })
  expect([...spent].toSorted()).toEqual(Object.keys(deps.config.rateLimit.perMinute).toSorted())
})
