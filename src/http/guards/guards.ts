/**
 * Runs all guards as one, synchronously where they allow it: each middleware of its own would cost two promises
 * (docs/performance.md).
 */
import type { Context } from 'hono'
import type { AppEnv } from '../../ports/index.ts'

/** Throws to refuse, returns a Response to answer at once, and undefined to let the request pass. */
export type Guard = (c: Context<AppEnv>) => GuardVerdict | Promise<GuardVerdict>
// biome-ignore lint/suspicious/noConfusingVoidType: a guard that returns nothing lets the request pass
export type GuardVerdict = void | Response | undefined

export const guards = (...steps: readonly Guard[]): Guard => {
  /** Runs the steps from `index` on; returns a promise only if a step does. */
  const run = (c: Context<AppEnv>, index: number): GuardVerdict | Promise<GuardVerdict> => {
    for (let at = index; at < steps.length; at++) {
      const verdict = steps[at]?.(c)
      if (verdict instanceof Promise) return verdict.then((settled) => settled ?? run(c, at + 1))
      if (verdict) return verdict
    }
    return undefined
  }
  return (c) => run(c, 0)
}
