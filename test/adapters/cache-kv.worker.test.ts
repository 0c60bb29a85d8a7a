import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { kvCache } from '../../src/adapters/kv/cache.ts'
import { cacheContract } from '../support/contracts/cache.ts'
import { fakeClock } from '../support/fake-clock.ts'

declare global {
  namespace Cloudflare {
    interface Env {
      CACHE: KVNamespace
    }
  }
}

const clock = fakeClock()
const errors: unknown[] = []
const cache = kvCache(env.CACHE, clock, (error) => errors.push(error))

cacheContract('kv', () => ({ cache, clock, errors }), { propertyRuns: 100 })

it('asks KV for its shortest life when the entry wants a shorter one', async () => {
  await cache.write('brief', 'value', 1_000)
  const { keys } = await env.CACHE.list({ prefix: 'vx11:cache:brief' })
  const secondsLeft = (keys[0]?.expiration ?? 0) - Date.now() / 1000
  expect(secondsLeft).toBeGreaterThan(50)
  expect(secondsLeft).toBeLessThanOrEqual(61)
})

it('takes what somebody else stored for a miss', async () => {
  await env.CACHE.put('vx11:cache:strange', 'garbage')
  expect(await cache.read('strange')).toBeNull()
  expect(errors).toEqual([])
})
