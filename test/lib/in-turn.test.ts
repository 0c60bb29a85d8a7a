import { describe, expect, it } from 'vitest'
import { inTurn } from '../../src/lib/in-turn.ts'

const settled = () => new Promise((resolve) => setTimeout(resolve, 0))

describe('work in turn', () => {
  it('runs as many at once as it may, and the others in the order in which they came', async () => {
    const run = inTurn(2)
    const started: number[] = []
    const ends: (() => void)[] = []
    const all = [0, 1, 2, 3].map((n) =>
      run(async () => {
        started.push(n)
        await new Promise<void>((resolve) => ends.push(resolve))
        return n
      }),
    )
    await settled()
    expect(started).toEqual([0, 1])
    ends[1]?.()
    await settled()
    expect(started).toEqual([0, 1, 2])
    ends[0]?.()
    await settled()
    for (const end of ends) end()
    expect(await Promise.all(all)).toEqual([0, 1, 2, 3])
    expect(started).toEqual([0, 1, 2, 3])
  })

  it('hands the place on when work fails', async () => {
    const run = inTurn(1)
    const failing = run(() => Promise.reject(new Error('x')))
    const next = run(async () => 'next')
    await expect(failing).rejects.toThrow('x')
    expect(await next).toBe('next')
    expect(await run(async () => 'later')).toBe('later')
  })

  it('makes nobody wait without a limit', async () => {
    const run = inTurn(Number.POSITIVE_INFINITY)
    const endless = Array.from({ length: 50 }, () => run(() => new Promise<void>(() => {})))
    expect(endless).toHaveLength(50)
    expect(await run(async () => 1)).toBe(1)
  })
})
