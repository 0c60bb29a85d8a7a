import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { closeRedis, redisConnection } from '../../src/adapters/redis/connection.ts'
import { limitScript, redisLimiter, redisLimitKey } from '../../src/adapters/redis/limiter.ts'
import { decide } from '../../src/lib/gcra.ts'
import type { Limiter, LimitRule } from '../../src/ports/index.ts'
import { limiterContract } from '../support/contracts/limiter.ts'
import { startRedis } from '../support/redis.ts'

const server = await startRedis()

describe.skipIf(!server)('redisLimiter', () => {
  const connect = () => redisConnection(server?.url ?? '', () => {}, 30_000)
  let client: ReturnType<typeof connect>
  let limiter: Limiter

  beforeAll(async () => {
    client = connect()
    await new Promise((ready) => client.once('ready', ready))
    limiter = redisLimiter(client)
  })

  afterAll(async () => {
    await closeRedis(client)
    await server?.stop()
  })

  /** The server keeps its own time, so the key's timestamp is moved back instead. */
  async function advance(key: string, rule: LimitRule, ms: number): Promise<void> {
    const stored = redisLimitKey(key, rule.name)
    const tat = Number(await client.get(stored))
    await client.set(stored, tat - ms * 1000, 'KEEPTTL')
  }

  limiterContract('redis', () => ({ limiter, advance, driftMs: 30_000 }))

  const rule: LimitRule = { name: 'shared', limit: 100, windowMs: 3_600_000 }

  it('shares one count between connections', async () => {
    const other = connect()
    await new Promise((ready) => other.once('ready', ready))
    const limiters = [limiter, redisLimiter(other)]
    const verdicts = await Promise.all(
      Array.from({ length: 150 }, (_, index) => limiters[index % 2]?.take('two connections', rule)),
    )
    expect(verdicts.filter((verdict) => verdict?.allowed)).toHaveLength(100)
    await closeRedis(other)
  })

  it('leaves no key behind for longer than its allowance takes to come back', async () => {
    await limiter.take('fleeting', { ...rule, limit: 2 })
    const ttl = await client.pttl(redisLimitKey('fleeting', rule.name))
    expect(ttl).toBeGreaterThan(1_700_000)
    expect(ttl).toBeLessThanOrEqual(1_800_000)
    await limiter.peek('only looked at', rule)
    expect(await client.exists(redisLimitKey('only looked at', rule.name))).toBe(0)
    const instant: LimitRule = { name: 'instant', limit: 100, windowMs: 100 }
    await limiter.take('gone', instant)
    await expect.poll(() => client.exists(redisLimitKey('gone', instant.name))).toBe(0)
  })

  it('answers when the server has forgotten the script', async () => {
    await limiter.take('script', rule)
    await client.script('FLUSH')
    expect(await limiter.take('script', rule)).toMatchObject({ allowed: true, remaining: 98 })
  })

  it.each(['garbage', '', 'nan', '-1', '0'])('takes a stored %j for an untouched key', async (stored) => {
    await client.set(redisLimitKey('odd', rule.name), stored)
    expect(await limiter.take('odd', rule)).toMatchObject({ allowed: true, remaining: 99 })
  })

  it('rejects when something else lies under its key', async () => {
    await client.lpush(redisLimitKey('a list', rule.name), 'x')
    await expect(limiter.take('a list', rule)).rejects.toThrow(/WRONGTYPE/)
  })

  /** The script as it is, but at a moment that the test chooses, and with keys that the server's own clock leaves alone. */
  const scriptAtMoment = limitScript
    .replace("redis.call('TIME')", '{ ARGV[4], ARGV[5] }')
    .replace(", 'PX', math.ceil(owed / 1000)", '')

  it('decides in Lua exactly what lib/gcra.ts decides', async () => {
    expect(scriptAtMoment).toContain('ARGV[5]')
    expect(scriptAtMoment).not.toContain("'PX'")
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          limit: fc.integer({ min: 1, max: 100_000 }),
          windowMs: fc.integer({ min: 100, max: 31 * 86_400_000 }),
        }),
        fc.integer({ min: 1_500_000_000_000, max: 4_000_000_000_000 }),
        fc.option(fc.integer({ min: -100_000, max: 100_000_000 }), { nil: undefined }),
        fc.array(
          fc.record({ pauseMs: fc.integer({ min: -500, max: 5_000 }), cost: fc.constantFrom(0 as const, 1 as const) }),
          {
            minLength: 1,
            maxLength: 20,
          },
        ),
        async (rate, start, ahead, steps) => {
          const key = 'vx11:limit:equality'
          let tat = ahead === undefined ? undefined : (start + ahead) * 1000
          await (tat === undefined ? client.del(key) : client.set(key, tat))
          let now = start
          for (const { pauseMs, cost } of steps) {
            now += pauseMs
            const seconds = Math.floor(now / 1000)
            const micros = (now - seconds * 1000) * 1000
            const answer = await client.eval(scriptAtMoment, 1, key, rate.limit, rate.windowMs, cost, seconds, micros)
            const expected = decide(tat, rate, now, cost)
            const { allowed, remaining, retryAfterMs, resetMs } = expected
            expect(answer).toEqual([Number(allowed), remaining, retryAfterMs, resetMs])
            if (allowed && cost === 1) {
              tat = expected.tat
              expect(await client.get(key)).toBe(String(tat))
            }
          }
        },
      ),
      { numRuns: 300 },
    )
  })
})
